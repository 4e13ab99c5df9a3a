package dev.halcyon.core.reframe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TautStringTest {
  private static final double ROUNDING = 1e-9;

  @Test
  void standsStillWhereItMay() {
    double[] way = TautString.through(new double[] {0, 1, 0, 2}, new double[] {5, 6, 3, 4}, 2.5);
    assertArrayEquals(new double[] {2.5, 2.5, 2.5, 2.5}, way);
  }

  @Test
  void standsAtItsEndsAndMovesEvenlyBetween() {
    double[] low = {0, 0, 0, 0, 4, 4};
    double[] high = {1, 1, 9, 9, 5, 5};
    assertArrayEquals(new double[] {1, 1, 2, 3, 4, 4}, TautString.through(low, high, 0), ROUNDING);
  }

  @Test
  void bendsAroundAnEdge() {
    double[] low = {0, 0, 0, 0, 0, 10};
    double[] high = {0, 9, 9, 1, 9, 10};
    assertArrayEquals(
        new double[] {0, 1 / 3.0, 2 / 3.0, 1, 5.5, 10}, TautString.through(low, high, 0), ROUNDING);
  }

  @Test
  void noOtherWayThroughTheTubeIsShorter() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      int length = 2 + random.nextInt(40);
      double[] low = new double[length];
      double[] high = new double[length];
      double centre = 0;
      for (int i = 0; i < length; i++) {
        centre += random.nextGaussian();
        low[i] = centre - random.nextDouble() * 2;
        high[i] = centre + random.nextDouble() * 2;
      }
      double[] way = TautString.through(low.clone(), high.clone(), 0);
      for (int i = 0; i < length; i++) {
        boolean isInside = way[i] >= low[i] - ROUNDING && way[i] <= high[i] + ROUNDING;
        assertTrue(isInside, "seed " + seed + " at " + i);
      }
      double[] other = relaxed(way, low, high, random);
      assertTrue(length(way) <= length(other) + 1e-6, "seed " + seed);
    }
  }

  /** Looks for a shorter way by moving one point at a time, from a way that was shaken. */
  private static double[] relaxed(double[] way, double[] low, double[] high, Random random) {
    double[] other = way.clone();
    for (int i = 0; i < other.length; i++) {
      other[i] = Math.clamp(other[i] + random.nextGaussian() / 10, low[i], high[i]);
    }
    for (int round = 0; round < 300; round++) {
      for (int i = 0; i < other.length; i++) {
        double before = other[Math.max(0, i - 1)];
        double after = other[Math.min(other.length - 1, i + 1)];
        double wish = i == 0 ? after : i == other.length - 1 ? before : (before + after) / 2;
        other[i] = Math.clamp(wish, low[i], high[i]);
      }
    }
    return other;
  }

  private static double length(double[] way) {
    double length = 0;
    for (int i = 1; i < way.length; i++) {
      length += Math.hypot(1, way[i] - way[i - 1]);
    }
    return length;
  }
}
