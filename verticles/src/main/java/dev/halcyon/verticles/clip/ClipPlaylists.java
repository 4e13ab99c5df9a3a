package dev.halcyon.verticles.clip;

import dev.halcyon.codecs.cut.ClipBytes;
import dev.halcyon.codecs.cut.GrowingSegments;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Clips that are being made as segments, for players that follow a playlist. A clip is divided once
 * for all who follow it, from the first who asks until nobody has asked for a minute: so it can be
 * followed to its end after it was sealed, for as long as the ring has it. Any thread.
 */
public final class ClipPlaylists implements AutoCloseable {
  /** Each keeps stamps of all its packets: some megabytes for ten minutes. */
  private static final int MAX_CLIPS = 100;

  private static final long LONGEST_US = TimeUnit.HOURS.toMicros(1);
  private static final long KEPT_NS = TimeUnit.MINUTES.toNanos(1);
  private static final long SWEEP_EVERY_MS = 10_000;

  /** How long a request is held for the first segment: players take an empty list for the end. */
  private static final long HOLD_NS = TimeUnit.SECONDS.toNanos(10);

  private static final long LOOK_EVERY_MS = 50;

  private final Vertx vertx;
  private final OpenClips clips;
  private final ClipViewers viewers;
  private final Clock clock;
  private final Map<UUID, ClipPlaylist> open = new ConcurrentHashMap<>();
  private final long sweep;

  public ClipPlaylists(Vertx vertx, OpenClips clips, ClipViewers viewers, Clock clock) {
    this.vertx = vertx;
    this.clips = clips;
    this.viewers = viewers;
    this.clock = clock;
    this.sweep = vertx.setPeriodic(SWEEP_EVERY_MS, tick -> dropForgotten());
  }

  /** Whether a clip can be followed here: it is being made, or somebody follows it still. */
  public boolean has(UUID clipId) {
    return open.containsKey(clipId) || clips.open(clipId).filter(OpenClip::isGrowing).isPresent();
  }

  /**
   * The segments that there are, at least one; held for a while until then.
   *
   * @param isWanted whether anybody still waits for it
   * @return fails with NOT_READY when there is none soon, RING_OVERRUN when its media is gone,
   *     OVERLOADED, CLIP_NOT_FOUND, PAYLOAD_TOO_LARGE when it is too long to be divided
   */
  public Future<GrowingSegments.Listing> list(UUID clipId, BooleanSupplier isWanted) {
    return listed(clipId, isWanted, clock.nanoTime() + HOLD_NS);
  }

  private Future<GrowingSegments.Listing> listed(
      UUID clipId, BooleanSupplier isWanted, long deadlineNs) {
    return viewers
        .call(() -> look(clipId))
        .onFailure(failure -> drop(clipId))
        .compose(
            listing -> {
              boolean isThere = listing.filter(known -> !known.lengthsUs().isEmpty()).isPresent();
              if (isThere) {
                return Future.succeededFuture(listing.get());
              }
              if (clock.nanoTime() - deadlineNs > 0 || !isWanted.getAsBoolean()) {
                return Future.failedFuture(
                    new HalcyonException(ErrorCode.NOT_READY, "the clip has no segment yet"));
              }
              return vertx
                  .timer(LOOK_EVERY_MS)
                  .compose(tick -> listed(clipId, isWanted, deadlineNs));
            });
  }

  private Optional<GrowingSegments.Listing> look(UUID clipId) {
    return playlist(clipId).map(ClipPlaylist::look);
  }

  private Optional<ClipPlaylist> playlist(UUID clipId) {
    Optional<ClipPlaylist> known = Optional.ofNullable(open.get(clipId));
    return known.isPresent() ? known.map(this::asked) : begun(clipId);
  }

  private ClipPlaylist asked(ClipPlaylist playlist) {
    playlist.asked(clock.nanoTime());
    return playlist;
  }

  /** One at a time, so that a clip is divided once. */
  private synchronized Optional<ClipPlaylist> begun(UUID clipId) {
    if (open.containsKey(clipId)) {
      return Optional.of(open.get(clipId));
    }
    if (open.size() >= MAX_CLIPS) {
      throw new HalcyonException(
          ErrorCode.OVERLOADED, MAX_CLIPS + " clips are followed by playlists already");
    }
    OpenClip clip = clips.open(clipId).orElseThrow(ClipPlaylists::gone);
    clip.requireKept();
    if (clip.longestUs() > LONGEST_US) {
      throw new HalcyonException(
          ErrorCode.PAYLOAD_TOO_LARGE, "playlists are for clips of up to an hour; use play_url");
    }
    Optional<ClipPlaylist> begun =
        clip.openSegments().map(segments -> new ClipPlaylist(clip, segments, clock.nanoTime()));
    begun.ifPresent(playlist -> open.put(clipId, playlist));
    return begun;
  }

  private static HalcyonException gone() {
    return new HalcyonException(
        ErrorCode.NOT_FOUND, "nobody has followed the clip's playlist for a while");
  }

  /** What players need before the first segment. */
  public Future<Buffer> header(UUID clipId) {
    return viewers.call(() -> followed(clipId).header());
  }

  /**
   * A segment that the playlist named.
   *
   * @return what the caller closes; fails with NOT_FOUND when there is none with the number, or it
   *     was too long ago that somebody asked for the playlist
   */
  public Future<ClipViewer> segment(UUID clipId, int number) {
    return viewers.admitted(() -> segmentNow(clipId, number));
  }

  private ClipViewer segmentNow(UUID clipId, int number) {
    ClipPlaylist playlist = followed(clipId);
    ClipBytes bytes =
        playlist
            .segment(number)
            .orElseThrow(
                () -> new HalcyonException(ErrorCode.NOT_FOUND, "the clip has no such segment"));
    return viewers.viewer(playlist.clip(), bytes);
  }

  private ClipPlaylist followed(UUID clipId) {
    return Optional.ofNullable(open.get(clipId)).map(this::asked).orElseThrow(ClipPlaylists::gone);
  }

  private void dropForgotten() {
    long nowNs = clock.nanoTime();
    open.forEach(
        (clipId, playlist) -> {
          if (nowNs - playlist.askedNs() > KEPT_NS || playlist.clip().isDeleted()) {
            drop(clipId);
          }
        });
  }

  /** Closing waits for whoever looks just now, which may wait for the disk. */
  private void drop(UUID clipId) {
    ClipPlaylist dropped = open.remove(clipId);
    if (dropped != null) {
      viewers.call(
          () -> {
            dropped.close();
            return null;
          });
    }
  }

  /** How many clips are followed. */
  int count() {
    return open.size();
  }

  @Override
  public void close() {
    vertx.cancelTimer(sweep);
    open.values().forEach(ClipPlaylist::close);
    open.clear();
  }
}
