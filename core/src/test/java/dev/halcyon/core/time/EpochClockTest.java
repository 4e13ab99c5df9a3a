package dev.halcyon.core.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EpochClockTest {
  private static final long TEN_HOURS_US = 36_000_000_000L;

  @Test
  void startsStreamTimeAtTheFirstPacketWhateverTheSourceSays() {
    EpochClock clock = new EpochClock(TEN_HOURS_US, 0);

    assertEquals(0, clock.dtsUs(0, TEN_HOURS_US, 1));
    assertEquals(40_000, clock.dtsUs(0, TEN_HOURS_US + 40_000, 2));
  }

  @Test
  void keepsTheTrueOffsetBetweenTracks() {
    EpochClock clock = new EpochClock(1_000, 500);
    clock.dtsUs(0, 1_000, 0);

    assertEquals(500 + 23_000, clock.dtsUs(1, 24_000, 0));
  }

  @Test
  void movesAStampThatDoesNotIncreaseByTheLeastAndCountsIt() {
    EpochClock clock = new EpochClock(0, 0);
    clock.dtsUs(0, 40_000, 0);

    assertEquals(40_001, clock.dtsUs(0, 40_000, 0));
    assertEquals(1, clock.repairedPackets());
    assertEquals(40_001, clock.ptsUs(39_000, 40_001));
  }

  @Test
  void callsAResetAndALeapJumps() {
    EpochClock clock = new EpochClock(0, 0);
    clock.dtsUs(0, 60_000_000, 1_000_000);

    assertTrue(clock.isJump(0, 0, 1_040_000));
    assertTrue(clock.isJump(0, 90_000_000, 1_040_000));
    assertFalse(clock.isJump(0, 59_500_000, 1_040_000));
    assertFalse(clock.isJump(0, 60_040_000, 1_040_000));
  }

  @Test
  void allowsAPauseThatTheWallClockSawToo() {
    EpochClock clock = new EpochClock(0, 0);
    clock.dtsUs(0, 60_000_000, 1_000_000);

    assertFalse(clock.isJump(0, 90_000_000, 31_000_000));
  }

  @Test
  void callsATrackThatBeginsFarFromTheOthersAJump() {
    EpochClock clock = new EpochClock(0, 0);
    clock.dtsUs(0, 0, 0);
    clock.extendTo(40_000);

    assertFalse(clock.isJump(1, -20_000, 0));
    assertTrue(clock.isJump(1, TEN_HOURS_US, 0));
  }

  @Test
  void resumesAfterTheSilenceThatTheWallClockMeasured() {
    assertEquals(10_000_000 + 3_000_000, EpochClock.resumeAtUs(10_000_000, 50, 3_000_050));
    assertEquals(10_001_000, EpochClock.resumeAtUs(10_000_000, 50, 10));
  }
}
