package dev.halcyon.ring;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** A ring's leases. Granted and closed in any thread; {@link #floor} on the writer's. */
final class Leases {
  private final AtomicLong revoked = new AtomicLong();
  private volatile Lease[] granted = new Lease[0];
  private long floorUs;

  synchronized void add(Lease lease) {
    Lease[] held = Arrays.stream(granted).filter(Lease::isGranted).toArray(Lease[]::new);
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
   * @param needed what lies before is overwritten, or evicted already
   */
  long floor(long wanted, long needed) {
    Lease[] now = granted;
    long floor = wanted;
    if (now.length == 0) {
      return floor;
    }
    long nowNs = System.nanoTime();
    for (Lease lease : now) {
      if (!lease.isGranted() || lease.endIfExpired(nowNs)) {
        continue;
      }
      if (lease.fromPosition() < needed) {
        revoke(lease);
      } else if (lease.fromPosition() < floor) {
        floor = lease.fromPosition();
        floorUs = lease.fromUs();
      }
    }
    return floor;
  }

  /** Stream time of the lease at which the last {@link #floor} stopped. */
  long floorUs() {
    return floorUs;
  }

  void revoke(Lease lease) {
    if (lease.end(Lease.State.REVOKED)) {
      revoked.incrementAndGet();
    }
  }

  int held() {
    return (int) Arrays.stream(granted).filter(each -> each.state() == Lease.State.HELD).count();
  }

  long revoked() {
    return revoked.get();
  }
}
