package dev.halcyon.core.detect;

import java.util.BitSet;

/**
 * How loud a stream usually is: median and median absolute deviation (MAD) over the last minute of
 * sound, so that levels count relative to it. One thread; fed every {@link AudioLevel#STEP_US}.
 *
 * <ul>
 *   <li>It begins after 5 s, and learns nothing while a signal is on ({@link #withhold}).
 *   <li>A lasting change of level is the new normal: once half of the last 30 s were withheld, the
 *       baseline starts afresh from these 30 s.
 *   <li>Silence (at or below {@value #FLOOR_DB}) is not averaged in: a muted microphone says
 *       nothing of how loud the programme is, and its return would be a signal each time. Only a
 *       stream that has been silent from its start has silence as its baseline ({@link #isSilent}).
 * </ul>
 */
final class LevelBaseline {
  /** Levels below count as this one. */
  static final double FLOOR_DB = -60;

  /** 60 s of sound. */
  private static final int WINDOW_VALUES = 600;

  /** 5 s. */
  private static final int BEGIN_VALUES = 50;

  /** 30 s. */
  private static final int RECENT_VALUES = 300;

  private static final double LEAST_MAD_DB = 1;

  private final RunningMedian learnt = new RunningMedian(WINDOW_VALUES);
  private final double[] recentDb = new double[RECENT_VALUES];
  private final BitSet withheld = new BitSet(RECENT_VALUES);
  private long heard;
  private int silentValues;
  private double medianDb = FLOOR_DB;
  private double madDb = LEAST_MAD_DB;

  /** Whether enough sound, or enough silence, was heard to tell what stands out. */
  boolean hasBegun() {
    return learnt.size() >= BEGIN_VALUES || silentValues >= BEGIN_VALUES;
  }

  /** Whether too little sound was ever heard to compare with: silence is the usual. */
  boolean isSilent() {
    return learnt.size() < BEGIN_VALUES;
  }

  double medianDb() {
    return medianDb;
  }

  double madDb() {
    return madDb;
  }

  /**
   * How far a level stands out: 0 within 3 MAD above the median, 1 from 10 MAD.
   *
   * @return 0..1; 0 before the baseline has begun
   */
  double strength(double lufs) {
    if (!hasBegun()) {
      return 0;
    }
    double above = Math.max(lufs, FLOOR_DB) - medianDb;
    return Math.clamp((above - 3 * madDb) / (7 * madDb), 0, 1);
  }

  /** Takes a level that is part of the usual. */
  void learn(double lufs) {
    remember(lufs, false);
    add(lufs);
    measure();
  }

  /**
   * Takes a level that is part of a signal.
   *
   * @return whether such levels have become the usual, and the baseline was started afresh
   */
  boolean withhold(double lufs) {
    remember(lufs, true);
    if (withheld.cardinality() < RECENT_VALUES / 2) {
      return false;
    }
    learnt.clear();
    long first = Math.max(0, heard - RECENT_VALUES);
    for (long i = first; i < heard; i++) {
      add(recentDb[(int) (i % RECENT_VALUES)]);
    }
    withheld.clear();
    measure();
    return true;
  }

  private void remember(double lufs, boolean isWithheld) {
    int index = (int) (heard % RECENT_VALUES);
    recentDb[index] = lufs;
    withheld.set(index, isWithheld);
    heard++;
  }

  private void add(double lufs) {
    if (lufs > FLOOR_DB) {
      learnt.add(lufs);
    } else if (silentValues < BEGIN_VALUES) {
      silentValues++;
    }
  }

  private void measure() {
    medianDb = isSilent() ? FLOOR_DB : learnt.median();
    madDb = isSilent() ? LEAST_MAD_DB : Math.max(LEAST_MAD_DB, learnt.mad());
  }
}
