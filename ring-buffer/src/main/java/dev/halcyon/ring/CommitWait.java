package dev.halcyon.ring;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Where one reader sleeps until the writer has committed more. Woken by any thread. */
final class CommitWait {
  private static final long FIRST_SLEEP_NS = 500_000;

  private final Readers readers;
  private volatile Thread waiter;

  CommitWait(Readers readers) {
    this.readers = readers;
  }

  /**
   * As {@link RingCursor#await} says.
   *
   * <p>The writer looks for waiters without a fence after its commit, so that it may miss one that
   * came at this very moment, and the waiter may miss the commit. Both stores are visible well
   * within the first, short sleep; after it the waiter looks again and then sleeps in full.
   */
  boolean await(BooleanSupplier isReady, long timeoutNs) {
    long deadlineNs = System.nanoTime() + timeoutNs;
    waiter = Thread.currentThread();
    readers.onWaiting(1);
    try {
      for (long longestNs = FIRST_SLEEP_NS; !isReady.getAsBoolean(); longestNs = Long.MAX_VALUE) {
        long leftNs = deadlineNs - System.nanoTime();
        if (leftNs <= 0 || Thread.currentThread().isInterrupted()) {
          return false;
        }
        LockSupport.parkNanos(readers, Math.min(leftNs, longestNs));
      }
      return true;
    } finally {
      waiter = null;
      readers.onWaiting(-1);
    }
  }

  void wake() {
    Thread waiting = waiter;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }
}
