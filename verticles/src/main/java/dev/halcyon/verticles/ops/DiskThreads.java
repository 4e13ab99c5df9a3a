package dev.halcyon.verticles.ops;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** A few named platform threads for work that may wait for the disk. Any thread. */
public final class DiskThreads implements AutoCloseable {
  private final Vertx vertx;
  private final ExecutorService threads;

  public DiskThreads(Vertx vertx, String prefix, int count) {
    this.vertx = vertx;
    this.threads =
        Executors.newFixedThreadPool(count, Thread.ofPlatform().daemon().name(prefix, 0).factory());
  }

  /**
   * Runs work; ends on the caller's context, with what the work throws.
   *
   * @return fails with OVERLOADED once the threads are closed
   */
  public <T> Future<T> call(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      threads.execute(() -> run(work, result));
    } catch (RejectedExecutionException stopped) {
      result.completeExceptionally(
          new HalcyonException(ErrorCode.OVERLOADED, "the server stops", stopped));
    }
    return Future.fromCompletionStage(result, vertx.getOrCreateContext());
  }

  private static <T> void run(Callable<T> work, CompletableFuture<T> result) {
    try {
      result.complete(work.call());
    } catch (Exception | Error failure) {
      result.completeExceptionally(failure);
    }
  }

  /** Work that waits is still done. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
