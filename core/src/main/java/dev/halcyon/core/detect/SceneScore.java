package dev.halcyon.core.detect;

/**
 * How much two consecutive sampled keyframes differ.
 *
 * @param atUs stream time of the later one
 * @param difference 0 the same picture .. 1 nothing in common
 */
public record SceneScore(long atUs, double difference) {
  public SceneScore {
    if (!(difference >= 0 && difference <= 1)) {
      throw new IllegalArgumentException("difference out of 0..1 [value=" + difference + "]");
    }
  }
}
