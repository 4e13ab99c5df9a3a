package dev.halcyon.codecs.format;

/**
 * Which part of a file a preview shows, and how.
 *
 * @param widthPx at most; a portrait may be twice as high, and nothing is made larger than it is
 * @param fps pictures a second
 * @param fromUs since the file's start
 * @param lengthUs at most
 */
public record PreviewShape(int widthPx, int fps, long fromUs, long lengthUs) {
  public static final int MIN_WIDTH_PX = 32;
  public static final int MAX_WIDTH_PX = 480;
  public static final int MAX_FPS = 10;
  public static final long MIN_LENGTH_US = 100_000;
  public static final long MAX_LENGTH_US = 15_000_000;

  public PreviewShape {
    require(widthPx >= MIN_WIDTH_PX && widthPx <= MAX_WIDTH_PX, "widthPx", widthPx);
    require(fps >= 1 && fps <= MAX_FPS, "fps", fps);
    require(fromUs >= 0, "fromUs", fromUs);
    require(lengthUs >= MIN_LENGTH_US && lengthUs <= MAX_LENGTH_US, "lengthUs", lengthUs);
  }

  private static void require(boolean condition, String name, long value) {
    if (!condition) {
      throw new IllegalArgumentException("preview out of range [" + name + "=" + value + "]");
    }
  }
}
