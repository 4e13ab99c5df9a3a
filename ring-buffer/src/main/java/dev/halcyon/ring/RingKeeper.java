package dev.halcyon.ring;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** One daemon thread that works ahead of all writers of this process; parked while none asks. */
final class RingKeeper {
  private static final System.Logger log = System.getLogger(RingKeeper.class.getName());

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

  static void wake() {
    LockSupport.unpark(thread);
  }

  private static void keep() {
    while (true) {
      for (PagesAhead ward : wards) {
        if (ward.isRequested()) {
          keep(ward);
        }
      }
      LockSupport.park(RingKeeper.class);
    }
  }

  private static void keep(PagesAhead ward) {
    try {
      ward.run();
    } catch (RuntimeException | InternalError failure) {
      log.log(System.Logger.Level.WARNING, "working ahead of a ring's writer", failure);
    }
  }
}
