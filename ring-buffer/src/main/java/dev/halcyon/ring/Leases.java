package dev.halcyon.ring;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** A ring's leases. Granted and closed in any thread; {@link #floor} on the writer's. */
final class Leases {
  private final AtomicLong revoked = new AtomicLong();
  private volatile Lease[] granted = new Lease[0];

  synchronized void add(Lease lease) {
    Lease[] held = Arrays.stream(granted).filter(Lease::isHeld).toArray(Lease[]::new);
    Lease[] next = Arrays.copyOf(held, held.length + 1);
    next[held.length] = lease;
    granted = next;
  }

  synchronized void remove(Lease lease) {
    granted = Arrays.stream(granted).filter(each -> each != lease).toArray(Lease[]::new);
  }

  /**
   * How far eviction may go: to {@code wanted}, or only to the oldest lease. Ends leases whose
   * deadline passed and those that hold more than can be held. Allocates nothing.
   *
   * @param wanted where eviction would go without leases
   * @param hard what lies before is overwritten, or evicted already
   */
  long floor(long wanted, long hard) {
    Lease[] now = granted;
    if (now.length == 0) {
      return wanted;
    }
    long nowNs = System.nanoTime();
    long floor = wanted;
    for (Lease lease : now) {
      if (!lease.isHeld()) {
        continue;
      }
      if (lease.deadlineNs() - nowNs <= 0) {
        lease.end(Lease.State.EXPIRED);
      } else if (lease.fromPosition() < hard) {
        if (lease.end(Lease.State.REVOKED)) {
          revoked.incrementAndGet();
        }
      } else {
        floor = Math.min(floor, lease.fromPosition());
      }
    }
    return floor;
  }

  int held() {
    return (int) Arrays.stream(granted).filter(Lease::isHeld).count();
  }

  long revoked() {
    return revoked.get();
  }
}
