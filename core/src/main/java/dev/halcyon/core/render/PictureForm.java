package dev.halcyon.core.render;

import dev.halcyon.core.media.FrameRate;
import java.util.Objects;

/**
 * The pictures of a render: 8 bits, 4:2:0, square pixels, BT.709, at a constant rate.
 *
 * @param widthPx even, 64..4096
 * @param heightPx likewise
 */
public record PictureForm(int widthPx, int heightPx, FrameRate frameRate) {
  /** What H.264's highest ordinary level carries (5.2). */
  public static final int MAX_SIDE_PX = 4096;

  private static final int MIN_SIDE_PX = 64;
  private static final int MAX_FPS = 120;

  public PictureForm {
    Objects.requireNonNull(frameRate, "frameRate");
    if (isOutside(widthPx) || isOutside(heightPx)) {
      throw new IllegalArgumentException(
          "picture size is odd or out of range [widthPx="
              + widthPx
              + ", heightPx="
              + heightPx
              + "]");
    }
    if (frameRate.numerator() > (long) MAX_FPS * frameRate.denominator()
        || frameRate.numerator() < frameRate.denominator()) {
      throw new IllegalArgumentException("frame rate out of 1..120 [" + frameRate + "]");
    }
  }

  private static boolean isOutside(int sidePx) {
    return sidePx < MIN_SIDE_PX || sidePx > MAX_SIDE_PX || sidePx % 2 != 0;
  }

  /** Pictures in a clip of some length: to the nearest, at least one. */
  public int frames(long lengthUs) {
    long rounded =
        Math.floorDiv(
            2 * Math.multiplyExact(lengthUs, (long) frameRate.numerator())
                + 1_000_000L * frameRate.denominator(),
            2_000_000L * frameRate.denominator());
    return Math.toIntExact(Math.max(1, rounded));
  }
}
