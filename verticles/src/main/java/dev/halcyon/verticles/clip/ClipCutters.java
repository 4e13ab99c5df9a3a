package dev.halcyon.verticles.clip;

import dev.halcyon.codecs.cut.ClipCutter;
import dev.halcyon.codecs.cut.CutResult;
import dev.halcyon.codecs.cut.SessionTimeline;
import dev.halcyon.codecs.cut.Timeline;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts clips whose windows have closed, on named platform threads: a few for clips of usual length,
 * and one for long ones and those that are read from a recording, so that none has to wait for
 * those. Any thread.
 */
final class ClipCutters implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClipCutters.class);

  /** About a third of a second's writing and hashing. */
  private static final long LONG_BYTES = 64L << 20;

  private final BlobStore blobs;
  private final ClipRoom room;
  private final ExecutorService usual;
  private final ExecutorService lengthy;
  private final Map<UUID, FutureTask<Void>> running = new ConcurrentHashMap<>();

  /** What becomes of a cut. Called on a cutting thread, or on the caller's when it cannot run. */
  interface Outcome {
    void made(OpenClip clip, BlobKey key, CutResult result, long closedNs);

    void failed(OpenClip clip, Throwable why);
  }

  /**
   * @param threads how many clips of usual length are cut at once
   */
  ClipCutters(BlobStore blobs, ClipRoom room, int threads) {
    this.blobs = blobs;
    this.room = room;
    this.usual = Executors.newFixedThreadPool(threads, named("clip-cutter-"));
    this.lengthy = Executors.newSingleThreadExecutor(named("clip-cutter-long-"));
  }

  private static ThreadFactory named(String prefix) {
    return Thread.ofPlatform().daemon().name(prefix, 0).factory();
  }

  /** Runs something before the first clip. */
  void prepare(Runnable work) {
    usual.execute(work);
  }

  /**
   * @param closedNs when the window closed
   */
  void cut(OpenClip clip, long closedNs, Outcome outcome) {
    UUID id = clip.clip().id();
    try {
      Timeline timeline = clip.timeline();
      boolean isFromDisk = timeline instanceof SessionTimeline;
      FutureTask<Void> cut =
          new FutureTask<>(
              () -> {
                try {
                  cutNow(clip, timeline, closedNs, outcome);
                } finally {
                  running.remove(id);
                }
              },
              null);
      running.put(id, cut);
      boolean isLong = isFromDisk || timeline.mostBytes(clip.cutRequest()) > LONG_BYTES;
      (isLong ? lengthy : usual).execute(cut);
    } catch (RuntimeException failure) {
      running.remove(id);
      outcome.failed(clip, failure);
    }
  }

  private void cutNow(OpenClip open, Timeline timeline, long closedNs, Outcome outcome) {
    Clip clip = open.clip();
    BlobKey key;
    CutResult result;
    try (ClipRoom.Claim claim = room.claim(timeline.mostBytes(open.cutRequest()))) {
      log.debug("cutting [clip={}, mostBytes={}]", clip.id(), claim.bytes());
      Path staged = blobs.stage(BlobKey.fresh(clip.workspaceId(), clip.id(), "part"));
      result = ClipCutter.cut(timeline, open.cutRequest(), staged);
      if (open.isAbandoned()) {
        Files.delete(staged);
        return;
      }
      key = BlobKey.fresh(clip.workspaceId(), clip.id(), result.container());
      blobs.commit(staged, key);
    } catch (IOException | RuntimeException failure) {
      outcome.failed(open, failure);
      return;
    } catch (Error broken) {
      // A bad block of the disk under the ring's mapping comes as an InternalError.
      outcome.failed(open, broken);
      throw broken;
    }
    outcome.made(open, key, result, closedNs);
  }

  /** Stops cutting a clip that nobody wants any more. */
  void cancel(UUID clipId) {
    FutureTask<Void> cut = running.remove(clipId);
    if (cut != null) {
      cut.cancel(true);
    }
  }

  /** Stops the threads; blocking, at most ten seconds. */
  @Override
  public void close() {
    usual.shutdown();
    lengthy.shutdown();
    try {
      boolean isDone =
          usual.awaitTermination(5, TimeUnit.SECONDS)
              && lengthy.awaitTermination(5, TimeUnit.SECONDS);
      if (!isDone) {
        log.warn("clips were still being cut at the stop");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
