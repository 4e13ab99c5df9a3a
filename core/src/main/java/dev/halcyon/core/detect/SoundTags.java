package dev.halcyon.core.detect;

import java.util.EnumMap;
import java.util.Map;

/**
 * How sure a tagger is of each sound in one stretch of time.
 *
 * @param fromUs stream time
 * @param toUs stream time
 * @param scores 0..1, all tags
 */
public record SoundTags(long fromUs, long toUs, Map<SoundTag, Double> scores) {
  public SoundTags {
    scores = Map.copyOf(new EnumMap<>(scores));
    if (scores.size() != SoundTag.values().length) {
      throw new IllegalArgumentException("tags are missing [scores=" + scores + "]");
    }
    for (double score : scores.values()) {
      if (!(score >= 0 && score <= 1)) {
        throw new IllegalArgumentException("score out of 0..1 [score=" + score + "]");
      }
    }
  }
}
