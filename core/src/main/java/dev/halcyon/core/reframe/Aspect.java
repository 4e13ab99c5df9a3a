package dev.halcyon.core.reframe;

/**
 * How wide a picture is shown, for its height.
 *
 * @param width 1..{@value #MAX}
 * @param height likewise
 */
public record Aspect(int width, int height) {
  public static final int MAX = 0xffff;

  /** Phones held upright. */
  public static final Aspect VERTICAL = new Aspect(9, 16);

  public static final Aspect SQUARE = new Aspect(1, 1);
  public static final Aspect WIDE = new Aspect(16, 9);

  public Aspect {
    if (width < 1 || height < 1 || width > MAX || height > MAX) {
      throw new IllegalArgumentException(
          "aspect out of range [width=" + width + ", height=" + height + "]");
    }
  }

  /**
   * Reads what people write.
   *
   * @param text {@code 9:16}, {@code 1:1}, any other {@code width:height}, or {@code source}
   * @param source what {@code source} stands for
   * @throws IllegalArgumentException when it is none of them
   */
  public static Aspect parse(String text, Aspect source) {
    if (text.equals("source")) {
      return source;
    }
    if (!text.matches("[1-9][0-9]{0,4}:[1-9][0-9]{0,4}")) {
      throw new IllegalArgumentException(
          "not an aspect: give width:height, such as 9:16, or source [aspect=" + text + "]");
    }
    int colon = text.indexOf(':');
    return new Aspect(
        Integer.parseInt(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
  }

  /** Width for a height of 1. */
  public double ratio() {
    return (double) width / height;
  }
}
