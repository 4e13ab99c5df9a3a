package dev.halcyon.core.select;

import dev.halcyon.core.detect.ScoreWeights;
import java.util.Objects;

/**
 * What clips are looked for.
 *
 * @param maxClips most clips chosen, 1..50
 * @param minUs shortest clip, at least a second
 * @param maxUs longest clip, at most an hour; no less than {@code minUs}
 * @param weights of the terms of the score
 */
public record SelectionSettings(int maxClips, long minUs, long maxUs, ScoreWeights weights) {
  public static final SelectionSettings DEFAULT =
      new SelectionSettings(10, 15_000_000, 90_000_000, ScoreWeights.DEFAULT);

  /** So many candidates are kept for each clip that may be chosen. */
  public static final int KEPT_FOR_EACH = 3;

  private static final int MOST_CLIPS = 50;
  private static final long SHORTEST_US = 1_000_000;
  private static final long LONGEST_US = 3_600_000_000L;

  public SelectionSettings {
    Objects.requireNonNull(weights, "weights");
    if (maxClips < 1 || maxClips > MOST_CLIPS) {
      throw new IllegalArgumentException(
          "max_clips out of 1.." + MOST_CLIPS + " [value=" + maxClips + "]");
    }
    if (minUs < SHORTEST_US || maxUs > LONGEST_US || minUs > maxUs) {
      throw new IllegalArgumentException(
          "clip lengths out of 1 s..1 h, or the shortest is longer than the longest [minUs="
              + minUs
              + ", maxUs="
              + maxUs
              + "]");
    }
  }
}
