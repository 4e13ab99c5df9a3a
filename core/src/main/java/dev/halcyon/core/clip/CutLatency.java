package dev.halcyon.core.clip;

import java.util.OptionalLong;

/**
 * How long a file took until it was complete in its place, in microseconds. Absent where there was
 * nothing to count from: no trigger for a clip that a user asked for, no window for a version made
 * of another one.
 *
 * @param fromTriggerUs since the media that caused the clip arrived
 * @param fromCloseUs since the clip's window closed
 */
public record CutLatency(OptionalLong fromTriggerUs, OptionalLong fromCloseUs) {
  public static final CutLatency UNKNOWN =
      new CutLatency(OptionalLong.empty(), OptionalLong.empty());
}
