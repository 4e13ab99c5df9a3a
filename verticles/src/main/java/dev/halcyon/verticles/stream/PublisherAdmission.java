package dev.halcyon.verticles.stream;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.stream.StreamStatus;
import dev.halcyon.core.stream.Takeover;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.PublishGate;
import dev.halcyon.verticles.ingest.PublishHook;
import dev.halcyon.verticles.ingest.PublishRequest;
import dev.halcyon.verticles.ingest.StreamKeys;
import dev.halcyon.verticles.ops.Metrics;
import dev.halcyon.verticles.store.StreamRow;
import dev.halcyon.verticles.store.StreamStore;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets publishers in by their key: one a stream (which of two, is its setting), none while the
 * stream is paused. A key that was let in before is known while the database is away. Any thread.
 */
public final class PublisherAdmission implements PublishGate, StreamKeys {
  private static final Logger log = LoggerFactory.getLogger(PublisherAdmission.class);

  /** A connection that is closed by us is gone within milliseconds, unless its thread is busy. */
  private static final long TAKEOVER_NS = TimeUnit.SECONDS.toNanos(5);

  private static final long TAKEOVER_LOOK_MS = 10;

  private final LiveStreams streams;
  private final StreamStore store;
  private final StreamWatch watch;
  private final Metrics metrics;
  private final Clock clock;
  private final Optional<PublishHook> hook;
  private final Map<String, StreamRow> admitted = new ConcurrentHashMap<>();

  /**
   * @param hook is asked about each publisher whose key is right
   */
  public PublisherAdmission(
      LiveStreams streams,
      StreamStore store,
      StreamWatch watch,
      Metrics metrics,
      Clock clock,
      Optional<PublishHook> hook) {
    this.hook = hook;
    this.streams = streams;
    this.store = store;
    this.watch = watch;
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public Future<Publication> open(PublishRequest request) {
    return rowOf(request.streamKey())
        .compose(row -> consented(row, request))
        .compose(
            row -> streams.opened(row).compose(stream -> admitOrReplace(stream, row, request)));
  }

  private Future<StreamRow> consented(StreamRow row, PublishRequest request) {
    return hook.map(asked -> asked.ask(row.id(), row.workspaceId(), request))
        .orElse(Future.succeededFuture())
        .map(row);
  }

  private Future<Publication> admitOrReplace(
      LiveStream stream, StreamRow row, PublishRequest request) {
    Optional<StreamSession> before = stream.session();
    boolean mayReplace = request.mayReplace() && row.settings().takeover() == Takeover.REPLACE;
    if (before.isEmpty() || !mayReplace) {
      return Future.succeededFuture(admit(stream, row, request));
    }
    stream.alert("PUBLISHER_REPLACED", "another publisher has taken the place of the one before");
    before.get().disconnect();
    long deadlineNs = clock.nanoTime() + TAKEOVER_NS;
    return left(stream, before.get(), deadlineNs).map(free -> admit(stream, row, request));
  }

  /** Waits until a publisher has gone, or the deadline has: then the next one is refused. */
  private Future<Void> left(LiveStream stream, StreamSession before, long deadlineNs) {
    boolean isThere = stream.session().filter(before::equals).isPresent();
    if (!isThere || clock.nanoTime() - deadlineNs >= 0) {
      return Future.succeededFuture();
    }
    return streams.after(TAKEOVER_LOOK_MS).compose(waited -> left(stream, before, deadlineNs));
  }

  @Override
  public Future<Optional<String>> keyOf(String streamId) {
    UUID id;
    try {
      id = UUID.fromString(streamId);
    } catch (IllegalArgumentException malformed) {
      return Future.succeededFuture(Optional.empty());
    }
    return store
        .any(id)
        .map(row -> row.map(StreamRow::streamKey))
        .recover(failure -> keyKnownBefore(id, failure));
  }

  private Future<Optional<String>> keyKnownBefore(UUID id, Throwable failure) {
    return isAway(failure)
        ? Future.succeededFuture(
            admitted.values().stream()
                .filter(row -> row.id().equals(id))
                .map(StreamRow::streamKey)
                .findFirst())
        : Future.failedFuture(failure);
  }

  private static boolean isAway(Throwable failure) {
    return failure instanceof HalcyonException stated
        && stated.code() == ErrorCode.DATABASE_UNAVAILABLE;
  }

  private Future<StreamRow> rowOf(String streamKey) {
    return store
        .byKey(streamKey)
        .map(row -> remembered(streamKey, row))
        .recover(failure -> knownBefore(streamKey, failure));
  }

  private StreamRow remembered(String streamKey, Optional<StreamRow> row) {
    if (row.isEmpty()) {
      admitted.remove(streamKey);
      throw new HalcyonException(ErrorCode.UNKNOWN_STREAM_KEY, "no stream has this key");
    }
    admitted.put(streamKey, row.get());
    return row.get();
  }

  private Future<StreamRow> knownBefore(String streamKey, Throwable failure) {
    StreamRow known = isAway(failure) ? admitted.get(streamKey) : null;
    return known == null ? Future.failedFuture(failure) : Future.succeededFuture(known);
  }

  private Publication admit(LiveStream stream, StreamRow row, PublishRequest request) {
    StreamSession session =
        new StreamSession(stream, metrics, request.arrivals().orElse(clock), request.disconnect());
    if (!stream.claim(session)) {
      throw new HalcyonException(ErrorCode.PUBLISHER_EXISTS, "the stream has a publisher already");
    }
    try {
      // Looked at after the claim: who pauses or deletes from here on finds the session.
      if (row.status() == StreamStatus.STOPPED || !streams.admits(stream)) {
        throw new HalcyonException(ErrorCode.STREAM_PAUSED, "the stream is paused");
      }
      watch.start(stream);
    } catch (RuntimeException refused) {
      stream.unclaim(session);
      throw refused;
    }
    log.info(
        "publisher admitted [stream={}, protocol={}, remote={}]",
        stream.id(),
        request.protocol(),
        request.remoteAddress());
    streams.onAdmitted(stream);
    return session;
  }
}
