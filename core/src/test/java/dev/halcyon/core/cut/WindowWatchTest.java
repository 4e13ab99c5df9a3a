package dev.halcyon.core.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class WindowWatchTest {
  @Test
  void closesWhenEveryTrackHasPassedTheEnd() {
    WindowWatch watch = new WindowWatch(1_000_000, 2);
    watch.onPacket(0, 990_000);
    watch.onPacket(1, 999_000);
    watch.onPacket(0, 1_000_000);
    assertFalse(watch.isClosed());
    watch.onPacket(1, 1_020_000);
    assertTrue(watch.isClosed());
    assertEquals(new BitSet(), watch.stalledTracks());
  }

  @Test
  void closesWithTheEpoch() {
    WindowWatch watch = new WindowWatch(1_000_000, 1);
    watch.onPacket(0, 500_000);
    assertFalse(watch.isClosed());
    watch.onEpochEnd();
    assertTrue(watch.isClosed());
  }

  @Test
  void doesNotWaitForATrackThatFellSilent() {
    WindowWatch watch = new WindowWatch(1_000_000, 2);
    watch.onPacket(0, 600_000);
    watch.onPacket(1, 700_000);
    watch.onPacket(0, 1_050_000);
    watch.onPacket(0, 1_099_999);
    assertFalse(watch.isClosed());
    watch.onPacket(0, 1_100_000);
    assertTrue(watch.isClosed());
    assertTrue(watch.stalledTracks().get(1));
  }

  @Test
  void waitsForATrackThatConstantlyComesLate() {
    WindowWatch watch = new WindowWatch(1_000_000, 2);
    for (long us = 0; us < 1_700_000; us += 20_000) {
      watch.onPacket(0, us);
      watch.onPacket(1, us - 700_000);
    }
    assertFalse(watch.isClosed());
    watch.onPacket(1, 1_000_000);
    assertTrue(watch.isClosed());
  }

  @Test
  void doesNotWaitForATrackThatNeverBegan() {
    WindowWatch watch = new WindowWatch(1_000_000, 2);
    watch.onPacket(0, 600_000);
    watch.onPacket(0, 1_000_000);
    assertFalse(watch.isClosed());
    watch.onPacket(0, 1_100_000);
    assertTrue(watch.isClosed());
  }

  @Test
  void staysOpenWhileEverythingStandsStill() {
    WindowWatch watch = new WindowWatch(1_000_000, 2);
    watch.onPacket(0, 100_000);
    watch.onPacket(1, 900_000);
    watch.onPacket(1, 999_000);
    assertFalse(watch.isClosed());
  }
}
