package dev.halcyon.verticles.clip;

import dev.halcyon.codecs.video.PosterMaker;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.clip.after.ThreadNice;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes posters after their clips, and has sealed files outlive a loss of power: one after the
 * other on a platform thread of its own, which lets live work go first. Any thread.
 */
final class PosterDesk implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PosterDesk.class);

  /** People wait for posters: before other work on clips that are sealed, after all live work. */
  private static final int NICE = 5;

  private final BlobStore blobs;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work ->
              Thread.ofPlatform()
                  .daemon()
                  .name("clip-poster")
                  .unstarted(
                      () -> {
                        ThreadNice.set(NICE);
                        work.run();
                      }));

  PosterDesk(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * Makes the poster of a sealed file; ends when it is kept under {@code key}.
   *
   * @param momentUs since the file's start, for which the clip was made
   */
  Future<Void> make(Path file, OptionalLong momentUs, BlobKey key) {
    try {
      return Future.fromCompletionStage(
          CompletableFuture.runAsync(() -> makeNow(file, momentUs, key), thread));
    } catch (RejectedExecutionException closed) {
      return Future.failedFuture(closed);
    }
  }

  /**
   * Makes the poster of a clip's file unless it is there by then; ends when it is kept under {@code
   * key}.
   *
   * @param momentUs since the file's start, for which the clip was made
   */
  Future<Void> makeMissing(BlobKey media, OptionalLong momentUs, BlobKey key) {
    try {
      return Future.fromCompletionStage(
          CompletableFuture.runAsync(() -> makeMissingNow(media, momentUs, key), thread));
    } catch (RejectedExecutionException closed) {
      return Future.failedFuture(closed);
    }
  }

  private void makeMissingNow(BlobKey media, OptionalLong momentUs, BlobKey key) {
    try {
      if (!isThere(blobs, key)) {
        makeNow(blobs.fetch(media), momentUs, key);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Blocks. */
  static boolean isThere(BlobStore blobs, BlobKey key) throws IOException {
    try {
      return blobs.sizeBytes(key) > 0;
    } catch (NoSuchFileException missing) {
      return false;
    }
  }

  /**
   * Has a sealed file outlive a loss of power. Nobody waits for it: a clip is told of before, and
   * whether the disk takes a tenth of a second or a whole one makes no difference to that.
   */
  void force(BlobKey key) {
    try {
      thread.execute(() -> forceNow(key));
    } catch (RejectedExecutionException closed) {
      log.debug("left to the system [key={}]", key.text(), closed);
    }
  }

  private void forceNow(BlobKey key) {
    try {
      blobs.force(key);
    } catch (IOException failure) {
      log.warn("a clip's file may not outlive a loss of power [key={}]", key.text(), failure);
    }
  }

  private void makeNow(Path file, OptionalLong momentUs, BlobKey key) {
    try {
      Path staged = blobs.stage(key);
      Files.write(staged, PosterMaker.fromFile(file, momentUs));
      blobs.commit(staged, key);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Waits a while for what is to be done; then what is left is dropped, and the next start makes
   * the posters that are missing. Nothing is written any more when it returns.
   */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        int left = thread.shutdownNow().size();
        log.info("posters are left to the next start [count={}]", left);
        if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
          log.warn("a poster was still being made at the stop");
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
