package dev.halcyon.core.select;

import dev.halcyon.core.detect.ScoreTerm;
import dev.halcyon.core.detect.Signal;
import java.util.ArrayList;
import java.util.List;

/**
 * A moment that a clip is to hold.
 *
 * @param atUs of it
 * @param fromUs where what happens there begins
 * @param toUs where it ends
 */
record Anchor(long atUs, long fromUs, long toUs) {
  /** Signals nearer than this belong together, as in live streams. */
  private static final long MERGE_US = 6_000_000;

  /**
   * The strongest moment of each stretch of a video; the middle of those where nothing happens.
   *
   * @param signals in order of time
   * @param stretchUs length of a stretch
   * @param longestUs of what happens at one moment
   */
  static List<Anchor> of(List<Signal> signals, long durationUs, long stretchUs, long longestUs) {
    List<Anchor> anchors = new ArrayList<>();
    int next = 0;
    for (long fromUs = 0; fromUs < durationUs; fromUs += stretchUs) {
      long toUs = Math.min(durationUs, fromUs + stretchUs);
      int best = -1;
      for (; next < signals.size() && signals.get(next).atUs() < toUs; next++) {
        boolean isEvent = isEvent(signals.get(next));
        boolean isBetter = best < 0 || signals.get(next).strength() > signals.get(best).strength();
        best = isEvent && isBetter ? next : best;
      }
      long middleUs = (fromUs + toUs) / 2;
      anchors.add(
          best < 0 ? new Anchor(middleUs, middleUs, middleUs) : around(signals, best, longestUs));
    }
    return anchors;
  }

  /** Cuts come and go without anything happening. */
  private static boolean isEvent(Signal signal) {
    return !signal.kind().feeds(ScoreTerm.SCENE_DENSITY);
  }

  private static Anchor around(List<Signal> signals, int index, long longestUs) {
    long atUs = signals.get(index).atUs();
    long fromUs = atUs;
    for (int i = index; i >= 0 && fromUs - signals.get(i).atUs() <= MERGE_US; i--) {
      boolean isNear = atUs - signals.get(i).atUs() <= longestUs / 2;
      fromUs = isEvent(signals.get(i)) && isNear ? signals.get(i).atUs() : fromUs;
    }
    long toUs = atUs;
    for (int i = index; i < signals.size() && signals.get(i).atUs() - toUs <= MERGE_US; i++) {
      boolean isNear = signals.get(i).atUs() - atUs <= longestUs / 2;
      toUs = isEvent(signals.get(i)) && isNear ? signals.get(i).atUs() : toUs;
    }
    return new Anchor(atUs, fromUs, toUs);
  }
}
