package dev.halcyon.core.reframe;

import dev.halcyon.core.analysis.FaceBox;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What a camera follows through a shot: a box that was seen at some moments, and is taken to move
 * evenly between them. Coordinates are parts of the source.
 */
final class Subject {
  /** Over a longer time without a sight nobody knows where it is. */
  private static final long LOST_US = 2_500_000;

  /** A box at a moment, by its edges. */
  record Box(double left, double top, double right, double bottom) {
    static Box of(FaceBox face) {
      return new Box(face.x(), face.y(), face.x() + face.width(), face.y() + face.height());
    }

    Box and(Box that) {
      return new Box(
          Math.min(left, that.left),
          Math.min(top, that.top),
          Math.max(right, that.right),
          Math.max(bottom, that.bottom));
    }

    Box towards(Box that, double part) {
      return new Box(
          left + part * (that.left - left),
          top + part * (that.top - top),
          right + part * (that.right - right),
          bottom + part * (that.bottom - bottom));
    }

    double centreX() {
      return (left + right) / 2;
    }

    double centreY() {
      return (top + bottom) / 2;
    }

    double width() {
      return right - left;
    }

    double height() {
      return bottom - top;
    }
  }

  /** A box as seen. */
  record Sight(long atUs, Box box) {}

  private final List<Sight> sights;

  /**
   * @param sights in order of time, at least one
   */
  Subject(List<Sight> sights) {
    this.sights = List.copyOf(sights);
  }

  List<Sight> sights() {
    return sights;
  }

  /** Where it is at a time; empty when it was not seen for long. */
  Optional<Box> at(long atUs) {
    int next = after(atUs);
    if (next == 0 || next == sights.size()) {
      Sight nearest = sights.get(Math.max(0, next - 1));
      boolean isNear = Math.abs(nearest.atUs - atUs) <= LOST_US;
      return isNear ? Optional.of(nearest.box) : Optional.empty();
    }
    Sight from = sights.get(next - 1);
    Sight to = sights.get(next);
    if (to.atUs - from.atUs > LOST_US) {
      return Optional.empty();
    }
    return Optional.of(
        from.box.towards(to.box, (double) (atUs - from.atUs) / (to.atUs - from.atUs)));
  }

  private int after(long atUs) {
    int low = 0;
    int high = sights.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sights.get(middle).atUs <= atUs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The median of a measure over all sights. */
  double median(ToDoubleFunction<Box> measure) {
    double[] values = sights.stream().mapToDouble(s -> measure.applyAsDouble(s.box)).toArray();
    Arrays.sort(values);
    return values[values.length / 2];
  }

  /** Both together, at each time at which one is seen and the other known. */
  static Optional<Subject> both(Subject first, Subject second) {
    List<Sight> together =
        first.sights.stream()
            .flatMap(
                s ->
                    second.at(s.atUs()).stream()
                        .map(other -> new Sight(s.atUs(), s.box().and(other))))
            .toList();
    return together.isEmpty() ? Optional.empty() : Optional.of(new Subject(together));
  }
}
