package dev.halcyon.core.media;

/**
 * Pictures a second as a fraction: 30000/1001 is NTSC's 29.97.
 *
 * @param numerator 1..1,000,000
 * @param denominator 1..1,000,000
 */
public record FrameRate(int numerator, int denominator) {
  public static final FrameRate FPS_25 = new FrameRate(25, 1);
  public static final FrameRate FPS_30 = new FrameRate(30, 1);
  public static final FrameRate FPS_29_97 = new FrameRate(30_000, 1001);
  public static final FrameRate FPS_60 = new FrameRate(60, 1);

  public FrameRate {
    if (numerator < 1 || numerator > 1_000_000 || denominator < 1 || denominator > 1_000_000) {
      throw new IllegalArgumentException(
          "frame rate out of range [numerator=" + numerator + ", denominator=" + denominator + "]");
    }
  }

  /** When the picture period number {@code tick} begins, to the nearest microsecond. */
  public long usOfTick(long tick) {
    return Math.floorDiv(
        2 * Math.multiplyExact(tick, 1_000_000L * denominator) + numerator, 2L * numerator);
  }
}
