package dev.halcyon.codecs.video;

import dev.halcyon.core.analysis.SceneCut;
import dev.halcyon.core.analysis.TimeSpan;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds where one shot slowly gives way to the next. Plain Java, one thread; looks at some 30
 * pictures a second ("steps") and remembers the last {@value #HELD} of them.
 *
 * <ul>
 *   <li>Through black or white: the picture is empty for a moment, and something else comes out.
 *   <li>A dissolve: all pictures between two that differ are mixtures of these two, with a share
 *       that grows. A pan or a zoom is no mixture.
 * </ul>
 */
final class FadeFinder {
  private static final int HELD = 64;
  private static final long STEP_US = 30_000;

  /** Spread of luma below which there is nothing in a picture. */
  private static final double EMPTY_SPREAD = 5;

  /** A fade into or out of emptiness takes at most so many steps. */
  private static final int REACH = 45;

  /** While a fade lasts, a picture has so many times the spread of the emptier one beside it. */
  private static final double FADING = 1.025;

  /** What changes within as few steps is a hard cut, perhaps blended. */
  private static final int HARD_STEPS = 2;

  /** A moment of black in one and the same shot is a blink, not a cut. */
  private static final int BLINK_STEPS = 8;

  private static final double OTHER_SHOT = 0.15;

  /** Lengths of dissolves that are tried, in steps. */
  private static final int[] LENGTHS = {6, 9, 13, 19, 27, 38, 54};

  /** The shots on both sides stand still for so many steps, next to how they differ. */
  private static final int STILL_STEPS = 3;

  private static final double STILL = 0.06;

  /** Root mean square difference of the blocks of two shots. */
  private static final double LEAST_CHANGE = 12;

  private static final double LEAST_DIFFERENCE = 0.25;

  /** A title that fades in changes less of a picture. */
  private static final double LEAST_SHARE = 0.6;

  /** Two pictures laid over each other have less contrast than each: a half, if independent. */
  private static final double MOST_CONTRAST = 0.8;

  /** Of the change, what is no mixture. */
  private static final double MOST_REST = 0.08;

  private static final double MOST_STEP = 0.4;

  private final PictureFeatures[] pictures = new PictureFeatures[HELD];
  private final long[] ptsUs = new long[HELD];
  private final List<SceneCut> cuts = new ArrayList<>();
  private long count;

  /** A run of empty pictures: what went before, and where it ended. */
  private Run run = Run.NONE;

  /** Step after which nothing is looked at again. */
  private long lastDissolve;

  /**
   * @param from first empty step
   * @param to first step that is not, −1 while it is not known
   * @param before the last whole picture; {@code NONE} when there was none
   * @param fadeFromUs its time
   */
  private record Run(
      long from,
      long fromUs,
      long to,
      long toUs,
      PictureFeatures before,
      long fadeFromUs,
      boolean isSlow) {
    static final Run NONE = new Run(-1, 0, -1, 0, PictureFeatures.NONE, 0, false);

    Run endingAt(long step, long atUs) {
      return new Run(from, fromUs, step, atUs, before, fadeFromUs, isSlow);
    }
  }

  void add(PictureFeatures picture, long atUs) {
    if (count > 0
        && atUs - ptsUs[place(count - 1)] < STEP_US
        && isEmpty(picture) == isEmpty(picture(count - 1))) {
      return;
    }
    pictures[place(count)] = picture;
    ptsUs[place(count)] = atUs;
    count++;
    followEmptiness(count - 1);
    findDissolve(count - 1 - STILL_STEPS);
  }

  List<SceneCut> end() {
    if (run.to() >= 0) {
      comeOut(count - 1);
    }
    return List.copyOf(cuts);
  }

  private static int place(long step) {
    return (int) (step % HELD);
  }

  private PictureFeatures picture(long step) {
    return pictures[place(step)];
  }

  private long oldest() {
    return Math.max(0, count - HELD);
  }

  private static boolean isEmpty(PictureFeatures picture) {
    return picture.spread() < EMPTY_SPREAD;
  }

  private void followEmptiness(long now) {
    boolean isEmptyNow = isEmpty(picture(now));
    if (run.to() >= 0 && (isEmptyNow || now - run.to() >= REACH)) {
      comeOut(now - 1);
    }
    if (isEmptyNow && run.from() < 0) {
      run = enter(now);
    } else if (!isEmptyNow && run.from() >= 0 && run.to() < 0) {
      run = run.endingAt(now, ptsUs[place(now)]);
    }
  }

  private Run enter(long now) {
    long first = Math.max(oldest(), now - REACH);
    long whole = now - 1;
    while (whole > first && picture(whole - 1).spread() > FADING * picture(whole).spread()) {
      whole--;
    }
    boolean isThere = whole >= first && picture(whole).spread() >= 2 * EMPTY_SPREAD;
    return new Run(
        now,
        ptsUs[place(now)],
        -1,
        0,
        isThere ? picture(whole) : PictureFeatures.NONE,
        isThere ? ptsUs[place(whole)] : 0,
        now - whole > HARD_STEPS);
  }

  /**
   * @param last step that is known of what came out
   */
  private void comeOut(long last) {
    Run past = run;
    run = Run.NONE;
    long whole = past.to();
    while (whole < last && picture(whole + 1).spread() > FADING * picture(whole).spread()) {
      whole++;
    }
    boolean isBlink =
        past.to() - past.from() < BLINK_STEPS
            && past.before().difference(picture(whole)) < OTHER_SHOT;
    if (past.before() == PictureFeatures.NONE
        || picture(whole).spread() < 2 * EMPTY_SPREAD
        || isBlink) {
      return;
    }
    if (past.isSlow() || whole - past.to() > HARD_STEPS) {
      long middleUs = past.fromUs() + (past.toUs() - past.fromUs()) / 2;
      TimeSpan span = new TimeSpan(past.fadeFromUs(), ptsUs[place(whole)]);
      cuts.add(new SceneCut(middleUs, SceneCut.Kind.FADE, 1, span));
    } else {
      cuts.add(SceneCut.hard(past.toUs(), 1));
    }
    lastDissolve = whole;
  }

  /**
   * @param last step of a dissolve, if there is one
   */
  private void findDissolve(long last) {
    for (int length : LENGTHS) {
      long first = last - length;
      if (first - STILL_STEPS < Math.max(oldest(), lastDissolve)) {
        return;
      }
      double change = picture(first).squares(picture(last));
      if (change >= LEAST_CHANGE * LEAST_CHANGE
          && picture(first).changedShare(picture(last)) >= LEAST_SHARE
          && isStill(first - STILL_STEPS, first, change)
          && isStill(last, last + STILL_STEPS, change)
          && !isEmpty(picture(first))
          && !isEmpty(picture(last))
          && picture(first).difference(picture(last)) >= LEAST_DIFFERENCE
          && isWeaker(picture((first + last) / 2), picture(first), picture(last))
          && isMixed(first, last, change)) {
        TimeSpan span = new TimeSpan(ptsUs[place(first)], ptsUs[place(last)]);
        long middleUs = ptsUs[place((first + last) / 2)];
        cuts.add(new SceneCut(middleUs, SceneCut.Kind.FADE, 0.8, span));
        lastDissolve = last;
        return;
      }
    }
  }

  private boolean isStill(long from, long to, double change) {
    return picture(from).squares(picture(to)) <= STILL * change;
  }

  private static boolean isWeaker(
      PictureFeatures middle, PictureFeatures first, PictureFeatures last) {
    double ends = (first.spread() * first.spread() + last.spread() * last.spread()) / 2;
    return middle.spread() * middle.spread() <= MOST_CONTRAST * ends;
  }

  /**
   * Whether what lies between is first + share · (last − first), but for a rest. By squared
   * distances: share = (|m − f|² + |l − f|² − |m − l|²) ÷ 2|l − f|², rest = |m − f|² ÷ |l − f|² −
   * share².
   */
  private boolean isMixed(long first, long last, double change) {
    double before = 0;
    int mixed = 0;
    for (long i = first + 1; i < last; i++) {
      double fromFirst = picture(first).squares(picture(i));
      double fromLast = picture(last).squares(picture(i));
      double share = (fromFirst + change - fromLast) / (2 * change);
      double rest = fromFirst / change - share * share;
      if (rest > MOST_REST || share < before - 0.05 || share - before > MOST_STEP) {
        return false;
      }
      mixed += share > 0.1 && share < 0.9 ? 1 : 0;
      before = Math.max(before, share);
    }
    return 1 - before <= MOST_STEP && mixed >= HARD_STEPS;
  }
}
