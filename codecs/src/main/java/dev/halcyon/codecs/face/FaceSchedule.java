package dev.halcyon.codecs.face;

/**
 * Which pictures of a file faces are looked for in: two a second, and more when a shot begins. One
 * thread.
 */
public final class FaceSchedule {
  private static final long EVERY_US = 500_000;

  /** After a cut, so many samples follow each other sooner. */
  private static final int DENSE_SAMPLES = 2;

  private static final long DENSE_US = 160_000;

  /** Two samples of a long shot lie this far apart at least, whatever the rate of pictures. */
  private static final long STAMP_US = 2_000;

  private long nextUs = Long.MIN_VALUE;
  private int dense;

  /** A shot has begun just now: look closely. */
  public void onCut() {
    dense = DENSE_SAMPLES;
    nextUs = Long.MIN_VALUE;
  }

  /** Whether the picture at this time is to be looked at; it then counts as looked at. */
  public boolean take(long atUs) {
    if (atUs + STAMP_US < nextUs) {
      return false;
    }
    nextUs = atUs + (dense > 0 ? DENSE_US : EVERY_US);
    dense = Math.max(0, dense - 1);
    return true;
  }
}
