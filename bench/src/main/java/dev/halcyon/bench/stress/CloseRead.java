package dev.halcyon.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** The ring is closed under a reader, which then knows; nothing crashes. */
@JCStressTest
@Outcome(id = "PACKET, CLOSED", expect = ACCEPTABLE, desc = "read before the close")
@Outcome(id = "OVERTAKEN, CLOSED", expect = ACCEPTABLE, desc = "closed during the copy")
@Outcome(id = "CLOSED, CLOSED", expect = ACCEPTABLE, desc = "closed before")
@Outcome(expect = FORBIDDEN, desc = "read something else, or went on")
@State
public class CloseRead {
  private final StressRing ring = StressRing.fresh();

  @Actor
  public void closer() {
    ring.ring.close();
  }

  @Actor
  public void reader(LL_Result seen) {
    seen.r1 = ring.next();
  }

  @Arbiter
  public void afterwards(LL_Result seen) {
    seen.r2 = ring.next();
  }
}
