package dev.halcyon.core.reframe;

/**
 * A rectangle of the shown source picture, in parts of its width and height, inside of it.
 *
 * @param x left edge, 0..1
 * @param y upper edge, 0..1
 */
public record CropRect(double x, double y, double width, double height) {
  public static final CropRect WHOLE = new CropRect(0, 0, 1, 1);

  private static final double ROUNDING = 1e-9;

  public CropRect {
    if (!(x >= 0 && y >= 0 && width > 0 && height > 0)
        || x + width > 1 + ROUNDING
        || y + height > 1 + ROUNDING) {
      throw new IllegalArgumentException(
          "not inside of the picture [x="
              + x
              + ", y="
              + y
              + ", width="
              + width
              + ", height="
              + height
              + "]");
    }
  }

  public double centreX() {
    return x + width / 2;
  }

  public double centreY() {
    return y + height / 2;
  }

  /**
   * The same in whole pixels, all four numbers even, inside of the source; the size depends on the
   * size of this alone, not on its place.
   *
   * @param sourceWidthPx as shown, at least 2
   * @param sourceHeightPx likewise
   */
  public PixelRect inPixels(int sourceWidthPx, int sourceHeightPx) {
    int widthPx = even(width * sourceWidthPx, sourceWidthPx);
    int heightPx = even(height * sourceHeightPx, sourceHeightPx);
    return new PixelRect(
        place(centreX() * sourceWidthPx, widthPx, sourceWidthPx),
        place(centreY() * sourceHeightPx, heightPx, sourceHeightPx),
        widthPx,
        heightPx);
  }

  private static int even(double lengthPx, int sourcePx) {
    return Math.clamp(2 * Math.round(lengthPx / 2), 2, sourcePx / 2 * 2);
  }

  private static int place(double centrePx, int lengthPx, int sourcePx) {
    int lastPx = (sourcePx - lengthPx) / 2 * 2;
    return Math.clamp(2 * Math.round((centrePx - lengthPx / 2.0) / 2), 0, lastPx);
  }

  /** In pixels of the shown source picture; all even. */
  public record PixelRect(int x, int y, int width, int height) {}
}
