package dev.halcyon.codecs.video;

import dev.halcyon.core.analysis.SceneCut;
import dev.halcyon.core.analysis.TimeSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds where one shot gives way to the next, to the picture. Takes every picture in order; a cut
 * is known {@value #AHEAD} pictures later, a slow one some seconds. Plain Java, one thread.
 *
 * <p>A hard cut is a difference of content between two neighbouring pictures that stands out from
 * those around it (a pan or a fast game keeps them all high) and that stays: a flash returns to
 * what was before. Slow ones are left to {@link FadeFinder}.
 */
public final class CutFinder {
  /** Pictures after a cut that are looked at before it is believed. */
  public static final int AHEAD = 6;

  private static final int BEHIND = 8;
  private static final int HELD = BEHIND + 1 + AHEAD;

  /** Two shots of the same room and person differ by as much. */
  private static final double LEAST = 0.16;

  /**
   * How far a cut stands out from the usual differences before and after it: so many times the
   * greater of their medians, and this more.
   */
  private static final double OVER_MEDIAN = 1.9;

  private static final double OVER_USUAL = 0.06;

  /** Likewise from the greatest of them, but for its neighbours: a cut may be blended. */
  private static final double OVER_MOST = 1.5;

  /** A cut changes the whole picture; something that leaves it does not. */
  private static final double LEAST_SHARE = 0.3;

  /** Of the difference at a cut, so much lasts. */
  private static final double LASTING = 0.6;

  private final PictureFeatures[] pictures = new PictureFeatures[HELD];
  private final long[] ptsUs = new long[HELD];

  /** From the picture before. */
  private final double[] differences = new double[HELD];

  private final FadeFinder fades = new FadeFinder();
  private final List<SceneCut> cuts = new ArrayList<>();
  private long count;
  private long lastCut = Long.MIN_VALUE / 2;

  /**
   * Takes the next picture.
   *
   * @return whether a hard cut became known by it
   */
  public boolean add(SmallPicture picture) {
    PictureFeatures features = PictureFeatures.of(picture);
    int at = place(count);
    differences[at] = count == 0 ? 0 : pictures[place(count - 1)].difference(features);
    pictures[at] = features;
    ptsUs[at] = picture.ptsUs();
    fades.add(features, picture.ptsUs());
    count++;
    return count > AHEAD && judge(count - 1 - AHEAD);
  }

  /** No picture follows. All cuts, in order of time. */
  public List<SceneCut> end() {
    for (long left = Math.max(1, count - AHEAD); left < count; left++) {
      judge(left);
    }
    List<SceneCut> all = new ArrayList<>(cuts);
    for (SceneCut fade : fades.end()) {
      // What is hard inside of a slow one is its own doing: a flash, a title.
      TimeSpan span = fade.transition();
      all.removeIf(cut -> cut.atUs() >= span.fromUs() && cut.atUs() <= span.toUs());
      all.add(fade);
    }
    all.sort(Comparator.comparingLong(SceneCut::atUs));
    return List.copyOf(all);
  }

  private static int place(long picture) {
    return (int) (picture % HELD);
  }

  private boolean judge(long picture) {
    if (picture < 1 || picture - lastCut < 2) {
      return false;
    }
    double difference = differences[place(picture)];
    if (difference < LEAST
        || pictures[place(picture - 1)].changedShare(pictures[place(picture)]) < LEAST_SHARE
        || !standsOut(picture, difference)
        || !lasts(picture, difference)) {
      return false;
    }
    lastCut = picture;
    double strength = Math.clamp((difference - LEAST / 2) / (0.6 - LEAST / 2), 0, 1);
    cuts.add(SceneCut.hard(ptsUs[place(picture)], strength));
    return true;
  }

  private boolean standsOut(long picture, double difference) {
    double most = 0;
    for (long i = first(picture); i < end(picture); i++) {
      boolean isNeighbour = Math.abs(i - picture) == 1;
      if (isNeighbour && i != lastCut && differences[place(i)] > difference) {
        return false;
      }
      if (!isNeighbour && i != picture && i != lastCut && i > 0) {
        most = Math.max(most, differences[place(i)]);
      }
    }
    double usual = Math.max(median(first(picture), picture), median(picture + 1, end(picture)));
    return difference >= OVER_MEDIAN * usual + OVER_USUAL && difference >= OVER_MOST * most;
  }

  private double median(long from, long to) {
    double[] sorted = new double[HELD];
    int size = 0;
    for (long i = Math.max(1, from); i < to; i++) {
      if (i != lastCut) {
        sorted[size++] = differences[place(i)];
      }
    }
    Arrays.sort(sorted, 0, size);
    return size == 0 ? 0 : sorted[size / 2];
  }

  /** Whether what comes after is not what was before. */
  private boolean lasts(long picture, double difference) {
    PictureFeatures before = pictures[place(picture - 1)];
    PictureFeatures after = pictures[place(picture)];
    for (long i = picture + 1; i < end(picture); i++) {
      if (before.difference(pictures[place(i)]) < LASTING * difference) {
        return false;
      }
    }
    for (long i = first(picture); i < picture - 1; i++) {
      if (i >= lastCut && pictures[place(i)].difference(after) < LASTING * difference) {
        return false;
      }
    }
    return true;
  }

  private long first(long picture) {
    return Math.max(Math.max(0, count - HELD), picture - BEHIND);
  }

  private long end(long picture) {
    return Math.min(count, picture + AHEAD + 1);
  }
}
