package dev.halcyon.core.media;

/**
 * How a player turns decoded pictures before it shows them. {@link #id()} is written into ring
 * files: values are never reused. The mirrored ones are mirrored left to right first.
 *
 * <p>A picture's point (x, y), counted from its top left, is shown at (ax + cy, bx + dy), moved
 * back into the picture's place.
 */
public enum Orientation {
  UPRIGHT(0, 1, 0, 0, 1),
  CLOCKWISE_90(1, 0, 1, -1, 0),
  UPSIDE_DOWN(2, -1, 0, 0, -1),
  CLOCKWISE_270(3, 0, -1, 1, 0),
  MIRRORED(4, -1, 0, 0, 1),
  MIRRORED_CLOCKWISE_90(5, 0, -1, -1, 0),
  MIRRORED_UPSIDE_DOWN(6, 1, 0, 0, -1),
  MIRRORED_CLOCKWISE_270(7, 0, 1, 1, 0);

  private final int id;
  private final int a;
  private final int b;
  private final int c;
  private final int d;

  Orientation(int id, int a, int b, int c, int d) {
    this.id = id;
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }

  public int id() {
    return id;
  }

  /** What the shown x gains from the picture's x: −1, 0 or 1. */
  public int a() {
    return a;
  }

  /** What the shown y gains from the picture's x. */
  public int b() {
    return b;
  }

  /** What the shown x gains from the picture's y. */
  public int c() {
    return c;
  }

  /** What the shown y gains from the picture's y. */
  public int d() {
    return d;
  }

  /** Whether width and height change places. */
  public boolean isSideways() {
    return a == 0;
  }

  /**
   * @throws IllegalArgumentException when no orientation has this id
   */
  public static Orientation ofId(int id) {
    for (Orientation orientation : values()) {
      if (orientation.id == id) {
        return orientation;
      }
    }
    throw new IllegalArgumentException("unknown orientation [id=" + id + "]");
  }

  /**
   * The one that a matrix stands for, of which the signs count; {@link #UPRIGHT} for any other,
   * which a player could not follow either.
   */
  public static Orientation ofMatrix(int a, int b, int c, int d) {
    for (Orientation orientation : values()) {
      if (orientation.a == Integer.signum(a)
          && orientation.b == Integer.signum(b)
          && orientation.c == Integer.signum(c)
          && orientation.d == Integer.signum(d)) {
        return orientation;
      }
    }
    return UPRIGHT;
  }
}
