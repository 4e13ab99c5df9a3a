package dev.halcyon.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * As {@link PublishRead}, where the packet goes over the end of the lap, behind a padding record.
 */
@JCStressTest
@Outcome(id = "PACKET, NOTHING_YET", expect = ACCEPTABLE, desc = "read while it was published")
@Outcome(id = "NOTHING_YET, PACKET", expect = ACCEPTABLE, desc = "read afterwards")
@Outcome(expect = FORBIDDEN, desc = "torn, lost, read twice, or the padding was taken for one")
@State
public class WrapRead {
  private static final int BYTES = 8000;

  private final StressRing ring = StressRing.take();

  public WrapRead() {
    ring.fillUpTo(BYTES);
  }

  @Actor
  public void writer() {
    ring.append(BYTES);
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
