package dev.halcyon.verticles.clip;

import dev.halcyon.codecs.video.PosterMaker;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes posters after their clips, one at a time on a platform thread of its own. Any thread. */
final class PosterDesk implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PosterDesk.class);

  private final BlobStore blobs;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("clip-poster").factory());

  PosterDesk(BlobStore blobs) {
    this.blobs = blobs;
  }

  /** Makes the poster of a sealed file and keeps it under {@code key}. */
  void make(Path file, BlobKey key) {
    thread.execute(
        () -> {
          try {
            Path staged = blobs.stage(key);
            Files.write(staged, PosterMaker.fromFile(file));
            blobs.commit(staged, key);
          } catch (IOException | RuntimeException failure) {
            log.warn("no poster [clip={}]", key.clipId(), failure);
          }
        });
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
