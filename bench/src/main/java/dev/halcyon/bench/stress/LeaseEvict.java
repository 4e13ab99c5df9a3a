package dev.halcyon.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.ring.Lease;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A reader asks for the oldest packet to stay while the writer is about to drop it. Whatever comes
 * first: a lease that says it is held keeps its word.
 */
@JCStressTest
@Outcome(id = "LEASED, PACKET", expect = ACCEPTABLE, desc = "the lease came first and holds")
@Outcome(id = "LEASED, REVOKED", expect = ACCEPTABLE, desc = "the writer came first; it says so")
@Outcome(id = "REFUSED, GONE", expect = ACCEPTABLE, desc = "the packet was dropped already")
@Outcome(expect = FORBIDDEN, desc = "held, and yet it cannot be read")
@State
public class LeaseEvict {
  private final StressRing ring = StressRing.take();
  private final long oldest;
  private Lease lease;

  public LeaseEvict() {
    while (ring.ring.committedPosition() < 2 * StressRing.CAPACITY_BYTES) {
      ring.append(3000);
    }
    oldest = ring.ring.oldestPosition();
  }

  /** Drops the oldest, but stays within the slack that a lease may use. */
  @Actor
  public void writer() {
    ring.append(1500);
  }

  @Actor
  public void reader(LL_Result seen) {
    try {
      lease = ring.ring.lease(oldest, System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
      seen.r1 = "LEASED";
    } catch (HalcyonException gone) {
      seen.r1 = "REFUSED";
    }
  }

  @Arbiter
  public void afterwards(LL_Result seen) {
    if (lease == null) {
      seen.r2 = "GONE";
    } else if (lease.state() != Lease.State.HELD) {
      seen.r2 = lease.state().name();
      lease.close();
    } else {
      ring.append(100); // the writer looks at leases again
      ring.cursor.seek(oldest);
      seen.r2 = lease.state() == Lease.State.HELD ? ring.next() : lease.state().name();
      lease.close();
    }
    ring.release();
  }
}
