package dev.halcyon.core.media;

/**
 * How wide a sample of a picture is shown, for its height; 1:1 for square ones.
 *
 * @param width 1..{@value #MAX}
 * @param height likewise
 */
public record SampleAspect(int width, int height) {
  /** As wide as video usability information can say. */
  public static final int MAX = 0xffff;

  public static final SampleAspect SQUARE = new SampleAspect(1, 1);

  public SampleAspect {
    if (width < 1 || height < 1 || width > MAX || height > MAX) {
      throw new IllegalArgumentException(
          "sample aspect out of range [width=" + width + ", height=" + height + "]");
    }
  }

  public boolean isSquare() {
    return width == height;
  }
}
