package dev.halcyon.verticles.stream.tap;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Shares a few named platform threads among all taps of a node, in slices of bounded length, taps
 * of sound before those of pictures, otherwise in turn. A tap is on one thread at a time, not
 * always the same. Whether idle taps have work is looked at every 20 ms by one thread; their
 * streams cost nothing else. Any thread may call; closed by who made it.
 */
public final class TapScheduler implements AutoCloseable {
  private static final long SLICE_NS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition mayWork = lock.newCondition();

  // Guarded by the lock. A tap is in one of the three, or with a thread.
  private final ArrayDeque<Tap> firstReady = new ArrayDeque<>();
  private final ArrayDeque<Tap> ready = new ArrayDeque<>();
  private final List<Tap> idle = new ArrayList<>();
  private final List<Tap> all = new ArrayList<>();
  private boolean isPolled;
  private boolean isClosed;
  private long nextPollNs = System.nanoTime();

  private final List<Thread> threads = new ArrayList<>();

  /** As many threads as half the processors, at least one. */
  public TapScheduler() {
    this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
  }

  public TapScheduler(int threadCount) {
    for (int i = 0; i < threadCount; i++) {
      threads.add(Thread.ofPlatform().daemon().name("tap-" + i).start(this::work));
    }
  }

  /** Begins to run a tap, until {@link Tap#stop}. */
  public void add(Tap tap) {
    lock.lock();
    try {
      if (isClosed) {
        throw new IllegalStateException("the scheduler is closed");
      }
      tap.bind(this);
      all.add(tap);
      idle.add(tap);
      mayWork.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Looks at once whether an idle tap is ready now. */
  void wake(Tap tap) {
    lock.lock();
    try {
      if (idle.remove(tap)) {
        enqueue(tap);
      }
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(Tap tap) {
    (tap.isFirst() ? firstReady : ready).add(tap);
    mayWork.signal();
  }

  private void work() {
    PayloadBuffer payload = new PayloadBuffer();
    try {
      for (Tap tap = take(); tap != null; tap = take()) {
        boolean hasMore = false;
        if (tap.isStopping()) {
          tap.end();
        } else {
          hasMore = tap.runSlice(payload, System.nanoTime() + SLICE_NS);
        }
        putBack(tap, hasMore);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The next tap to run; null when closed and all are ended. One waiting thread looks after the
   * idle taps, the others wait until they are called.
   */
  private Tap take() throws InterruptedException {
    lock.lock();
    try {
      Tap tap = nextReady();
      while (tap == null && !(isClosed && all.isEmpty())) {
        if (isPolled || idle.isEmpty()) {
          mayWork.await();
        } else {
          isPolled = true;
          try {
            long unusedLeftNs = mayWork.awaitNanos(nextPollNs - System.nanoTime());
          } finally {
            isPolled = false;
          }
        }
        tap = nextReady();
      }
      if (!isPolled) {
        mayWork.signal(); // another is to look after the idle taps now, or to end too
      }
      return tap;
    } finally {
      lock.unlock();
    }
  }

  private Tap nextReady() {
    poll();
    return firstReady.isEmpty() ? ready.poll() : firstReady.poll();
  }

  private void poll() {
    long nowNs = System.nanoTime();
    if (nowNs - nextPollNs < 0) {
      return;
    }
    nextPollNs = nowNs + POLL_NS;
    for (Iterator<Tap> each = idle.iterator(); each.hasNext(); ) {
      Tap tap = each.next();
      if (tap.isReady(nowNs)) {
        each.remove();
        enqueue(tap);
      }
    }
  }

  private void putBack(Tap tap, boolean hasMore) {
    lock.lock();
    try {
      if (tap.hasEnded()) {
        all.remove(tap);
      } else if (hasMore || tap.isStopping()) {
        enqueue(tap);
      } else {
        idle.add(tap);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Stops all taps, waits until they have freed what they hold, and ends the threads. */
  @Override
  public void close() {
    List<CompletableFuture<Void>> ended = new ArrayList<>();
    lock.lock();
    try {
      isClosed = true;
      for (Tap tap : List.copyOf(all)) {
        ended.add(tap.stop());
      }
      mayWork.signalAll();
    } finally {
      lock.unlock();
    }
    ended.forEach(CompletableFuture::join);
    boolean isInterrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException interrupted) {
          isInterrupted = true;
        }
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
