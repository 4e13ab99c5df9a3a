package dev.halcyon.verticles.api;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Carries bytes from where reading blocks to a response, on a virtual thread and as fast as the
 * client takes them: one chunk is in memory. Made and used on a request's event loop.
 */
final class BodyPump {
  private static final int CHUNK_BYTES = 64 << 10;

  private final Context context;

  BodyPump(Vertx vertx) {
    this.context = vertx.getOrCreateContext();
  }

  /** Runs what blocks; the future's handlers run on the event loop. */
  <T> Future<T> away(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("http-body")
        .start(
            () -> {
              try {
                result.complete(work.call());
              } catch (Throwable failure) {
                result.completeExceptionally(failure);
              }
            });
    return Future.fromCompletionStage(result, context);
  }

  /**
   * Sends so many bytes as the whole body and closes their source.
   *
   * @return bytes that the network took: fewer when the client went away or the source failed;
   *     never fails
   */
  Future<Long> send(InputStream from, HttpServerResponse to, long lengthBytes) {
    return away(() -> copy(from, to, lengthBytes));
  }

  private long copy(InputStream from, HttpServerResponse to, long lengthBytes) {
    long sentBytes = 0;
    try (from) {
      while (sentBytes < lengthBytes) {
        byte[] chunk = from.readNBytes((int) Math.min(CHUNK_BYTES, lengthBytes - sentBytes));
        if (chunk.length == 0) {
          throw new EOFException("the file is shorter than it was");
        }
        onLoop(() -> to.write(Buffer.buffer(chunk)));
        sentBytes += chunk.length;
      }
      onLoop(to::end);
    } catch (IOException | RuntimeException | ExecutionException | InterruptedException broken) {
      context.runOnContext(now -> to.reset());
    }
    return sentBytes;
  }

  private void onLoop(Callable<Future<Void>> step) throws ExecutionException, InterruptedException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    context.runOnContext(
        now -> {
          try {
            step.call().onComplete(end -> complete(done, end.cause()));
          } catch (Exception failure) {
            done.completeExceptionally(failure);
          }
        });
    done.get();
  }

  private static void complete(CompletableFuture<Void> done, Throwable failure) {
    if (failure == null) {
      done.complete(null);
    } else {
      done.completeExceptionally(failure);
    }
  }
}
