package dev.halcyon.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A packet is published while a reader looks: it sees the whole packet or nothing. */
@JCStressTest
@Outcome(id = "PACKET, NOTHING_YET", expect = ACCEPTABLE, desc = "read while it was published")
@Outcome(id = "NOTHING_YET, PACKET", expect = ACCEPTABLE, desc = "read afterwards")
@Outcome(expect = FORBIDDEN, desc = "torn, lost or read twice")
@State
public class PublishRead {
  private final StressRing ring = StressRing.take();

  @Actor
  public void writer() {
    ring.append(700);
  }

  @Actor
  public void reader(LL_Result seen) {
    seen.r1 = ring.next();
  }

  @Arbiter
  public void afterwards(LL_Result seen) {
    seen.r2 = ring.next();
    ring.release();
  }
}
