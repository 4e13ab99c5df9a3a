package dev.halcyon.core.cut;

import dev.halcyon.core.clip.Gap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds the stretches of a stitched clip in which no new picture is shown. No state. */
final class PictureGaps {
  /** As in one piece: a picture that lasts longer than three usual ones, and than 100 ms. */
  private static final int GAP_PICTURES = 3;

  private static final long MIN_GAP_US = 100_000;

  private PictureGaps() {}

  /**
   * @param fromUs from where on pictures were wanted
   * @param startUs pts of the first picture that is presented
   * @param endUs end of the last one
   */
  static List<Gap> of(TrackCut pictures, long fromUs, long startUs, long endUs) {
    long[] shownUs =
        pictures.samples().stream()
            .mapToLong(sample -> sample.packet().ptsUs())
            .filter(ptsUs -> ptsUs >= startUs && ptsUs < endUs)
            .sorted()
            .toArray();
    long[] lengthsUs = new long[shownUs.length];
    for (int i = 0; i < shownUs.length; i++) {
      lengthsUs[i] = (i + 1 < shownUs.length ? shownUs[i + 1] : endUs) - shownUs[i];
    }
    long usualUs = Arrays.stream(lengthsUs).sorted().skip(shownUs.length / 2).findFirst().orElse(0);
    long limitUs = Math.max(MIN_GAP_US, GAP_PICTURES * usualUs);
    List<Gap> gaps = new ArrayList<>();
    if (startUs - fromUs > limitUs) {
      gaps.add(new Gap(fromUs, startUs - fromUs));
    }
    for (int i = 0; i < shownUs.length; i++) {
      if (lengthsUs[i] > limitUs) {
        gaps.add(new Gap(shownUs[i] + usualUs, lengthsUs[i] - usualUs));
      }
    }
    return gaps;
  }
}
