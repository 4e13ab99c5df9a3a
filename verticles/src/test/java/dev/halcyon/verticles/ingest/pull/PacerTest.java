package dev.halcyon.verticles.ingest.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.core.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long STEP_US = 3_600_000_000L;

  private long nowUs = 7;
  private final Pacer pacer =
      new Pacer(
          new Clock() {
            @Override
            public long wallUs() {
              return nowUs;
            }

            @Override
            public long nanoTime() {
              return nowUs * 1_000;
            }
          },
          this::pass);

  private void pass(Duration wait) {
    nowUs += wait.toNanos() / 1_000;
  }

  /** How long it takes to take 50 packets, 40 ms apart. */
  private long playUs(long fromDtsUs) {
    long beganUs = nowUs;
    for (int i = 0; i < 50; i++) {
      pacer.await(fromDtsUs + i * 40_000L);
    }
    return nowUs - beganUs;
  }

  @Test
  void takesAsLongAsItPlays() {
    assertEquals(49 * 40_000, playUs(123));
    nowUs += 10_000;
    assertEquals(30_000 + 49 * 40_000, playUs(123 + 50 * 40_000));
  }

  @Test
  void keepsTheTimeWhereStampsStep() {
    assertEquals(49 * 40_000, playUs(2 * STEP_US));
    assertEquals(49 * 40_000, playUs(STEP_US));
    assertEquals(49 * 40_000, playUs(2 * STEP_US));
  }

  @Test
  void doesNotHurryAfterReadingWasHeldUp() {
    playUs(0);
    nowUs += STEP_US;
    assertEquals(49 * 40_000, playUs(50 * 40_000));
  }
}
