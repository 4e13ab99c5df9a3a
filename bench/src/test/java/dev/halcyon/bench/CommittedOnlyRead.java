package dev.halcyon.bench;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * What the ring does not do: a reader that validates by the committed position alone. It passes
 * torn reads, and the stress tests must be able to see that.
 */
@JCStressTest
@Outcome(id = "PACKET", expect = ACCEPTABLE, desc = "copied before or after")
@Outcome(id = "OVERTAKEN", expect = ACCEPTABLE, desc = "noticed")
@Outcome(id = "TORN", expect = FORBIDDEN, desc = "validated, and yet torn")
@State
public class CommittedOnlyRead {
  private static final int BYTES = 8 << 10;

  private final ByteBuffer place = ByteBuffer.allocate(BYTES);
  private final byte[] copy = new byte[BYTES];
  private final AtomicLong committed = new AtomicLong();

  @Actor
  public void writer() {
    for (int i = 0; i < BYTES; i++) {
      place.put(i, (byte) 1);
    }
    committed.set(1);
  }

  @Actor
  public void reader(L_Result seen) {
    long before = committed.get();
    place.get(0, copy);
    if (committed.get() != before) {
      seen.r1 = "OVERTAKEN";
      return;
    }
    seen.r1 = "PACKET";
    for (byte each : copy) {
      if (each != copy[0]) {
        seen.r1 = "TORN";
      }
    }
  }
}
