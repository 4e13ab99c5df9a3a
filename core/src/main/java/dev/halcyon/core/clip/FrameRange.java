package dev.halcyon.core.clip;

/**
 * Some of a file's pictures, numbered as {@link CutFrames} numbers them.
 *
 * @param end one past the last
 */
public record FrameRange(long start, long end) {
  public FrameRange {
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException("no pictures [start=" + start + ", end=" + end + "]");
    }
  }

  public int count() {
    return Math.toIntExact(end - start);
  }
}
