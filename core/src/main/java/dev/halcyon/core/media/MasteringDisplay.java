package dev.halcyon.core.media;

/**
 * The screen on which HDR media was graded (SMPTE ST 2086), in the units of H.265's SEI message and
 * of {@code mdcv}.
 *
 * @param maxLuminance in 0.0001 cd/m², unsigned 32-bit
 * @param minLuminance likewise
 */
public record MasteringDisplay(
    Point green, Point blue, Point red, Point white, long maxLuminance, long minLuminance) {
  /** A chromaticity in steps of 0.00002, unsigned 16-bit. */
  public record Point(int x, int y) {
    public Point {
      if ((x | y) >>> 16 != 0) {
        throw new IllegalArgumentException("chromaticity out of range [x=" + x + ", y=" + y + "]");
      }
    }
  }

  public MasteringDisplay {
    if ((maxLuminance | minLuminance) >>> 32 != 0) {
      throw new IllegalArgumentException(
          "luminance out of range [max=" + maxLuminance + ", min=" + minLuminance + "]");
    }
  }
}
