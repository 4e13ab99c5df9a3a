package dev.halcyon.core.detect;

import java.util.Arrays;

/**
 * Median and median absolute deviation of the last values, exact. The values are kept twice, by age
 * and by size: adding one costs two binary searches and one shift of at most the capacity, and
 * allocates nothing. One thread.
 */
final class RunningMedian {
  private final double[] byAge;
  private final double[] bySize;
  private int size;
  private int oldest;

  RunningMedian(int capacity) {
    byAge = new double[capacity];
    bySize = new double[capacity];
  }

  /**
   * Adds a value; drops the oldest when full.
   *
   * @param value not NaN
   */
  void add(double value) {
    if (size == byAge.length) {
      dropOldest();
    }
    byAge[(oldest + size) % byAge.length] = value;
    int index = Arrays.binarySearch(bySize, 0, size, value);
    int place = index < 0 ? -index - 1 : index;
    System.arraycopy(bySize, place, bySize, place + 1, size - place);
    bySize[place] = value;
    size++;
  }

  /** Drops the value that was added first; there must be one. */
  void dropOldest() {
    int place = Arrays.binarySearch(bySize, 0, size, byAge[oldest]);
    System.arraycopy(bySize, place + 1, bySize, place, size - place - 1);
    oldest = (oldest + 1) % byAge.length;
    size--;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
    oldest = 0;
  }

  /** NaN when empty. */
  double median() {
    return size == 0 ? Double.NaN : (bySize[(size - 1) / 2] + bySize[size / 2]) / 2;
  }

  /** The median of the distances to the median; NaN when empty. */
  double mad() {
    double median = median();
    int above = size / 2;
    int below = above - 1;
    double previous = Double.NaN;
    double distance = Double.NaN;
    // The size/2 + 1 nearest values, found outwards from the middle, in order of distance.
    for (int taken = 0; taken <= size / 2 && size > 0; taken++) {
      previous = distance;
      double up = above < size ? bySize[above] - median : Double.POSITIVE_INFINITY;
      double down = below >= 0 ? median - bySize[below] : Double.POSITIVE_INFINITY;
      if (up <= down) {
        distance = up;
        above++;
      } else {
        distance = down;
        below--;
      }
    }
    return size % 2 == 1 || size == 0 ? distance : (previous + distance) / 2;
  }
}
