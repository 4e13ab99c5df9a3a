package dev.halcyon.core.select;

import dev.halcyon.core.analysis.TimeSpan;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Things that lie in time one after the other, found by time. Immutable. */
final class TimeLine<T> {
  private final List<T> things;
  private final Function<T, TimeSpan> spanOf;

  /**
   * @param things in order; none begins before the one before has ended
   */
  TimeLine(List<T> things, Function<T, TimeSpan> spanOf) {
    this.things = List.copyOf(things);
    this.spanOf = spanOf;
  }

  /** The one that a time lies in, not merely at its begin or end. */
  Optional<T> around(long atUs) {
    int next = firstFrom(atUs);
    if (next == 0) {
      return Optional.empty();
    }
    T before = things.get(next - 1);
    return spanOf.apply(before).toUs() > atUs ? Optional.of(before) : Optional.empty();
  }

  boolean isEmpty() {
    return things.isEmpty();
  }

  /** Those that begin within a stretch of time. */
  List<T> begunIn(TimeSpan span) {
    return things.subList(firstFrom(span.fromUs()), firstFrom(span.toUs()));
  }

  /** Index of the first one that begins at or after a time. */
  int firstFrom(long atUs) {
    int low = 0;
    int high = things.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (spanOf.apply(things.get(middle)).fromUs() < atUs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
