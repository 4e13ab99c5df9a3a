package dev.halcyon.codecs.verify;

import dev.halcyon.core.clip.Gap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds stretches without a new picture by the rule of cut planning: a picture that lasts longer
 * than three usual ones, and than 100 ms. One thread.
 */
final class GapFinder {
  private static final int GAP_PICTURES = 3;
  private static final long MIN_GAP_US = 100_000;

  /** Distances that are remembered to tell the usual one: some minutes of pictures. */
  private static final int MAX_DISTANCES = 10_000;

  /** Stretches that are remembered. */
  private static final int MAX_LONG = 10_000;

  private final long[] distancesUs = new long[MAX_DISTANCES];
  private final List<long[]> longOnes = new ArrayList<>();
  private int count;

  void onPicture(long beforeUs, long atUs) {
    if (count < MAX_DISTANCES) {
      distancesUs[count++] = atUs - beforeUs;
    }
    if (atUs - beforeUs > MIN_GAP_US && longOnes.size() < MAX_LONG) {
      longOnes.add(new long[] {beforeUs, atUs});
    }
  }

  /**
   * @param lastUs when the last picture is shown
   * @param endUs when it ends
   */
  List<Gap> found(long lastUs, long endUs) {
    if (count > 0) {
      onPicture(lastUs, endUs);
    }
    long[] sorted = Arrays.copyOf(distancesUs, count);
    Arrays.sort(sorted);
    long usualUs = count == 0 ? 0 : sorted[count / 2];
    List<Gap> gaps = new ArrayList<>();
    for (long[] span : longOnes) {
      if (span[1] - span[0] > GAP_PICTURES * usualUs) {
        gaps.add(new Gap(span[0] + usualUs, span[1] - span[0] - usualUs));
      }
    }
    return gaps;
  }
}
