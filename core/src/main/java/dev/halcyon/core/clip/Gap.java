package dev.halcyon.core.clip;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A stretch of a clip's window for which a track gave nothing.
 *
 * @param atUs stream time at which the gap begins
 * @param lengthUs its length, positive
 */
public record Gap(long atUs, long lengthUs) {
  public long endUs() {
    return atUs + lengthUs;
  }

  /** Gaps of several tracks as disjoint ones in time order. */
  public static List<Gap> merged(List<Gap> gaps) {
    List<Gap> sorted = gaps.stream().sorted(Comparator.comparingLong(Gap::atUs)).toList();
    List<Gap> merged = new ArrayList<>();
    for (Gap gap : sorted) {
      Gap before = merged.isEmpty() ? null : merged.getLast();
      if (before == null || gap.atUs() > before.endUs()) {
        merged.add(gap);
        continue;
      }
      long endUs = Math.max(before.endUs(), gap.endUs());
      merged.set(merged.size() - 1, new Gap(before.atUs(), endUs - before.atUs()));
    }
    return merged;
  }
}
