package dev.halcyon.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LevelBaselineTest {
  private final LevelBaseline baseline = new LevelBaseline();

  @Test
  void saysNothingBeforeFiveSeconds() {
    learn(49, -30);
    assertFalse(baseline.hasBegun());
    assertEquals(0, baseline.strength(0));
    learn(1, -30);
    assertTrue(baseline.hasBegun());
    assertEquals(1, baseline.strength(0));
  }

  @Test
  void strengthRunsFromThreeToTenDeviationsAboveTheMedian() {
    for (int i = 0; i < 300; i++) {
      // Deviations 0, 2, 2, 4, 4 in turn: median −30, MAD 2.
      baseline.learn(-30 + new double[] {0, 2, -2, 4, -4}[i % 5]);
    }
    assertEquals(-30, baseline.medianDb());
    assertEquals(2, baseline.madDb());
    assertEquals(0, baseline.strength(-24));
    assertEquals(0.5, baseline.strength(-17), 1e-9);
    assertEquals(1, baseline.strength(-10), 1e-9);
    assertEquals(1, baseline.strength(0));
    assertEquals(0, baseline.strength(-70));
  }

  @Test
  void deviationIsAtLeastOneDb() {
    learn(60, -30);
    assertEquals(1, baseline.madDb());
    assertEquals(0.5, baseline.strength(-30 + 6.5), 1e-9);
  }

  @Test
  void followsTheLastMinuteOnly() {
    learn(600, -40);
    learn(301, -39);
    assertEquals(-39, baseline.medianDb());
    learn(300, -39);
    assertEquals(-39, baseline.medianDb());
  }

  @Test
  void doesNotLearnWhatIsWithheld() {
    learn(100, -30);
    for (int i = 0; i < 149; i++) {
      assertFalse(baseline.withhold(-5));
    }
    assertEquals(-30, baseline.medianDb());
    assertEquals(1, baseline.strength(-5));
  }

  @Test
  void takesALevelThatFillsHalfOfThirtySecondsForTheNewNormal() {
    learn(600, -40);
    int withheld = 0;
    boolean isChanged = false;
    for (int i = 0; i < 300 && !isChanged; i++) {
      // Two phrases in three, as talk with pauses over a quiet room.
      if (i % 30 < 20) {
        isChanged = baseline.withhold(-20);
        withheld++;
      } else {
        baseline.learn(-40);
      }
    }
    assertTrue(isChanged);
    assertEquals(150, withheld);
    learn(100, -20);
    assertEquals(-20, baseline.medianDb());
    assertEquals(0, baseline.strength(-20));
  }

  @Test
  void pausesInTheFirstSecondsDoNotMakeAStreamSilent() {
    learn(45, -25);
    learn(10, -70);
    assertFalse(baseline.hasBegun());
    learn(5, -25);
    assertTrue(baseline.hasBegun());
    assertEquals(0, baseline.strength(-25));
  }

  @Test
  void silenceIsNotLearnt() {
    learn(100, -25);
    learn(1_000, -70);
    assertFalse(baseline.isSilent());
    assertEquals(-25, baseline.medianDb());
    assertEquals(0, baseline.strength(-25));
  }

  @Test
  void aStreamSilentFromItsStartHasSilenceAsItsBaseline() {
    learn(60, -70);
    assertTrue(baseline.hasBegun());
    assertTrue(baseline.isSilent());
    assertEquals(LevelBaseline.FLOOR_DB, baseline.medianDb());
    assertEquals(1, baseline.strength(-20));
    learn(50, -20);
    assertFalse(baseline.isSilent());
    assertEquals(0, baseline.strength(-20));
  }

  private void learn(int count, double lufs) {
    for (int i = 0; i < count; i++) {
      baseline.learn(lufs);
    }
  }
}
