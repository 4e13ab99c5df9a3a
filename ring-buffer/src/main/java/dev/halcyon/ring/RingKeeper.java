package dev.halcyon.ring;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * One daemon thread that works ahead of all writers of this process. While some of them ask now and
 * then it looks by itself, so that at a live stream's pace none of them has to wake it, which would
 * take the writer microseconds; it sleeps while none asks.
 */
final class RingKeeper {
  private static final System.Logger log = System.getLogger(RingKeeper.class.getName());

  /** A stream of 100 Mb/s writes an eighth of a MiB meanwhile. */
  private static final long LOOK_EVERY_NS = 10_000_000;

  /** A writer at the speed of memory writes a MiB meanwhile. */
  private static final long LOOK_AT_LEAST_EVERY_NS = 50_000;

  /** A stream of 3 Mb/s asks more often. */
  private static final long LOOK_FOR_NS = 5_000_000_000L;

  private static volatile boolean isAsleep;
  private static volatile PagesAhead[] wards = new PagesAhead[0];
  private static final Thread thread =
      Thread.ofPlatform().name("ring-keeper").daemon().start(RingKeeper::keep);

  private RingKeeper() {}

  static synchronized void add(PagesAhead ward) {
    PagesAhead[] next = Arrays.copyOf(wards, wards.length + 1);
    next[wards.length] = ward;
    wards = next;
  }

  /** Afterwards the keeper leaves the ward alone. */
  static void remove(PagesAhead ward) {
    synchronized (RingKeeper.class) {
      wards = Arrays.stream(wards).filter(each -> each != ward).toArray(PagesAhead[]::new);
    }
    ward.close();
  }

  /** A ward has asked. */
  static void onRequest() {
    if (isAsleep) {
      LockSupport.unpark(thread);
    }
  }

  /** A ward cannot wait until it is looked at. */
  static void hurry() {
    LockSupport.unpark(thread);
  }

  private static void keep() {
    long keptNs = System.nanoTime();
    long lookEveryNs = LOOK_EVERY_NS;
    while (true) {
      long nowNs = System.nanoTime();
      int requests = keepAll();
      lookEveryNs = lookEveryNs(lookEveryNs, requests);
      if (requests > 0) {
        keptNs = nowNs;
      }
      if (nowNs - keptNs < LOOK_FOR_NS) {
        LockSupport.parkNanos(RingKeeper.class, lookEveryNs);
      } else {
        sleep();
      }
    }
  }

  /** So often that hardly any writer asks twice between two looks. */
  private static long lookEveryNs(long beforeNs, int requests) {
    return switch (requests) {
      case 0 -> Math.min(2 * beforeNs, LOOK_EVERY_NS);
      case 1 -> beforeNs;
      default -> LOOK_AT_LEAST_EVERY_NS;
    };
  }

  /** Until a ward asks. */
  private static void sleep() {
    isAsleep = true;
    if (Arrays.stream(wards).allMatch(ward -> ward.requests() == 0)) {
      LockSupport.park(RingKeeper.class);
    }
    isAsleep = false;
  }

  /** How often a ward had asked, at most. */
  private static int keepAll() {
    int most = 0;
    for (PagesAhead ward : wards) {
      int requests = ward.requests();
      if (requests > 0) {
        most = Math.max(most, requests);
        keep(ward);
      }
    }
    return most;
  }

  private static void keep(PagesAhead ward) {
    try {
      ward.run();
    } catch (RuntimeException | InternalError failure) {
      log.log(System.Logger.Level.WARNING, "working ahead of a ring's writer", failure);
    }
  }
}
