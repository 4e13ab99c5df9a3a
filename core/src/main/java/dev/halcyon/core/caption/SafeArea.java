package dev.halcyon.core.caption;

/**
 * What a platform leaves free of a clip's frame, as margins in parts of its width and height.
 * Figures for upright clips, of 1080 × 1920 pixels, rounded up from what creators measure and the
 * platforms advise; they change with every version of the apps.
 */
public record SafeArea(double left, double top, double right, double bottom) {
  /** For players without controls over the picture. */
  public static final SafeArea PLAIN = new SafeArea(0.05, 0.05, 0.05, 0.08);

  public static final SafeArea TIKTOK = new SafeArea(0.06, 0.08, 0.16, 0.20);
  public static final SafeArea REELS = new SafeArea(0.06, 0.12, 0.12, 0.24);
  public static final SafeArea SHORTS = new SafeArea(0.06, 0.08, 0.12, 0.20);

  /** Free on all of them. */
  public static final SafeArea EVERYWHERE = TIKTOK.and(REELS).and(SHORTS);

  public SafeArea {
    if (!(Math.min(Math.min(left, right), Math.min(top, bottom)) >= 0
        && left + right < 1
        && top + bottom < 1)) {
      throw new IllegalArgumentException(
          "nothing is free [left="
              + left
              + ", top="
              + top
              + ", right="
              + right
              + ", bottom="
              + bottom
              + "]");
    }
  }

  /** What is free in both. */
  public SafeArea and(SafeArea that) {
    return new SafeArea(
        Math.max(left, that.left),
        Math.max(top, that.top),
        Math.max(right, that.right),
        Math.max(bottom, that.bottom));
  }
}
