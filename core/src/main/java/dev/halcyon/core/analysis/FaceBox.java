package dev.halcyon.core.analysis;

/**
 * Where a face is, in parts of the shown picture (upright, from its top left).
 *
 * @param x left edge, 0..1
 * @param y upper edge, 0..1
 * @param width to at most the right edge of the picture
 * @param height to at most its lower edge
 * @param score how sure the detector is, 0..1
 * @param trackId the same for the same face within one shot; no two faces of a file share one
 *     otherwise
 */
public record FaceBox(double x, double y, double width, double height, double score, int trackId) {
  private static final double ROUNDING = 1e-9;

  public FaceBox {
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
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("score out of 0..1 [score=" + score + "]");
    }
  }

  public double centreX() {
    return x + width / 2;
  }

  public double centreY() {
    return y + height / 2;
  }

  public double area() {
    return width * height;
  }
}
