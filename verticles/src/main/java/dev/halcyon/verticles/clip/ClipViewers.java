package dev.halcyon.verticles.clip;

import dev.halcyon.codecs.cut.ClipBytes;
import dev.halcyon.codecs.cut.GrowingFile;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ops.DiskThreads;
import dev.halcyon.verticles.ops.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Lets people watch clips while they grow. Reading the ring may wait for the disk, so that it is
 * done on a few threads of its own, one helping at a time. Any thread.
 */
public final class ClipViewers implements AutoCloseable {
  private static final int THREADS = 2;

  /** Each has two cursors on a ring and may hold a helping in memory. */
  private static final int MAX_VIEWERS = 1_000;

  /** How long a request is held for a window that is about to begin. */
  private static final long HOLD_MS = 10_000;

  private static final long LOOK_EVERY_MS = 20;

  private final Vertx vertx;
  private final OpenClips clips;
  private final Metrics metrics;
  private final Clock clock;
  private final AtomicInteger count = new AtomicInteger();
  private final DiskThreads threads;

  public ClipViewers(Vertx vertx, OpenClips clips, Metrics metrics, Clock clock) {
    this.vertx = vertx;
    this.clips = clips;
    this.metrics = metrics;
    this.clock = clock;
    this.threads = new DiskThreads(vertx, "clip-viewer-", THREADS);
    metrics.clipViewers(count::get);
  }

  /** A clip that is being made here, newer than its row; empty when it is deleted or is none. */
  public Optional<Clip> find(UUID clipId) {
    return clips.find(clipId);
  }

  /**
   * Opens a clip that is being made; held for a while when its window is about to begin.
   *
   * @param isWanted whether anybody still waits for it
   * @return the viewer, whom the caller closes; fails with NOT_READY when the window does not begin
   *     soon, OVERLOADED when too many watch, or with what hinders the clip
   */
  public Future<ClipViewer> open(UUID clipId, BooleanSupplier isWanted) {
    long deadlineNs = clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HOLD_MS);
    return counted(() -> opened(clipId, isWanted, deadlineNs));
  }

  /** Opens something to be read, if not too many read already; on the threads that may wait. */
  Future<ClipViewer> admitted(Callable<ClipViewer> opening) {
    return counted(() -> call(opening));
  }

  private Future<ClipViewer> counted(Supplier<Future<ClipViewer>> opening) {
    if (count.incrementAndGet() > MAX_VIEWERS) {
      count.decrementAndGet();
      return Future.failedFuture(
          new HalcyonException(
              ErrorCode.OVERLOADED, MAX_VIEWERS + " viewers watch growing clips already"));
    }
    return opening.get().onFailure(failure -> count.decrementAndGet());
  }

  ClipViewer viewer(OpenClip clip, ClipBytes bytes) {
    return new ClipViewer(this, clip::requireKept, bytes);
  }

  private Future<ClipViewer> opened(UUID clipId, BooleanSupplier isWanted, long deadlineNs) {
    return call(() -> viewer(clipId))
        .compose(
            viewer -> {
              if (viewer.isPresent()) {
                return Future.succeededFuture(viewer.get());
              }
              boolean isHeld = clock.nanoTime() < deadlineNs && untilBeginMs(clipId) < HOLD_MS;
              if (!isHeld || !isWanted.getAsBoolean()) {
                return Future.failedFuture(
                    new HalcyonException(ErrorCode.NOT_READY, "the clip's window has not begun"));
              }
              return vertx
                  .timer(LOOK_EVERY_MS)
                  .compose(tick -> opened(clipId, isWanted, deadlineNs));
            });
  }

  private Optional<ClipViewer> viewer(UUID clipId) {
    OpenClip clip =
        clips
            .open(clipId)
            .orElseThrow(
                () ->
                    new HalcyonException(
                        ErrorCode.NOT_READY, "the clip is not being made here any more"));
    clip.requireKept();
    Optional<GrowingFile> file = clip.hasBegun() ? clip.openFile() : Optional.empty();
    return file.map(open -> new ClipViewer(this, clip::requireKept, open));
  }

  /** How far ahead a clip's window begins; 0 when it has begun. */
  public long untilBeginMs(UUID clipId) {
    return clips.open(clipId).map(OpenClip::untilBeginMs).orElse(0L);
  }

  /**
   * Opens what is made out of a ring as it is read, if not too many read already.
   *
   * @return what the caller closes; fails with OVERLOADED
   */
  public Future<ClipViewer> read(Callable<ClipBytes> opening) {
    return admitted(() -> new ClipViewer(this, () -> {}, opening.call()));
  }

  /** Runs work that may wait for the disk; ends on the caller's context. */
  public <T> Future<T> call(Callable<T> work) {
    return threads.call(() -> called(work));
  }

  private static <T> T called(Callable<T> work) throws Exception {
    try {
      return work.call();
    } catch (IllegalStateException closed) {
      // A stream that was deleted closes its ring under whoever reads it.
      throw new HalcyonException(ErrorCode.IO_FAILED, "the ring was closed", closed);
    }
  }

  /** A viewer was cut off because it took nothing for too long. */
  public void onStuck() {
    metrics.clipViewerDropped();
  }

  void onClosed() {
    count.decrementAndGet();
  }

  /** Those who watch are cut off. */
  @Override
  public void close() {
    threads.close();
  }
}
