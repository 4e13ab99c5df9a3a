package dev.halcyon.core.analysis;

/**
 * Where a picture moves.
 *
 * @param x centre of mass of the motion, in parts of the shown picture, 0..1
 * @param y likewise
 * @param strength mean change of luma, 0 still .. 1 all of it from black to white
 */
public record MotionCentre(double x, double y, double strength) {
  public MotionCentre {
    if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1 && strength >= 0 && strength <= 1)) {
      throw new IllegalArgumentException(
          "out of 0..1 [x=" + x + ", y=" + y + ", strength=" + strength + "]");
    }
  }
}
