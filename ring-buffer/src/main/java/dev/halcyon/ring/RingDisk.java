package dev.halcyon.ring;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The few daemon threads of this process that may wait for a disk on behalf of rings; never the
 * writers', never the keeper that works ahead of them.
 */
final class RingDisk {
  private static final int THREADS = 4;
  private static final System.Logger log = System.getLogger(RingDisk.class.getName());
  private static final AtomicInteger number = new AtomicInteger();
  private static final ScheduledThreadPoolExecutor threads = threads();

  private RingDisk() {}

  private static ScheduledThreadPoolExecutor threads() {
    ScheduledThreadPoolExecutor made =
        new ScheduledThreadPoolExecutor(
            THREADS,
            work ->
                Thread.ofPlatform()
                    .name("ring-disk-" + number.getAndIncrement())
                    .daemon()
                    .unstarted(work));
    made.setRemoveOnCancelPolicy(true);
    return made;
  }

  /** Does {@code work} on one of the threads; logs what it throws. */
  static void soon(Runnable work) {
    threads.execute(() -> run(work));
  }

  /** Does {@code work} again and again until the answer is cancelled; never twice at once. */
  static Future<?> every(long periodMs, Runnable work) {
    return threads.scheduleAtFixedRate(() -> run(work), periodMs, periodMs, TimeUnit.MILLISECONDS);
  }

  private static void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | InternalError failure) {
      log.log(System.Logger.Level.WARNING, "work on a ring's file", failure);
    }
  }
}
