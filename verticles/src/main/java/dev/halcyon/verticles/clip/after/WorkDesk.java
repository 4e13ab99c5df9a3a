package dev.halcyon.verticles.clip.after;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does work on finished clips that must not hold up live work: on a few named platform threads of
 * low priority, from a short queue of which no workspace can take all. Any thread.
 */
final class WorkDesk implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WorkDesk.class);

  /** The lowest but for work that nobody waits for: batch work of other processes has 10 too. */
  private static final int NICE = 10;

  private static final long STOP_LIMIT_S = 5;

  private final ThreadPoolExecutor threads;
  private final int maxOfWorkspace;
  private final Map<UUID, Integer> ofWorkspace = new HashMap<>();

  /**
   * @param maxWaiting pieces of work that wait while all threads are busy
   * @param maxOfWorkspace pieces that one workspace may have waiting and in hand
   */
  WorkDesk(String name, int threadCount, int maxWaiting, int maxOfWorkspace) {
    this.maxOfWorkspace = maxOfWorkspace;
    ThreadFactory named = Thread.ofPlatform().daemon().name(name + "-", 0).factory();
    this.threads =
        new ThreadPoolExecutor(
            threadCount,
            threadCount,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(maxWaiting),
            work -> named.newThread(() -> runNiced(work)));
  }

  private static void runNiced(Runnable work) {
    if (!ThreadNice.set(NICE)) {
      log.warn("a thread keeps its priority [thread={}]", Thread.currentThread().getName());
    }
    work.run();
  }

  /**
   * Queues work. It should end soon after an interrupt, which comes at the close.
   *
   * @return fails with RATE_LIMITED when too much waits already, else as the work does
   */
  <V> CompletableFuture<V> submit(UUID workspaceId, Callable<V> work) {
    if (!take(workspaceId)) {
      return CompletableFuture.failedFuture(tooMuch());
    }
    CompletableFuture<V> result = new CompletableFuture<>();
    try {
      threads.execute(() -> run(workspaceId, work, result));
    } catch (RejectedExecutionException full) {
      giveBack(workspaceId);
      result.completeExceptionally(tooMuch());
    }
    return result;
  }

  private <V> void run(UUID workspaceId, Callable<V> work, CompletableFuture<V> result) {
    Runnable end;
    try {
      V done = work.call();
      end = () -> result.complete(done);
    } catch (Throwable failure) {
      end = () -> result.completeExceptionally(failure);
    }
    // Whoever sees the end may ask for more at once.
    giveBack(workspaceId);
    end.run();
  }

  private synchronized boolean take(UUID workspaceId) {
    int taken = ofWorkspace.getOrDefault(workspaceId, 0);
    if (taken >= maxOfWorkspace) {
      return false;
    }
    ofWorkspace.put(workspaceId, taken + 1);
    return true;
  }

  private synchronized void giveBack(UUID workspaceId) {
    ofWorkspace.computeIfPresent(workspaceId, (id, taken) -> taken == 1 ? null : taken - 1);
  }

  private static HalcyonException tooMuch() {
    return new HalcyonException(
        ErrorCode.RATE_LIMITED, "too much work on clips waits already; try again later");
  }

  /** Interrupts what is in hand and waits a few seconds for it. Blocking. */
  @Override
  public void close() {
    threads
        .shutdownNow()
        .forEach(waiting -> log.debug("work on a clip is left undone at the stop"));
    try {
      if (!threads.awaitTermination(STOP_LIMIT_S, TimeUnit.SECONDS)) {
        log.warn("work on clips was still going on at the stop");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
