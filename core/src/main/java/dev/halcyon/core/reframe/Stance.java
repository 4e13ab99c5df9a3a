package dev.halcyon.core.reframe;

/**
 * How calmly a subject stands, in one direction, at the steps of a camera's grid. Places where it
 * is unknown are {@code NaN}.
 */
final class Stance {
  /** Half the time over which its place is averaged: what a detector shakes goes away. */
  private static final int AVERAGE_STEPS = 5;

  /** Half the time within which it shows whether it walks. */
  private static final int UNREST_STEPS = 15;

  private Stance() {}

  /** Its place, averaged over what is known about a step. */
  static double[] averaged(double[] places) {
    double[] averaged = places.clone();
    for (int i = 0; i < places.length; i++) {
      double sum = 0;
      int known = 0;
      int reach = Math.min(AVERAGE_STEPS, Math.min(i, places.length - 1 - i));
      for (int j = i - reach; j <= i + reach; j++) {
        if (!Double.isNaN(places[j])) {
          sum += places[j];
          known++;
        }
      }
      averaged[i] = Double.isNaN(places[i]) ? Double.NaN : sum / known;
    }
    return averaged;
  }

  /** How far it gets about a step. */
  static double[] unrest(double[] places) {
    double[] unrest = new double[places.length];
    for (int i = 0; i < places.length; i++) {
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      int last = Math.min(places.length - 1, i + UNREST_STEPS);
      for (int j = Math.max(0, i - UNREST_STEPS); j <= last; j++) {
        if (!Double.isNaN(places[j])) {
          least = Math.min(least, places[j]);
          most = Math.max(most, places[j]);
        }
      }
      unrest[i] = Math.max(0, most - least);
    }
    return unrest;
  }
}
