package dev.halcyon.core.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SampleClockTest {
  private static final int FRAME = 1024;

  @Test
  void countsSamplesThroughStampsCutToMilliseconds() {
    SampleClock clock = new SampleClock(44_100);
    for (int i = 0; i < 10_000; i++) {
      long exactUs = i * (long) FRAME * 1_000_000 / 44_100;

      assertEquals(exactUs, clock.next(exactUs / 1000 * 1000, FRAME));
    }
    assertEquals(0, clock.reanchorings());
  }

  @Test
  void followsADriftOnlyAfterASecond() {
    SampleClock clock = new SampleClock(48_000);
    long stampUs = 0;
    int packets = 0;
    while (clock.reanchorings() == 0) {
      stampUs = packets * 21_333L + 30_000L * Math.min(packets, 1);
      clock.next(stampUs, FRAME);
      packets++;
    }

    assertEquals(48, packets, 1);
    assertEquals(stampUs + 21_333, clock.next(stampUs + 21_333, FRAME));
  }

  @Test
  void keepsARealGapAGap() {
    SampleClock clock = new SampleClock(48_000);
    clock.next(0, FRAME);

    assertEquals(500_000, clock.next(500_000, FRAME));
    assertEquals(1, clock.reanchorings());
  }

  @Test
  void ignoresOneLateStamp() {
    SampleClock clock = new SampleClock(48_000);
    clock.next(0, FRAME);

    assertEquals(21_333, clock.next(60_000, FRAME));
    assertEquals(42_666, clock.next(42_666, FRAME));
    assertEquals(0, clock.reanchorings());
  }
}
