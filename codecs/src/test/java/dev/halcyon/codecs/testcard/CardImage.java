package dev.halcyon.codecs.testcard;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** For tests: a test card in an image file, whatever made it. */
public final class CardImage {
  /** The colour bars from the left, as {@link CardPicture} draws them. */
  private static final int[][] BARS = {
    {191, 191, 191},
    {191, 191, 0},
    {0, 191, 191},
    {0, 191, 0},
    {191, 0, 191},
    {191, 0, 0},
    {0, 0, 191}
  };

  private CardImage() {}

  /** What the picture says of itself. */
  public static Optional<FrameStamp> stamp(BufferedImage image) {
    return FrameCode.read(
        new LumaPlane() {
          @Override
          public int widthPx() {
            return image.getWidth();
          }

          @Override
          public int heightPx() {
            return image.getHeight();
          }

          @Override
          public int at(int xPx, int yPx) {
            return image.getRGB(xPx, yPx) >> 8 & 0xff;
          }
        });
  }

  /** What is further than {@code tolerance} from the colour that it should have. */
  public static List<String> wrongBars(BufferedImage image, int tolerance) {
    List<String> wrong = new ArrayList<>();
    int y = image.getHeight() * 7 / 10;
    for (int bar = 0; bar < BARS.length; bar++) {
      int rgb = image.getRGB(image.getWidth() * (2 * bar + 1) / (2 * BARS.length), y);
      int[] seen = {rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff};
      for (int channel = 0; channel < seen.length; channel++) {
        if (Math.abs(seen[channel] - BARS[bar][channel]) > tolerance) {
          wrong.add("bar " + bar + " is " + List.of(seen[0], seen[1], seen[2]));
          break;
        }
      }
    }
    return wrong;
  }
}
