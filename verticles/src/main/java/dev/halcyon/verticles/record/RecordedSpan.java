package dev.halcyon.verticles.record;

import dev.halcyon.codecs.session.RecordedRange;
import java.util.List;
import java.util.OptionalLong;

/** A part of a recording that is asked for; what is left open is where the recording ends. */
public sealed interface RecordedSpan {
  /** {@code toUs} exclusive. */
  record StreamTime(OptionalLong fromUs, OptionalLong toUs) implements RecordedSpan {}

  /** Microseconds since 1970, {@code toUs} exclusive. */
  record WallClock(OptionalLong fromUs, OptionalLong toUs) implements RecordedSpan {}

  /** Whether everything is asked for. */
  default boolean isWhole() {
    return switch (this) {
      case StreamTime(OptionalLong fromUs, OptionalLong toUs) -> fromUs.isEmpty() && toUs.isEmpty();
      case WallClock(OptionalLong fromUs, OptionalLong toUs) -> fromUs.isEmpty() && toUs.isEmpty();
    };
  }

  /**
   * Stream time of the first end.
   *
   * @param ranges at least one
   */
  default long fromUs(List<RecordedRange> ranges) {
    long oldestUs = ranges.getFirst().fromUs();
    return Math.max(
        oldestUs,
        switch (this) {
          case StreamTime(OptionalLong fromUs, OptionalLong toUs) -> fromUs.orElse(oldestUs);
          case WallClock(OptionalLong fromUs, OptionalLong toUs) ->
              fromUs.isPresent() ? streamUs(fromUs.getAsLong(), ranges) : oldestUs;
        });
  }

  /**
   * Stream time of the other end, exclusive.
   *
   * @param ranges at least one
   */
  default long toUs(List<RecordedRange> ranges) {
    long newestUs = ranges.getLast().toUs();
    return Math.min(
        newestUs,
        switch (this) {
          case StreamTime(OptionalLong fromUs, OptionalLong toUs) -> toUs.orElse(newestUs);
          case WallClock(OptionalLong fromUs, OptionalLong toUs) ->
              toUs.isPresent() ? streamUs(toUs.getAsLong(), ranges) : newestUs;
        });
  }

  /** By the clock of the newest range that had begun by then; the oldest when none had. */
  private static long streamUs(long wallUs, List<RecordedRange> ranges) {
    for (RecordedRange range : ranges.reversed()) {
      if (range.held().wallUsAt(range.fromUs()) <= wallUs) {
        return range.held().streamUsAt(wallUs);
      }
    }
    return ranges.getFirst().held().streamUsAt(wallUs);
  }
}
