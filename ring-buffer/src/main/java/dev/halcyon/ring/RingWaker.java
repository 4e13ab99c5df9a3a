package dev.halcyon.ring;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * One daemon thread that wakes the readers of all rings of this process. To wake a thread takes its
 * waker microseconds, tens of them on a virtual machine; a writer so pays for one at most, however
 * many readers wait for its packet, and for none while packets come often: then this thread looks
 * every millisecond by itself. It sleeps while no ring asks.
 */
final class RingWaker {
  private static final long LOOK_EVERY_NS = 1_000_000;

  /** Longer than the time between two packets of a live stream. */
  private static final long LOOK_FOR_NS = 100_000_000;

  /** Those of rings that asked, the latest first, linked through themselves. */
  private static final AtomicReference<Readers> asking = new AtomicReference<>();

  private static volatile boolean isAsleep;
  private static final Thread thread =
      Thread.ofPlatform().name("ring-waker").daemon().start(RingWaker::run);

  private RingWaker() {}

  /**
   * Has a ring's readers woken soon. On its writer's thread; allocates nothing.
   *
   * @param readers not asking already, see {@link Readers#beginWake}
   */
  static void ask(Readers readers) {
    Readers before;
    do {
      before = asking.get();
      readers.askedBefore(before);
    } while (!asking.compareAndSet(before, readers));
    if (isAsleep) {
      LockSupport.unpark(thread);
    }
  }

  private static void run() {
    long askedNs = System.nanoTime();
    while (true) {
      long nowNs = System.nanoTime();
      if (wakeAll()) {
        askedNs = nowNs;
      }
      if (nowNs - askedNs < LOOK_FOR_NS) {
        LockSupport.parkNanos(RingWaker.class, LOOK_EVERY_NS);
      } else {
        sleep();
      }
    }
  }

  /** Until a ring asks. */
  private static void sleep() {
    isAsleep = true;
    if (asking.get() == null) {
      LockSupport.park(RingWaker.class);
    }
    isAsleep = false;
  }

  /** Whether any ring had asked. */
  private static boolean wakeAll() {
    Readers readers = asking.getAndSet(null);
    boolean hasAsked = readers != null;
    while (readers != null) {
      Readers next = readers.beginWake();
      readers.wake();
      readers = next;
    }
    return hasAsked;
  }
}
