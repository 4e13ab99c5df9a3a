package dev.halcyon.core.reframe;

/**
 * The shortest way through a tube whose ends are free: it stands still as long as the tube lets it,
 * and where it has to move it moves evenly and as slowly as any way can, since the taut string is
 * the least of all ways in every convex measure of its speed. O(n) where the tube turns seldom.
 */
final class TautString {
  private final double[] low;
  private final double[] high;
  private final double[] way;

  private TautString(double[] low, double[] high) {
    this.low = low;
    this.high = high;
    this.way = new double[low.length];
  }

  /**
   * @param low the tube's lower edge at equally distant moments, at least one
   * @param high its upper edge, nowhere below the lower one
   * @param wish where it would stand when it may stand anywhere
   */
  static double[] through(double[] low, double[] high, double wish) {
    TautString string = new TautString(low, high);
    string.pull(wish);
    return string.way;
  }

  private void pull(double wish) {
    int first = firstContact(0, 1);
    if (first < 0) {
      fill(0, way.length - 1, Math.clamp(wish, most(low), least(high)));
      return;
    }
    int last = firstContact(way.length - 1, -1);
    double from = contactValue(first, 0, 1);
    double to = contactValue(last, way.length - 1, -1);
    fill(0, first, from);
    fill(last, way.length - 1, to);
    low[last] = to;
    high[last] = to;
    stretch(first, from, last);
  }

  /**
   * Where a level string first touches the edge that it bends around, seen from one end; −1 when it
   * never bends.
   */
  private int firstContact(int from, int step) {
    int lowest = from;
    int highest = from;
    for (int i = from; i >= 0 && i < way.length; i += step) {
      if (low[i] > high[lowest]) {
        return lowest;
      }
      if (high[i] < low[highest]) {
        return highest;
      }
      lowest = high[i] <= high[lowest] ? i : lowest;
      highest = low[i] >= low[highest] ? i : highest;
    }
    return -1;
  }

  /** The edge of the tube at a contact: the upper one when the string rises after it. */
  private double contactValue(int contact, int from, int step) {
    for (int i = from; ; i += step) {
      if (low[i] > high[contact]) {
        return high[contact];
      }
      if (high[i] < low[contact]) {
        return low[contact];
      }
    }
  }

  /** From a point to the last one, bent only around edges of the tube. */
  private void stretch(int from, double value, int last) {
    int at = from;
    double held = value;
    while (at < last) {
      double steepest = Double.POSITIVE_INFINITY;
      double flattest = Double.NEGATIVE_INFINITY;
      int upper = at;
      int lower = at;
      int bend = last;
      double bendValue = low[last];
      for (int i = at + 1; i <= last; i++) {
        double most = (high[i] - held) / (i - at);
        double least = (low[i] - held) / (i - at);
        if (least > steepest) {
          bend = upper;
          bendValue = high[upper];
          break;
        }
        if (most < flattest) {
          bend = lower;
          bendValue = low[lower];
          break;
        }
        if (most <= steepest) {
          steepest = most;
          upper = i;
        }
        if (least >= flattest) {
          flattest = least;
          lower = i;
        }
      }
      line(at, held, bend, bendValue);
      at = bend;
      held = bendValue;
    }
  }

  private void line(int from, double value, int to, double end) {
    for (int i = from; i <= to; i++) {
      way[i] = value + (end - value) * (i - from) / (to - from);
    }
  }

  private void fill(int from, int to, double value) {
    for (int i = from; i <= to; i++) {
      way[i] = value;
    }
  }

  private static double most(double[] values) {
    double most = values[0];
    for (double value : values) {
      most = Math.max(most, value);
    }
    return most;
  }

  private static double least(double[] values) {
    double least = values[0];
    for (double value : values) {
      least = Math.min(least, value);
    }
    return least;
  }
}
