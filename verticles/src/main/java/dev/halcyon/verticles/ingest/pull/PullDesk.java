package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.fetch.GuardedHttp;
import dev.halcyon.verticles.fetch.PageVideo;
import dev.halcyon.verticles.ingest.PublishGate;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that this node pulls: a thread each. Any thread; {@link #stop} and {@link #close}
 * wait for the threads to end.
 */
public final class PullDesk implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PullDesk.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(8);

  private final PullInputs inputs;
  private final PullOptions options;
  private final PublishGate gate;
  private final PullListener listener;
  private final Clock clock;
  private final Map<UUID, Running> running = new HashMap<>();
  private boolean isClosed;

  private record Running(Puller puller, Thread thread) {}

  public PullDesk(
      GuardedHttp http,
      PageVideo pages,
      PullOptions options,
      PublishGate gate,
      PullListener listener,
      Clock clock,
      MeterRegistry registry) {
    this.inputs = new PullInputs(http, pages, options);
    this.options = options;
    this.gate = Objects.requireNonNull(gate, "gate");
    this.listener = Objects.requireNonNull(listener, "listener");
    this.clock = Objects.requireNonNull(clock, "clock");
    Gauge.builder("halcyon.pull.streams", this, PullDesk::count).register(registry);
  }

  /** Begins to pull a stream; nothing when it is being pulled. Does not block. */
  public synchronized void start(PulledStream stream) {
    running.values().removeIf(each -> !each.thread().isAlive());
    if (isClosed || running.containsKey(stream.id())) {
      return;
    }
    if (running.size() >= options.maxStreams()) {
      listener.onFailed(
          stream.id(), "this node pulls no more than " + options.maxStreams() + " streams");
      return;
    }
    Puller puller =
        new Puller(stream, inputs, options, gate, listener, clock, RandomGenerator.getDefault());
    Thread thread = Thread.ofPlatform().daemon().name("pull-" + stream.id()).start(puller);
    running.put(stream.id(), new Running(puller, thread));
  }

  /** Stops to pull a stream, if it is being pulled. Blocks until its last packet is published. */
  public void stop(UUID id) {
    Running stopped;
    synchronized (this) {
      stopped = running.remove(id);
    }
    if (stopped != null) {
      stopped.puller().stop();
      join(stopped);
    }
  }

  private synchronized int count() {
    return (int) running.values().stream().filter(each -> each.thread().isAlive()).count();
  }

  @Override
  public void close() {
    Map<UUID, Running> left;
    synchronized (this) {
      isClosed = true;
      left = Map.copyOf(running);
      running.clear();
    }
    left.values().forEach(each -> each.puller().stop());
    left.values().forEach(PullDesk::join);
  }

  private static void join(Running each) {
    try {
      if (!each.thread().join(STOP_LIMIT)) {
        log.warn("a pull did not end in time [thread={}]", each.thread().getName());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
