package dev.halcyon.verticles.stream;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.event.StreamEvent;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.stream.StreamCommand;
import dev.halcyon.core.stream.StreamHealth;
import dev.halcyon.core.stream.StreamSettings;
import dev.halcyon.core.stream.StreamStatus;
import dev.halcyon.core.time.Clock;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.PublishGate;
import dev.halcyon.verticles.ingest.PublishRequest;
import dev.halcyon.verticles.ops.Metrics;
import dev.halcyon.verticles.store.StreamRow;
import dev.halcyon.verticles.store.StreamStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that this node holds: admits publishers, opens and deletes rings, keeps each stream's
 * state in the store and on the bus. Any thread; rings are opened and deleted on worker threads.
 */
public final class LiveStreams implements PublishGate, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LiveStreams.class);

  private final Vertx vertx;
  private final Bus bus;
  private final StreamStore store;
  private final RingSpace space;
  private final Path ringDir;
  private final StreamWatch watch;
  private final Metrics metrics;
  private final Clock clock;
  private final Map<UUID, Future<LiveStream>> opened = new ConcurrentHashMap<>();
  private final Set<UUID> paused = ConcurrentHashMap.newKeySet();
  private final LiveStream.SessionObserver observer = new Observer();
  private volatile boolean isClosing;

  /**
   * @param ringDir where ring files lie; created when absent
   * @param watch what looks at each stream's media
   */
  public LiveStreams(
      Vertx vertx,
      StreamStore store,
      RingSpace space,
      Path ringDir,
      StreamWatch watch,
      Metrics metrics,
      Clock clock) {
    this.vertx = vertx;
    this.bus = Bus.of(vertx);
    this.store = store;
    this.space = space;
    this.ringDir = ringDir;
    this.watch = watch;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Counts the rings that exist already and forgets files of streams that are gone. Blocking. */
  public void adopt(List<StreamRow> rows) {
    try {
      Files.createDirectories(ringDir);
      for (StreamRow row : rows) {
        if (row.status() == StreamStatus.STOPPED) {
          paused.add(row.id());
        }
        long capacityBytes = space.capacityBytes(row.settings().ring());
        space.adopt(row.id(), capacityBytes, () -> 0);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot create " + ringDir, failure);
    }
  }

  @Override
  public Future<Publication> open(PublishRequest request) {
    return store
        .byKey(request.streamKey())
        .map(
            row ->
                row.orElseThrow(
                    () ->
                        new HalcyonException(
                            ErrorCode.UNKNOWN_STREAM_KEY, "no stream has this key")))
        .compose(this::opened)
        .map(stream -> admit(stream, request));
  }

  private Publication admit(LiveStream stream, PublishRequest request) {
    if (paused.contains(stream.id()) || isClosing) {
      throw new HalcyonException(ErrorCode.STREAM_PAUSED, "the stream is paused");
    }
    StreamSession session = new StreamSession(stream, metrics, clock, request.disconnect());
    if (!stream.claim(session)) {
      throw new HalcyonException(ErrorCode.PUBLISHER_EXISTS, "the stream has a publisher already");
    }
    log.info(
        "publisher admitted [stream={}, protocol={}, remote={}]",
        stream.id(),
        request.protocol(),
        request.remoteAddress());
    remember(stream.id(), StreamStatus.CONNECTING, Optional.empty());
    watch.start(stream);
    return session;
  }

  /** The stream with its ring open; STREAM_NOT_FOUND when there is no such stream. */
  public Future<LiveStream> find(UUID streamId) {
    Future<LiveStream> known = opened.get(streamId);
    if (known != null) {
      return known;
    }
    return store
        .any(streamId)
        .map(row -> row.orElseThrow(() -> notFound(streamId)))
        .compose(this::opened);
  }

  /** The streams whose ring is open now. */
  public List<LiveStream> held() {
    return opened.values().stream().filter(Future::succeeded).map(Future::result).toList();
  }

  private Future<LiveStream> opened(StreamRow row) {
    return opened.computeIfAbsent(
        row.id(),
        id ->
            vertx
                .executeBlocking(() -> openRing(row), false)
                .onFailure(failure -> opened.remove(id)));
  }

  private LiveStream openRing(StreamRow row) {
    Path file = ringFile(row.id());
    long capacityBytes = space.capacityBytes(row.settings().ring());
    RingOptions options =
        new RingOptions(capacityBytes, row.settings().ring().capacityS() * 1_000_000L);
    Ring ring;
    if (Files.exists(file)) {
      ring = Ring.open(file, options);
      log.info("ring recovered [stream={}, report={}]", row.id(), ring.recovery());
    } else {
      space.reserve(row.id(), capacityBytes);
      ring = Ring.create(file, options);
    }
    space.adopt(row.id(), capacityBytes, () -> ring.stats().allocatedBytes());
    return new LiveStream(row.workspaceId(), row.id(), row.settings(), ring, observer);
  }

  /** Acts on a command; see {@link StreamCommand} for its failures. */
  public Future<Void> execute(StreamCommand command) {
    return switch (command) {
      case StreamCommand.Reserve reserve ->
          vertx.executeBlocking(
              () -> {
                space.reserve(reserve.streamId(), space.capacityBytes(reserve.settings().ring()));
                return null;
              },
              false);
      case StreamCommand.Release(UUID id) -> {
        space.release(id);
        yield Future.succeededFuture();
      }
      case StreamCommand.Pause(UUID id) -> pause(id);
      case StreamCommand.Resume(UUID id) -> {
        paused.remove(id);
        yield Future.succeededFuture();
      }
      case StreamCommand.Reconfigure(UUID id, StreamSettings settings) -> {
        ifOpened(id).ifPresent(stream -> stream.settings(settings));
        yield Future.succeededFuture();
      }
      case StreamCommand.Delete(UUID id) -> delete(id);
    };
  }

  private Future<Void> pause(UUID id) {
    paused.add(id);
    ifOpened(id).flatMap(LiveStream::session).ifPresent(StreamSession::disconnect);
    return Future.succeededFuture();
  }

  private Future<Void> delete(UUID id) {
    Future<LiveStream> known = opened.get(id);
    if (known == null) {
      return vertx.executeBlocking(() -> deleteFile(id), false);
    }
    return known.compose(
        stream -> {
          paused.add(id);
          stream.session().ifPresent(StreamSession::disconnect);
          return whenQuiet(stream)
              .compose(
                  quiet ->
                      vertx.executeBlocking(
                          () -> {
                            close(stream);
                            return deleteFile(id);
                          },
                          false))
              .onComplete(done -> paused.remove(id));
        });
  }

  /** Waits until the publisher has left; its transport closes at once when told. */
  private Future<Void> whenQuiet(LiveStream stream) {
    if (!stream.isLive()) {
      return Future.succeededFuture();
    }
    return vertx.timer(20).compose(tick -> whenQuiet(stream));
  }

  private Void deleteFile(UUID id) throws IOException {
    Files.deleteIfExists(ringFile(id));
    space.release(id);
    return null;
  }

  private void close(LiveStream stream) {
    opened.remove(stream.id());
    watch.stop(stream);
    stream.ring().close();
  }

  /** How the stream does now; what the store says when it is not held here. */
  public Future<StreamHealth> health(UUID streamId) {
    return find(streamId).map(this::healthOf);
  }

  private StreamHealth healthOf(LiveStream stream) {
    IngestMeter meter = stream.meter();
    var held = stream.held();
    long ageMs =
        meter.lastArrivalUs() == IngestMeter.NO_TIME
            ? -1
            : Math.max(0, (clock.wallUs() - meter.lastArrivalUs()) / 1000);
    return new StreamHealth(
        statusOf(stream),
        held.isEmpty() ? 0 : held.getFirst().fromUs(),
        held.isEmpty() ? 0 : held.getLast().toUs(),
        stream.ring().stats().heldBytes(),
        stream.ring().capacityBytes(),
        meter.bitrateBps(),
        meter.fps(),
        ageMs,
        watch.audioLagUs(stream),
        watch.videoLagUs(stream));
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

  /** Notes in the store which streams' media arrives now. */
  public void heartbeat() {
    for (LiveStream stream : held()) {
      if (stream.isLive()) {
        logFailure(stream.id(), store.touch(stream.id()));
      }
    }
  }

  /** Hangs up on every publisher and admits no more; rings stay open for the last clips. */
  public Future<Void> quiesce() {
    isClosing = true;
    List<Future<Void>> leaving =
        held().stream()
            .map(
                stream -> {
                  stream.session().ifPresent(StreamSession::disconnect);
                  return whenQuiet(stream);
                })
            .toList();
    return Future.join(leaving).mapEmpty();
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

  private Path ringFile(UUID id) {
    return ringDir.resolve(id + ".ring");
  }

  private static HalcyonException notFound(UUID id) {
    return new HalcyonException(ErrorCode.STREAM_NOT_FOUND, "no stream " + id);
  }

  private void remember(UUID id, StreamStatus status, Optional<String> lastError) {
    logFailure(id, store.setStatus(id, status, lastError));
  }

  private static void logFailure(UUID id, Future<Void> written) {
    written.onFailure(
        failure -> log.warn("stream's state not stored [stream={}]: {}", id, failure.getMessage()));
  }

  /** Turns what happens to publishers into facts on the bus and rows in the store. */
  private final class Observer implements LiveStream.SessionObserver {
    @Override
    public void onEpoch(LiveStream stream, int epoch, List<Track> tracks) {
      remember(stream.id(), StreamStatus.ACTIVE, Optional.empty());
      bus.publish(
          Addresses.STREAM_EVENT,
          new StreamEvent.StreamStarted(
              stream.workspaceId(), stream.id(), Instant.now(), epoch, tracks));
    }

    @Override
    public void onSessionClosed(LiveStream stream, String reason) {
      watch.ended(stream);
      log.info("publisher left [stream={}, reason={}]", stream.id(), reason);
      if (!paused.contains(stream.id())) {
        boolean isOrderly = reason.equals(Publication.UNPUBLISHED);
        remember(
            stream.id(),
            isOrderly ? StreamStatus.IDLE : StreamStatus.ERROR,
            isOrderly ? Optional.empty() : Optional.of(reason));
      }
      bus.publish(
          Addresses.STREAM_EVENT,
          new StreamEvent.StreamEnded(
              stream.workspaceId(), stream.id(), Instant.now(), stream.epoch(), reason));
    }
  }
}
