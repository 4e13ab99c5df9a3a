package dev.halcyon.core.analysis;

/**
 * A stretch of media time, half open.
 *
 * @param fromUs first microsecond in it
 * @param toUs first microsecond after it; equal to {@code fromUs} for an empty one
 */
public record TimeSpan(long fromUs, long toUs) {
  public TimeSpan {
    if (toUs < fromUs) {
      throw new IllegalArgumentException(
          "ends before it begins [fromUs=" + fromUs + ", toUs=" + toUs + "]");
    }
  }

  public long lengthUs() {
    return toUs - fromUs;
  }

  public boolean contains(long atUs) {
    return atUs >= fromUs && atUs < toUs;
  }

  /** Whether they have more than an edge in common. */
  public boolean overlaps(TimeSpan that) {
    return overlapUs(that) > 0;
  }

  /** How much they have in common; 0 when nothing. */
  public long overlapUs(TimeSpan that) {
    return Math.max(0, Math.min(toUs, that.toUs) - Math.max(fromUs, that.fromUs));
  }
}
