package dev.halcyon.core.reframe;

/**
 * One direction of a camera's way through a shot: for each moment of a grid where its centre may
 * be. What cannot be kept at the speed limit gives way evenly on both sides. One thread.
 */
final class CameraAxis {
  static final long STEP_US = 100_000;

  /**
   * The way is averaged twice over this many steps. A camera whose speed is at most V then changes
   * its speed by at most 2 V within {@code (2 · EASE + 1) · STEP_US} = 0.7 s.
   */
  private static final int EASE = 3;

  private final double[] low;
  private final double[] high;
  private final double least;
  private final double most;

  /**
   * @param steps moments of the grid
   * @param size of the camera's rectangle in this direction, 0..1
   */
  CameraAxis(int steps, double size) {
    low = new double[steps];
    high = new double[steps];
    least = size / 2;
    most = Math.max(size / 2, 1 - size / 2);
    for (int i = 0; i < steps; i++) {
      low[i] = least;
      high[i] = most;
    }
  }

  /** At a moment the centre is to be at most {@code slack} beside {@code centre}. */
  void hold(int step, double centre, double slack) {
    low[step] = Math.clamp(centre - slack, least, most);
    high[step] = Math.clamp(centre + slack, least, most);
  }

  /**
   * The smoothest way.
   *
   * @param mostASecond speed limit
   * @param wish where to stand when nothing tells
   */
  double[] way(double mostASecond, double wish) {
    limit(mostASecond * STEP_US / 1e6);
    double[] way = TautString.through(low, high, Math.clamp(wish, least, most));
    return averaged(averaged(way));
  }

  /**
   * Narrows the tube to what can be reached from everywhere at a speed. Where that is nothing (the
   * low edge of what is reached stands above the high one), the middle between the two is the way;
   * as both edges are within the speed limit, so is their middle.
   */
  private void limit(double mostAStep) {
    for (int i = 1; i < low.length; i++) {
      low[i] = Math.max(low[i], low[i - 1] - mostAStep);
      high[i] = Math.min(high[i], high[i - 1] + mostAStep);
    }
    for (int i = low.length - 2; i >= 0; i--) {
      low[i] = Math.max(low[i], low[i + 1] - mostAStep);
      high[i] = Math.min(high[i], high[i + 1] + mostAStep);
    }
    for (int i = 0; i < low.length; i++) {
      double middle = (low[i] + high[i]) / 2;
      low[i] = Math.min(low[i], middle);
      high[i] = Math.max(high[i], middle);
    }
  }

  /** Beyond its ends the way stands. */
  private static double[] averaged(double[] way) {
    double[] averaged = new double[way.length];
    for (int i = 0; i < way.length; i++) {
      double sum = 0;
      for (int j = i - EASE; j <= i + EASE; j++) {
        sum += way[Math.clamp(j, 0, way.length - 1)];
      }
      averaged[i] = sum / (2 * EASE + 1);
    }
    return averaged;
  }
}
