package dev.halcyon.verticles.inference;

import dev.halcyon.core.inference.WorkClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The threads of one class of work and the queues that they serve: whichever batch is due longest
 * goes first, one batch of a model at a time. Any thread; closed by who made it, after its queues.
 */
public final class ComputeLane implements AutoCloseable {
  private static final long STOP_LIMIT_MS = 10_000;
  private static final long LONGEST_WAIT_NS = TimeUnit.HOURS.toNanos(1);

  private final WorkClass workClass;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<ModelQueue<?, ?>> queues = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private boolean isClosed;

  public ComputeLane(WorkClass workClass, int threadCount) {
    this.workClass = workClass;
    for (int i = 0; i < threadCount; i++) {
      threads.add(
          Thread.ofPlatform()
              .name("infer-" + workClass.wire() + "-" + i)
              .daemon()
              .start(this::serve));
    }
  }

  public WorkClass workClass() {
    return workClass;
  }

  public int threads() {
    return threads.size();
  }

  /** Guards the queues of this lane. */
  ReentrantLock lock() {
    return lock;
  }

  void add(ModelQueue<?, ?> queue) {
    lock.lock();
    try {
      queues.add(queue);
    } finally {
      lock.unlock();
    }
  }

  void remove(ModelQueue<?, ?> queue) {
    lock.lock();
    try {
      queues.remove(queue);
    } finally {
      lock.unlock();
    }
  }

  /** Something may be due sooner now. Under the lock. */
  void wake() {
    changed.signal();
  }

  private void serve() {
    for (Optional<Runnable> work = next(); work.isPresent(); work = next()) {
      work.get().run();
    }
  }

  /** Waits for work; none when closed. */
  private Optional<Runnable> next() {
    lock.lock();
    try {
      while (!isClosed) {
        long nowNs = System.nanoTime();
        ModelQueue<?, ?> first = null;
        long firstDueNs = nowNs + LONGEST_WAIT_NS;
        for (ModelQueue<?, ?> queue : queues) {
          OptionalLong dueNs = queue.dueNs(nowNs);
          if (dueNs.isPresent() && dueNs.getAsLong() - firstDueNs < 0) {
            first = queue;
            firstDueNs = dueNs.getAsLong();
          }
        }
        if (first != null && firstDueNs - nowNs <= 0) {
          Optional<Runnable> work = first.take(nowNs);
          if (work.isPresent()) {
            // What else is due is another thread's.
            changed.signal();
            return work;
          }
        } else {
          changed.awaitNanos(firstDueNs - nowNs);
        }
      }
      return Optional.empty();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      isClosed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean isInterrupted = false;
    for (Thread thread : threads) {
      try {
        thread.join(STOP_LIMIT_MS);
      } catch (InterruptedException stopped) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
