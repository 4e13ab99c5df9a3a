package dev.halcyon.verticles.upload;

import dev.halcyon.core.access.WorkspaceSlots;
import dev.halcyon.core.error.DiskFailure;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.store.UploadRow;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.FileSystemException;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.streams.Pipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes files to the disk as they come, no faster than it takes them. A file that does not come to
 * its end leaves nothing. Any event loop.
 */
final class UploadReceiver {
  private static final Logger log = LoggerFactory.getLogger(UploadReceiver.class);

  /** At once: each has a buffer and a file open, and the disk has one head or one queue. */
  private static final int MOST = 16;

  private static final int MOST_OF_WORKSPACE = 4;

  private final Vertx vertx;
  private final UploadFolder folder;
  private final WorkspaceSlots slots = new WorkspaceSlots(MOST, MOST_OF_WORKSPACE);

  UploadReceiver(Vertx vertx, UploadFolder folder) {
    this.vertx = vertx;
    this.folder = folder;
  }

  /**
   * Takes a file.
   *
   * @param onReady called when there is room for it, before any of it is read
   * @return where all of it lies, for the caller to give it its place, or to drop it
   */
  Future<Path> receive(UploadRow upload, Pipe<Buffer> body, Runnable onReady) {
    Optional<WorkspaceSlots.Slot> slot = slots.take(upload.workspaceId());
    if (slot.isEmpty()) {
      return Future.failedFuture(
          new HalcyonException(ErrorCode.OVERLOADED, "too many files are coming in already"));
    }
    return blocking(() -> folder.claim(upload.sizeBytes()))
        .compose(claim -> written(upload, body, onReady).onComplete(done -> claim.close()))
        .onComplete(done -> slot.get().close())
        .recover(failure -> Future.failedFuture(stated(failure)));
  }

  private Future<Path> written(UploadRow upload, Pipe<Buffer> body, Runnable onReady) {
    Path unfinished = folder.unfinished(upload.id());
    OpenOptions fresh = new OpenOptions().setRead(false).setCreateNew(true);
    return vertx
        .fileSystem()
        .open(unfinished.toString(), fresh)
        .onSuccess(file -> onReady.run())
        .compose(file -> filled(file, body))
        .compose(filled -> blocking(() -> folder.force(unfinished, upload.sizeBytes())))
        .onFailure(failure -> drop(unfinished));
  }

  /** The file is closed in any case. */
  private static Future<Void> filled(AsyncFile file, Pipe<Buffer> body) {
    return body.endOnComplete(false)
        .to(file)
        .transform(
            copied ->
                file.close()
                    .compose(
                        closed ->
                            copied.succeeded()
                                ? Future.<Void>succeededFuture()
                                : Future.<Void>failedFuture(copied.cause())));
  }

  /** Of a file that did not come to its end, or was not wanted any more then. */
  void drop(Path unfinished) {
    blocking(() -> Files.deleteIfExists(unfinished))
        .onFailure(failure -> log.warn("an unfinished upload stays until the next start", failure));
  }

  private <T> Future<T> blocking(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }

  private static Throwable stated(Throwable failure) {
    Throwable cause = failure instanceof FileSystemException wrapped ? wrapped.getCause() : failure;
    return cause instanceof IOException disk
        ? new HalcyonException(DiskFailure.codeOf(disk), "the file could not be written", failure)
        : failure;
  }
}
