package dev.halcyon.verticles.ingest.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.core.time.Clock;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ArrivalClockTest {
  private static final long NOW_US = 1_800_000_000_000_000L;

  private long nowUs = NOW_US;
  private final ArrivalClock arrivals =
      new ArrivalClock(
          new Clock() {
            @Override
            public long wallUs() {
              return nowUs;
            }

            @Override
            public long nanoTime() {
              return nowUs * 1_000;
            }
          });

  private static PullRun run(OptionalLong wallUs, long leadUs) {
    return new PullRun((into, offset, length) -> -1, false, wallUs, leadUs, false);
  }

  private long at(long dtsUs) {
    arrivals.at(dtsUs);
    return arrivals.wallUs();
  }

  /** A segment of four seconds comes at once: its packets came in the four seconds before. */
  @Test
  void packetsOfABurstArriveAsTheyWereMade() {
    arrivals.begin(run(OptionalLong.empty(), 4_000_000));
    assertEquals(NOW_US - 4_000_000, at(500));
    assertEquals(NOW_US - 3_000_000, at(1_000_500));
    nowUs += 4_000_000;
    assertEquals(NOW_US, at(4_000_500));
    assertEquals(NOW_US + 3_900_000, at(7_900_500));
  }

  @Test
  void nothingArrivesBeforeItIsThereOrEarlierThanWhatCameBefore() {
    arrivals.begin(run(OptionalLong.empty(), 0));
    assertEquals(NOW_US, at(0));
    assertEquals(NOW_US, at(60_000_000));
    assertEquals(NOW_US, at(59_000_000));
  }

  @Test
  void aPauseOfTheSourceIsAPause() {
    arrivals.begin(run(OptionalLong.empty(), 0));
    at(0);
    nowUs += 100_000_000;
    assertEquals(NOW_US + 100_000_000, at(1_000_000));
    nowUs += 1_000_000;
    assertEquals(NOW_US + 101_000_000, at(2_000_000));
  }

  @Test
  void theTimeThatASourceStatesIsBelievedWhenItIsNearOurs() {
    arrivals.begin(run(OptionalLong.of(NOW_US - 20_000_000), 4_000_000));
    assertEquals(NOW_US - 20_000_000, at(7));
    assertEquals(NOW_US - 15_000_000, at(5_000_007));
    arrivals.begin(run(OptionalLong.of(0), 4_000_000));
    assertEquals(NOW_US - 4_000_000, at(7));
  }

  @Test
  void aStampThatStepsDoesNotMoveTheTimeThatASourceStates() {
    arrivals.begin(run(OptionalLong.of(NOW_US - 20_000_000), 0));
    assertEquals(NOW_US - 20_000_000, at(0));
    assertEquals(NOW_US - 19_000_000, at(1_000_000));
    assertEquals(NOW_US - 19_000_000, at(36_001_000_000L));
    assertEquals(NOW_US - 19_000_000, at(2_000_000));
    nowUs += 3_000_000;
    assertEquals(NOW_US - 16_000_000, at(5_000_000));
  }
}
