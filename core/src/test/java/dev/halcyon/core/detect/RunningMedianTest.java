package dev.halcyon.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class RunningMedianTest {
  @Test
  void agreesWithSortingTheWindow() {
    long seed = 7;
    Random random = new Random(seed);
    RunningMedian running = new RunningMedian(41);
    ArrayDeque<Double> window = new ArrayDeque<>();
    for (int i = 0; i < 2_000; i++) {
      if (random.nextInt(10) == 0 && !window.isEmpty()) {
        running.dropOldest();
        window.removeFirst();
      }
      // Few distinct values, so that equal ones are met often.
      double value = random.nextInt(60) / 4.0 - 30;
      running.add(value);
      window.addLast(value);
      if (window.size() > 41) {
        window.removeFirst();
      }
      double median = median(window.stream().mapToDouble(Double::doubleValue));
      double mad = median(window.stream().mapToDouble(v -> Math.abs(v - median)));
      String where = "seed=" + seed + " step=" + i;
      assertEquals(window.size(), running.size(), where);
      assertEquals(median, running.median(), 1e-12, where);
      assertEquals(mad, running.mad(), 1e-12, where);
    }
  }

  @Test
  void isNotANumberWhenEmpty() {
    RunningMedian running = new RunningMedian(3);
    running.add(1);
    running.clear();
    assertTrue(Double.isNaN(running.median()));
    assertTrue(Double.isNaN(running.mad()));
  }

  private static double median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
