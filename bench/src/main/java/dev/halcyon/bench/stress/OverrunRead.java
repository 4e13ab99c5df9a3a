package dev.halcyon.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The writer goes over the packet that a reader copies: what the reader keeps is whole. */
@JCStressTest
@Outcome(id = "PACKET", expect = ACCEPTABLE, desc = "copied before it was overwritten")
@Outcome(id = "OVERTAKEN", expect = ACCEPTABLE, desc = "noticed, thrown away")
@Outcome(expect = FORBIDDEN, desc = "a torn copy passed for a whole one")
@State
public class OverrunRead {
  private final StressRing ring = StressRing.take();

  public OverrunRead() {
    while (ring.ring.committedPosition() < 2 * StressRing.CAPACITY_BYTES) {
      ring.append(3000);
    }
    ring.readOldest();
  }

  /** Through the slack and well into the oldest packets. */
  @Actor
  public void writer() {
    ring.append(4000);
    ring.append(4000);
    ring.append(4000);
  }

  @Actor
  public void reader(L_Result seen) {
    seen.r1 = ring.payload();
  }

  @Arbiter
  public void afterwards(L_Result seen) {
    ring.release();
  }
}
