package dev.halcyon.verticles.clip;

import dev.halcyon.codecs.cut.GrowingFile;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ops.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

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
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS, Thread.ofPlatform().daemon().name("clip-viewer-", 0).factory());

  public ClipViewers(Vertx vertx, OpenClips clips, Metrics metrics, Clock clock) {
    this.vertx = vertx;
    this.clips = clips;
    this.metrics = metrics;
    this.clock = clock;
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
    if (count.incrementAndGet() > MAX_VIEWERS) {
      count.decrementAndGet();
      return Future.failedFuture(
          new HalcyonException(
              ErrorCode.OVERLOADED, MAX_VIEWERS + " viewers watch growing clips already"));
    }
    long deadlineNs = clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HOLD_MS);
    return opened(clipId, isWanted, deadlineNs).onFailure(failure -> count.decrementAndGet());
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
    return file.map(open -> new ClipViewer(this, clip, open));
  }

  /** How far ahead a clip's window begins; 0 when it has begun. */
  public long untilBeginMs(UUID clipId) {
    return clips.open(clipId).map(OpenClip::untilBeginMs).orElse(0L);
  }

  /** Runs work that may wait for the disk; ends on the caller's context. */
  <T> Future<T> call(Callable<T> work) {
    try {
      return Future.fromCompletionStage(
          CompletableFuture.supplyAsync(() -> called(work), threads), vertx.getOrCreateContext());
    } catch (RejectedExecutionException stopped) {
      return Future.failedFuture(
          new HalcyonException(ErrorCode.OVERLOADED, "the server stops", stopped));
    }
  }

  private static <T> T called(Callable<T> work) {
    try {
      return work.call();
    } catch (HalcyonException stated) {
      throw stated;
    } catch (IllegalStateException closed) {
      // A stream that was deleted closes its ring under whoever reads it.
      throw new HalcyonException(ErrorCode.IO_FAILED, "the ring was closed", closed);
    } catch (Exception failure) {
      throw new CompletionException(failure);
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
    threads.shutdown();
  }
}
