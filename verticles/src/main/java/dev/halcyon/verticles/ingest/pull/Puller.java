package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.stream.StreamSource;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.fetch.Cancellation;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.PublishGate;
import dev.halcyon.verticles.ingest.PublishRequest;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls one stream on a thread of its own: connects, publishes what comes, and connects again when
 * it breaks, later each time, until it is stopped or the source has ended in order.
 */
final class Puller implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Puller.class);

  /** What has run for as long is connected to again at once. */
  private static final long STEADY_NS = TimeUnit.SECONDS.toNanos(30);

  private static final long ADMISSION_S = 20;

  private final PulledStream stream;
  private final PullInputs inputs;
  private final PullOptions options;
  private final PublishGate gate;
  private final PullListener listener;
  private final Clock clock;
  private final RandomGenerator random;
  private final Cancellation stopped = new Cancellation();

  /** Of the connection that is open now: another publisher may end it, and it is tried again. */
  private volatile Cancellation attempt = new Cancellation();

  /** The thread's own; absent between two connections. */
  private Optional<Publication> publication = Optional.empty();

  private int failures;

  Puller(
      PulledStream stream,
      PullInputs inputs,
      PullOptions options,
      PublishGate gate,
      PullListener listener,
      Clock clock,
      RandomGenerator random) {
    this.stream = stream;
    this.inputs = inputs;
    this.options = options;
    this.gate = gate;
    this.listener = listener;
    this.clock = clock;
    this.random = random;
  }

  /** Ends it as soon as it can; any thread. */
  void stop() {
    stopped.cancel();
    attempt.cancel();
  }

  @Override
  public void run() {
    boolean goesOn = true;
    while (goesOn && !stopped.isCancelled()) {
      long startNs = clock.nanoTime();
      listener.onConnecting(stream.id());
      try {
        pull();
        close(Publication.UNPUBLISHED);
        listener.onEnded(stream.id());
        goesOn = false;
      } catch (HalcyonException failure) {
        goesOn = onFailure(failure, startNs);
      } catch (RuntimeException unforeseen) {
        log.error("pull failed [stream={}]", stream.id(), unforeseen);
        goesOn =
            onFailure(
                new HalcyonException(ErrorCode.INTERNAL, "something unforeseen", unforeseen),
                startNs);
      }
    }
  }

  private void pull() {
    Cancellation current = new Cancellation();
    attempt = current;
    stopped.requireNotCancelled(); // What has stopped before may not have seen this one.
    ArrivalClock arrivals = new ArrivalClock(clock);
    boolean isPaced = stream.source().pace() == StreamSource.Pace.REAL_TIME;
    RunCopier copier = new RunCopier(arrivals, clock, isPaced, current, () -> published(arrivals));
    try (PullInput input = inputs.open(stream.source().url(), current, this::alert)) {
      Optional<PullRun> run = input.next();
      while (run.isPresent()) {
        copier.copy(run.get());
        run = input.next();
      }
    }
    current.requireNotCancelled();
  }

  /** The stream's owner hears of it once there is a session. */
  private void alert(String code, String message) {
    log.info("pull [stream={}, code={}]: {}", stream.id(), code, message);
    publication.ifPresent(open -> open.onAlert(code, message));
  }

  private Publication published(ArrivalClock arrivals) {
    if (publication.isEmpty()) {
      publication = Optional.of(admitted(arrivals));
    }
    return publication.get();
  }

  private Publication admitted(ArrivalClock arrivals) {
    Cancellation current = attempt;
    Future<Publication> opening =
        gate.open(
            new PublishRequest(
                "pull", stream.streamKey(), host(), current::cancel, Optional.of(arrivals)));
    try {
      return opening.await(ADMISSION_S, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      opening.onSuccess(opened -> opened.close("nobody waited for it"));
      throw new HalcyonException(ErrorCode.OVERLOADED, "the stream was not admitted in time", late);
    }
  }

  private String host() {
    try {
      return String.valueOf(URI.create(stream.source().url()).getHost());
    } catch (IllegalArgumentException malformed) {
      return "?";
    }
  }

  /** Whether to try again, which then is the time for. */
  private boolean onFailure(HalcyonException failure, long startNs) {
    boolean isStopped = stopped.isCancelled();
    boolean wasSteady = publication.isPresent() && clock.nanoTime() - startNs > STEADY_NS;
    boolean isReplaced = failure.code() == ErrorCode.CANCELLED;
    String why = isReplaced ? "disconnected" : String.valueOf(failure.getMessage());
    close(isStopped ? Publication.UNPUBLISHED : why);
    if (isStopped) {
      return false;
    }
    listener.onFailed(stream.id(), why);
    if (isFinal(failure.code())) {
      log.warn("pull given up [stream={}]: {}", stream.id(), why);
      return false;
    }
    failures = wasSteady ? 0 : failures + 1;
    Duration wait = backOff();
    log.info("pull tries again [stream={}, inMs={}]: {}", stream.id(), wait.toMillis(), why);
    try {
      stopped.await(wait);
      return true;
    } catch (HalcyonException ended) {
      return false;
    }
  }

  /** What would be the same however often it is tried. */
  private static boolean isFinal(ErrorCode code) {
    return switch (code) {
      case SOURCE_REFUSED, BAD_REQUEST, UNSUPPORTED_MEDIA, UNKNOWN_STREAM_KEY, STREAM_PAUSED ->
          true;
      default -> false;
    };
  }

  private Duration backOff() {
    int doublings = Math.clamp(failures - 1, 0, 16);
    Duration full = options.firstRetry().multipliedBy(1L << doublings);
    Duration bounded = full.compareTo(options.longestRetry()) < 0 ? full : options.longestRetry();
    return bounded.plusMillis((long) (bounded.toMillis() * random.nextDouble() / 2));
  }

  private void close(String reason) {
    Optional<Publication> ended = publication;
    publication = Optional.empty();
    ended.ifPresent(open -> open.close(reason));
  }
}
