package dev.halcyon.verticles.preview;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.halcyon.codecs.cut.ClipBytes;
import dev.halcyon.codecs.cut.LiveSegments;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.clip.ClipViewer;
import dev.halcyon.verticles.clip.ClipViewers;
import dev.halcyon.verticles.stream.LiveStream;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The streams of this node for players that follow a playlist. A stream is divided once for all who
 * watch it, from the first who asks until nobody has asked for a minute. Any thread.
 */
public final class LivePreviews implements AutoCloseable {
  /** Each keeps about 30 bytes a packet of its ring: two megabytes for ten minutes. */
  private static final int MAX_STREAMS = 50;

  private static final long KEPT_NS = TimeUnit.MINUTES.toNanos(1);
  private static final long SWEEP_EVERY_MS = 10_000;

  /** How long a request is held for what it asks; players expect three times the target. */
  private static final long HOLD_NS = TimeUnit.SECONDS.toNanos(3L * LiveSegments.TARGET_S);

  private static final long LOOK_EVERY_MS = 40;
  private static final Duration SNAPSHOT_KEPT = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Function<UUID, Future<LiveStream>> streams;
  private final ClipViewers viewers;
  private final Clock clock;
  private final Map<UUID, Future<LivePreview>> open = new ConcurrentHashMap<>();
  private final Map<UUID, Future<LivePreview.Seen>> coming = new ConcurrentHashMap<>();

  /** A picture stands for so long, whoever asks for it. */
  private final Cache<UUID, Future<Buffer>> snapshots =
      Caffeine.newBuilder().maximumSize(100).expireAfterWrite(SNAPSHOT_KEPT).build();

  private final long sweep;

  /**
   * @param streams finds a stream of this node with its ring open
   * @param viewers has the threads that may wait for the disk
   */
  public LivePreviews(
      Vertx vertx, Function<UUID, Future<LiveStream>> streams, ClipViewers viewers, Clock clock) {
    this.vertx = vertx;
    this.streams = streams;
    this.viewers = viewers;
    this.clock = clock;
    this.sweep = vertx.setPeriodic(SWEEP_EVERY_MS, tick -> dropForgotten());
  }

  /**
   * What there is, once it is enough.
   *
   * @param isEnough what is waited for, a while; then what there is must do
   * @param isWanted whether anybody still waits for it
   * @return fails with STREAM_NOT_FOUND, RANGE_NOT_HELD when nothing was ever published, NOT_READY
   *     when there is nothing to play yet, UNSUPPORTED_MEDIA when it cannot be played this way,
   *     RING_OVERRUN, OVERLOADED
   */
  public Future<LivePlaylist> list(
      UUID streamId, Predicate<LivePlaylist> isEnough, BooleanSupplier isWanted) {
    long deadlineNs = clock.nanoTime() + HOLD_NS;
    return look(streamId)
        .compose(seen -> listed(streamId, seen, isEnough, isWanted, deadlineNs))
        .map(LivePreviews::requirePlayable);
  }

  private Future<LivePlaylist> listed(
      UUID streamId,
      LivePreview.Seen seen,
      Predicate<LivePlaylist> isEnough,
      BooleanSupplier isWanted,
      long deadlineNs) {
    LivePlaylist playlist = new LivePlaylist(seen.listing(), seen.token(), seen.hasEnded());
    boolean isThere = !seen.listing().isEmpty() && isEnough.test(playlist);
    boolean isHeld = clock.nanoTime() < deadlineNs && isWanted.getAsBoolean();
    if (isThere || seen.hasEnded() || !isHeld) {
      return Future.succeededFuture(playlist);
    }
    return next(streamId).compose(later -> listed(streamId, later, isEnough, isWanted, deadlineNs));
  }

  private static LivePlaylist requirePlayable(LivePlaylist playlist) {
    if (playlist.listing().isEmpty()) {
      throw new HalcyonException(ErrorCode.NOT_READY, "the stream has nothing to play yet");
    }
    return playlist;
  }

  /** The next look is one for all who wait. */
  private Future<LivePreview.Seen> next(UUID streamId) {
    return coming.computeIfAbsent(
        streamId,
        id ->
            vertx
                .timer(LOOK_EVERY_MS)
                .compose(
                    tick -> {
                      coming.remove(id);
                      return look(id);
                    }));
  }

  private Future<LivePreview.Seen> look(UUID streamId) {
    return preview(streamId).compose(preview -> seen(preview).onFailure(failure -> drop(streamId)));
  }

  /** In helpings, so that a pass over a whole ring does not keep others from their turn. */
  private Future<LivePreview.Seen> seen(LivePreview preview) {
    return viewers
        .call(() -> looked(preview))
        .compose(seen -> seen.map(Future::succeededFuture).orElseGet(() -> seen(preview)));
  }

  private static Optional<LivePreview.Seen> looked(LivePreview preview) {
    Optional<LivePreview.Seen> seen = preview.look();
    if (!preview.hasPlayableTracks()) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "the stream's codecs have no place in fragmented MP4");
    }
    return seen;
  }

  private Future<LivePreview> preview(UUID streamId) {
    if (!open.containsKey(streamId) && open.size() >= MAX_STREAMS) {
      return Future.failedFuture(
          new HalcyonException(
              ErrorCode.OVERLOADED, MAX_STREAMS + " streams are watched live already"));
    }
    Future<LivePreview> preview = open.computeIfAbsent(streamId, this::begun);
    return preview
        .onFailure(failure -> open.remove(streamId, preview))
        .onSuccess(LivePreview::asked);
  }

  private Future<LivePreview> begun(UUID streamId) {
    return streams
        .apply(streamId)
        .compose(stream -> viewers.call(() -> new LivePreview(stream, clock)));
  }

  /**
   * What players need before a segment.
   *
   * @param token as in the playlist
   * @return fails with NOT_FOUND when no playlist that somebody follows names it
   */
  public Future<Buffer> header(UUID streamId, String token, int number) {
    return followed(streamId, token)
        .compose(
            preview -> viewers.call(() -> preview.header(number).orElseThrow(LivePreviews::gone)));
  }

  /**
   * A segment, or a part of it; held for a while when it is about to come.
   *
   * @param token as in the playlist
   * @param part counted from 0; −1 for the whole segment
   * @param isWanted whether anybody still waits for it
   * @return what the caller closes; fails with NOT_FOUND when it is not there any more, or not soon
   */
  public Future<ClipViewer> bytes(
      UUID streamId, String token, long number, int part, BooleanSupplier isWanted) {
    long deadlineNs = clock.nanoTime() + HOLD_NS;
    return followed(streamId, token)
        .compose(held -> bytes(streamId, number, part, isWanted, deadlineNs));
  }

  private Future<ClipViewer> bytes(
      UUID streamId, long number, int part, BooleanSupplier isWanted, long deadlineNs) {
    return look(streamId)
        .compose(
            seen -> {
              boolean isThere = seen.listing().has(number, part);
              boolean isNext =
                  number == seen.listing().nextNumber() && part <= seen.listing().openParts();
              if (isThere) {
                return opened(streamId, number, part);
              }
              if (!isNext || seen.hasEnded() || clock.nanoTime() > deadlineNs) {
                return Future.failedFuture(gone());
              }
              return next(streamId)
                  .compose(
                      later ->
                          isWanted.getAsBoolean()
                              ? bytes(streamId, number, part, isWanted, deadlineNs)
                              : Future.failedFuture(gone()));
            });
  }

  private Future<ClipViewer> opened(UUID streamId, long number, int part) {
    return followed(streamId)
        .compose(
            preview ->
                viewers.read(
                    () -> {
                      Optional<ClipBytes> bytes = preview.bytes(number, part);
                      return bytes.orElseThrow(LivePreviews::gone);
                    }));
  }

  private Future<LivePreview> followed(UUID streamId, String token) {
    return followed(streamId)
        .compose(
            preview ->
                preview.isNamed(token)
                    ? Future.succeededFuture(preview)
                    : Future.failedFuture(gone()));
  }

  private Future<LivePreview> followed(UUID streamId) {
    Future<LivePreview> known = open.get(streamId);
    return known == null ? Future.failedFuture(gone()) : known.onSuccess(LivePreview::asked);
  }

  private static HalcyonException gone() {
    return new HalcyonException(
        ErrorCode.NOT_FOUND, "the stream's playlist does not name this, or does not any more");
  }

  /** A JPEG of the newest keyframe; fails with NOT_READY when there are no pictures. */
  public Future<Buffer> snapshot(UUID streamId) {
    Future<Buffer> snapshot = snapshots.get(streamId, this::taken);
    return snapshot.onFailure(failure -> snapshots.asMap().remove(streamId, snapshot));
  }

  private Future<Buffer> taken(UUID streamId) {
    return streams
        .apply(streamId)
        .map(LiveStream::ring)
        .compose(ring -> viewers.call(() -> Buffer.buffer(Snapshot.of(ring))));
  }

  private void dropForgotten() {
    open.forEach(
        (streamId, preview) -> {
          if (preview.succeeded() && preview.result().isForgotten(KEPT_NS)) {
            drop(streamId);
          }
        });
  }

  /** Closing waits for whoever looks just now, which may wait for the disk. */
  private void drop(UUID streamId) {
    Future<LivePreview> dropped = open.remove(streamId);
    if (dropped != null) {
      dropped.onSuccess(
          preview ->
              viewers.call(
                  () -> {
                    preview.close();
                    return null;
                  }));
    }
  }

  /** How many streams are watched. */
  public int count() {
    return open.size();
  }

  @Override
  public void close() {
    vertx.cancelTimer(sweep);
    List.copyOf(open.keySet()).forEach(this::drop);
  }
}
