package dev.halcyon.verticles.clip;

import dev.halcyon.codecs.video.PosterMaker;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.clip.after.ThreadNice;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
 * Makes posters after their clips, one at a time on a platform thread of its own, which lets live
 * work go first. Any thread.
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

  private void makeNow(Path file, OptionalLong momentUs, BlobKey key) {
    try {
      Path staged = blobs.stage(key);
      Files.write(staged, PosterMaker.fromFile(file, momentUs));
      blobs.commit(staged, key);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        log.warn("posters were still being made at the stop");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
