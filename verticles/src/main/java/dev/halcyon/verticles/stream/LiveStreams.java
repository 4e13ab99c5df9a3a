package dev.halcyon.verticles.stream;

import dev.halcyon.core.clip.HeldEpoch;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.event.StreamEvent;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.stream.StreamCommand;
import dev.halcyon.core.stream.StreamHealth;
import dev.halcyon.core.stream.StreamSettings;
import dev.halcyon.core.stream.StreamStatus;
import dev.halcyon.core.time.Clock;
import dev.halcyon.ring.RingStats;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.pull.PullListener;
import dev.halcyon.verticles.store.StreamRow;
import dev.halcyon.verticles.store.StreamStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that this node holds: opens their rings, acts on commands, keeps each stream's state
 * in the store and on the bus. Any thread; rings are opened and deleted on worker threads.
 */
public final class LiveStreams implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LiveStreams.class);

  private final Vertx vertx;
  private final Bus bus;
  private final StreamStore store;
  private final StreamStates states;
  private final Rings rings;
  private final StreamWatch watch;
  private final StreamArchive archive;
  private final Clock clock;
  private final Map<UUID, Future<LiveStream>> opened = new ConcurrentHashMap<>();
  private final Set<UUID> paused = ConcurrentHashMap.newKeySet();
  private final ShrunkRings shrunk;
  private final LiveStream.SessionObserver observer = new Observer();
  private volatile Function<UUID, Future<Void>> beforeClose = id -> Future.succeededFuture();
  private volatile boolean isClosing;

  /**
   * @param watch what looks at each stream's media
   * @param archive what keeps it beyond the rings
   */
  public LiveStreams(
      Vertx vertx,
      StreamStore store,
      Rings rings,
      StreamWatch watch,
      StreamArchive archive,
      Clock clock) {
    this.vertx = vertx;
    this.bus = Bus.of(vertx);
    this.store = store;
    this.states = new StreamStates(store);
    this.rings = rings;
    this.shrunk = new ShrunkRings(vertx, rings);
    this.watch = watch;
    this.archive = archive;
    this.clock = clock;
  }

  /** What a deleted stream's ring waits for before it is closed: the last clips of it. */
  public void beforeClose(Function<UUID, Future<Void>> wait) {
    beforeClose = wait;
  }

  /** Takes over what an earlier run left: room, pauses, and the rings, recovered one by one. */
  public Future<Void> adopt(List<StreamRow> rows) {
    for (StreamRow row : rows) {
      if (row.status() == StreamStatus.STOPPED) {
        paused.add(row.id());
      }
    }
    return blocking(() -> rings.adopt(rows)).onSuccess(adopted -> recover(rows));
  }

  private void recover(List<StreamRow> rows) {
    Future<?> last = Future.succeededFuture();
    for (StreamRow row : rows) {
      if (rings.exists(row.id())) {
        last = last.transform(done -> opened(row).onFailure(failure -> logUnopened(row, failure)));
      }
    }
  }

  private static void logUnopened(StreamRow row, Throwable failure) {
    log.error("ring not opened [stream={}]", row.id(), failure);
  }

  /**
   * The stream with its ring open. STREAM_NOT_FOUND when there is no such stream, RANGE_NOT_HELD
   * when nothing was ever published to it. One whose ring was lost but not its recording gets a new
   * one.
   */
  public Future<LiveStream> find(UUID streamId) {
    Future<LiveStream> known = opened.get(streamId);
    if (known != null) {
      return known;
    }
    return row(streamId)
        .compose(
            row ->
                vertx
                    .executeBlocking(
                        () -> rings.exists(streamId) || newestKept(row).isPresent(), false)
                    .compose(
                        isHeld ->
                            isHeld
                                ? opened(row)
                                : Future.failedFuture(
                                    new HalcyonException(
                                        ErrorCode.RANGE_NOT_HELD,
                                        "the stream holds no media yet"))));
  }

  private Future<StreamRow> row(UUID streamId) {
    return store
        .any(streamId)
        .map(
            row ->
                row.orElseThrow(
                    () ->
                        new HalcyonException(ErrorCode.STREAM_NOT_FOUND, "no stream " + streamId)));
  }

  /** The streams whose ring is open now. */
  public List<LiveStream> held() {
    return opened.values().stream().filter(Future::succeeded).map(Future::result).toList();
  }

  /** The stream of a row with its ring opened, or made. */
  Future<LiveStream> opened(StreamRow row) {
    return opened.computeIfAbsent(
        row.id(),
        id ->
            vertx.executeBlocking(() -> open(row), false).onFailure(failure -> opened.remove(id)));
  }

  private LiveStream open(StreamRow row) {
    LiveStream stream =
        new LiveStream(
            row.workspaceId(),
            row.id(),
            row.settings(),
            rings.open(row.id(), row.settings().ring()),
            newestKept(row),
            observer);
    try {
      archive.opened(stream);
    } catch (RuntimeException failure) {
      log.error("not recorded [stream={}]", row.id(), failure);
    }
    return stream;
  }

  /** A recording that cannot be read is no reason to refuse a publisher. */
  private Optional<HeldEpoch> newestKept(StreamRow row) {
    try {
      return archive.newest(row.workspaceId(), row.id());
    } catch (RuntimeException failure) {
      log.error("recording not read [stream={}]", row.id(), failure);
      return Optional.empty();
    }
  }

  /** What tells the states of streams that are pulled, from before there is a publisher. */
  public PullListener pulls() {
    return new PullStates(states);
  }

  boolean admits(LiveStream stream) {
    return !isClosing && !paused.contains(stream.id()) && opened.containsKey(stream.id());
  }

  void onAdmitted(LiveStream stream) {
    states.set(stream.id(), StreamStatus.CONNECTING, Optional.empty());
  }

  /** Acts on a command; see {@link StreamCommand} for its failures. */
  public Future<Void> execute(StreamCommand command) {
    return switch (command) {
      case StreamCommand.Reserve(UUID workspaceId, UUID id, StreamSettings settings) ->
          blocking(() -> rings.reserve(id, settings.ring()));
      case StreamCommand.Pull pull -> Future.succeededFuture();
      case StreamCommand.Release(UUID id) -> {
        rings.release(id);
        yield Future.succeededFuture();
      }
      case StreamCommand.Pause(UUID id) -> {
        paused.add(id);
        hangUp(id);
        yield Future.succeededFuture();
      }
      case StreamCommand.Resume(UUID id) -> {
        paused.remove(id);
        yield Future.succeededFuture();
      }
      case StreamCommand.Reconfigure(UUID id, StreamSettings settings) -> reconfigure(id, settings);
      case StreamCommand.Delete(UUID id) -> delete(id);
    };
  }

  private Future<Void> reconfigure(UUID id, StreamSettings settings) {
    Future<LiveStream> known = opened.get(id);
    if (known == null) {
      return blocking(() -> rings.resize(id, settings.ring(), Optional.empty()));
    }
    return known.compose(
        stream -> {
          boolean isSameRing = settings.ring().equals(stream.settings().ring());
          Future<Void> resized =
              isSameRing
                  ? Future.succeededFuture()
                  : blocking(() -> rings.resize(id, settings.ring(), Optional.of(stream.ring())));
          return resized.compose(
              done -> {
                stream.settings(settings);
                return blocking(() -> archive.reconfigured(stream));
              });
        });
  }

  private Future<Void> delete(UUID id) {
    paused.add(id);
    Future<LiveStream> known = opened.getOrDefault(id, Future.failedFuture("not open"));
    return known
        .transform(
            open -> {
              if (open.failed()) {
                return Future.succeededFuture();
              }
              hangUp(id);
              return whenQuiet(open.result())
                  .compose(quiet -> beforeClose.apply(id))
                  .compose(ready -> blocking(() -> close(open.result())));
            })
        .eventually(() -> blocking(() -> rings.delete(id)))
        .eventually(() -> blocking(() -> archive.deleted(id)))
        .onComplete(
            done -> {
              paused.remove(id);
              states.forget(id);
            })
        .mapEmpty();
  }

  private void hangUp(UUID id) {
    ifOpened(id).flatMap(LiveStream::session).ifPresent(StreamSession::disconnect);
  }

  /** Waits until the publisher has left; its transport closes at once when told. */
  private Future<Void> whenQuiet(LiveStream stream) {
    if (!stream.isLive()) {
      return Future.succeededFuture();
    }
    return vertx.timer(20).compose(tick -> whenQuiet(stream));
  }

  private void close(LiveStream stream) {
    opened.remove(stream.id());
    shrunk.forget(stream.id());
    try {
      watch.stop(stream);
      archive.closing(stream);
    } finally {
      stream.ring().close();
    }
  }

  /** How the stream does now; what the store says when its ring is not open. */
  public Future<StreamHealth> health(UUID streamId) {
    return ifOpened(streamId)
        .flatMap(stream -> stream.ringHealth().map(ring -> healthOf(stream, ring)))
        .map(Future::succeededFuture)
        .orElseGet(() -> row(streamId).map(row -> StreamHealth.notHeld(row.status())));
  }

  private StreamHealth healthOf(LiveStream stream, StreamHealth.OfRing ring) {
    IngestMeter meter = stream.meter();
    long ageMs =
        meter.lastArrivalUs() == IngestMeter.NO_TIME
            ? -1
            : Math.max(0, (clock.wallUs() - meter.lastArrivalUs()) / 1000);
    return new StreamHealth(
        statusOf(stream),
        ring,
        meter.bitrateBps(),
        meter.fps(),
        ageMs,
        watch.audioLagUs(stream),
        watch.videoLagUs(stream),
        archive.health(stream));
  }

  private StreamStatus statusOf(LiveStream stream) {
    if (paused.contains(stream.id())) {
      return StreamStatus.STOPPED;
    }
    if (stream.isOpen(stream.epoch())) {
      return StreamStatus.ACTIVE;
    }
    return stream.isLive() ? StreamStatus.CONNECTING : StreamStatus.IDLE;
  }

  /** Every few seconds: notes whose media arrives, repeats lost writes, tells of shrunk rings. */
  public void heartbeat() {
    states.retry();
    for (LiveStream stream : held()) {
      if (stream.isLive()) {
        store
            .touch(stream.id())
            .onFailure(
                failure ->
                    log.warn("not touched [stream={}]: {}", stream.id(), failure.getMessage()));
      }
      stream.ringStats().ifPresent(stats -> shrunk.look(stream, stats));
    }
  }

  /** The sum of a figure over all open rings. */
  public long ringTotal(ToLongFunction<RingStats> figure) {
    return held().stream().flatMap(stream -> stream.ringStats().stream()).mapToLong(figure).sum();
  }

  /** The largest of a figure among all open rings; 0 without any. */
  public long ringMost(ToLongFunction<RingStats> figure) {
    return held().stream()
        .flatMap(stream -> stream.ringStats().stream())
        .mapToLong(figure)
        .max()
        .orElse(0);
  }

  /** How many open rings are smaller than asked because the disk was full. */
  public int shrunkRings() {
    return shrunk.count();
  }

  /** Admits no more publishers; that they leave from now on is in order. */
  public void refusePublishers() {
    isClosing = true;
  }

  /** Hangs up on every publisher; rings stay open for the last clips. */
  public Future<Void> quiesce() {
    refusePublishers();
    List<Future<Void>> leaving =
        held().stream()
            .map(
                stream -> {
                  hangUp(stream.id());
                  return whenQuiet(stream);
                })
            .toList();
    return Future.join(leaving).compose(left -> watch.settled()).mapEmpty();
  }

  /** Closes every ring. Blocking; after {@link #quiesce}. */
  @Override
  public void close() {
    held().forEach(this::close);
  }

  private Optional<LiveStream> ifOpened(UUID id) {
    Future<LiveStream> known = opened.get(id);
    return known != null && known.succeeded() ? Optional.of(known.result()) : Optional.empty();
  }

  private Future<Void> blocking(BlockingStep step) {
    return vertx.executeBlocking(
        () -> {
          step.run();
          return null;
        },
        false);
  }

  /** Work for a worker thread. */
  private interface BlockingStep {
    void run() throws Exception;
  }

  /** Turns what happens to publishers into facts on the bus and rows in the store. */
  private final class Observer implements LiveStream.SessionObserver {
    @Override
    public void onEpoch(LiveStream stream, int epoch, List<Track> tracks) {
      states.set(stream.id(), StreamStatus.ACTIVE, Optional.empty());
      bus.publish(
          Addresses.STREAM_EVENT,
          new StreamEvent.StreamStarted(
              stream.workspaceId(), stream.id(), Instant.now(), epoch, tracks));
    }

    @Override
    public void onSessionClosed(LiveStream stream, String reason) {
      watch.ended(stream);
      log.info("publisher left [stream={}, reason={}]", stream.id(), reason);
      boolean isOrderly = !wasLost(stream, reason);
      if (!paused.contains(stream.id())) {
        states.set(
            stream.id(),
            isOrderly ? StreamStatus.IDLE : StreamStatus.ERROR,
            isOrderly ? Optional.empty() : Optional.of(reason));
      }
      bus.publish(
          Addresses.STREAM_EVENT,
          new StreamEvent.StreamEnded(
              stream.workspaceId(), stream.id(), Instant.now(), stream.epoch(), reason));
    }

    @Override
    public boolean wasLost(LiveStream stream, String reason) {
      boolean isWanted = !isClosing && !paused.contains(stream.id());
      return isWanted && !reason.equals(Publication.UNPUBLISHED);
    }

    @Override
    public void onAlert(LiveStream stream, String code, String message) {
      bus.publish(
          Addresses.STREAM_EVENT,
          new StreamEvent.IngestAlert(
              stream.workspaceId(), stream.id(), Instant.now(), code, message));
    }
  }

  /** Completes so many milliseconds later. */
  Future<Void> after(long ms) {
    return vertx.timer(ms, TimeUnit.MILLISECONDS).mapEmpty();
  }
}
