package dev.halcyon.core.reframe;

/**
 * Where a camera looks at a moment; between two keys it moves in a straight line at an even speed.
 *
 * @param atUs media time
 * @param centreX of the rectangle, in parts of the shown source's width
 * @param centreY in parts of its height
 * @param height of the rectangle, in parts of the shown source's height
 */
public record CropKey(long atUs, double centreX, double centreY, double height) {
  public CropKey {
    if (!(centreX >= 0 && centreX <= 1 && centreY >= 0 && centreY <= 1)) {
      throw new IllegalArgumentException(
          "centre out of the picture [x=" + centreX + ", y=" + centreY + "]");
    }
    if (!(height > 0 && height <= 1)) {
      throw new IllegalArgumentException("height out of 0..1 [height=" + height + "]");
    }
  }
}
