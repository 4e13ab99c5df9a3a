package dev.halcyon.core.detect;

import java.util.Objects;

/**
 * How a stream's signals become highlights. Seconds are fractional settings; media time stays in
 * microseconds through the accessors ending in {@code Us}.
 *
 * @param threshold score 0..1 above which a cluster of signals becomes a highlight
 * @param preRollS seconds kept before the first signal of a cluster
 * @param postRollS seconds kept after the last signal of a cluster
 * @param mergeWindowS signals closer than this belong to one cluster
 * @param cooldownS signals sooner than this after the end of a highlight begin no new one
 * @param minSignals fewest signals in a cluster
 * @param weights of the terms of the score
 */
public record DetectionSettings(
    boolean enabled,
    double threshold,
    double preRollS,
    double postRollS,
    double mergeWindowS,
    double cooldownS,
    int minSignals,
    ScoreWeights weights) {
  public static final DetectionSettings DEFAULT = new DetectionSettings(true, 0.5, 8, 4, 6, 10, 1);

  public DetectionSettings {
    requireIn("threshold", threshold, 0, 1);
    requireIn("pre_roll_s", preRollS, 0, 600);
    requireIn("post_roll_s", postRollS, 0, 600);
    requireIn("merge_window_s", mergeWindowS, 0, 600);
    requireIn("cooldown_s", cooldownS, 0, 3600);
    requireIn("min_signals", minSignals, 1, 100);
    Objects.requireNonNull(weights, "weights");
  }

  /** With the default weights. */
  public DetectionSettings(
      boolean enabled,
      double threshold,
      double preRollS,
      double postRollS,
      double mergeWindowS,
      double cooldownS,
      int minSignals) {
    this(
        enabled,
        threshold,
        preRollS,
        postRollS,
        mergeWindowS,
        cooldownS,
        minSignals,
        ScoreWeights.DEFAULT);
  }

  private static void requireIn(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "detection." + name + " out of " + least + ".." + most + " [value=" + value + "]");
    }
  }

  public long preRollUs() {
    return Math.round(preRollS * 1e6);
  }

  public long postRollUs() {
    return Math.round(postRollS * 1e6);
  }

  public long mergeWindowUs() {
    return Math.round(mergeWindowS * 1e6);
  }

  public long cooldownUs() {
    return Math.round(cooldownS * 1e6);
  }
}
