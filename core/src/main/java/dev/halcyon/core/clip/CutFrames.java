package dev.halcyon.core.clip;

import java.util.List;

/**
 * A cut in pictures. They are numbered as they are presented, 0 being the first picture that is in
 * the file, so that a player without edit lists shows exactly these numbers; ends are exclusive.
 * Where pictures were asked for that the file does not hold, the number goes on by their usual
 * distance, and may be negative.
 *
 * @param requestedStart the first picture asked for
 * @param requestedEnd one past the last picture asked for
 * @param deliveredStart the first picture presented
 * @param deliveredEnd one past the last picture presented
 * @param lastUs stream time of the last picture presented
 * @param encoded those that an encoder made, in their order; the others are copied
 */
public record CutFrames(
    long requestedStart,
    long requestedEnd,
    long deliveredStart,
    long deliveredEnd,
    long lastUs,
    List<FrameRange> encoded) {
  public CutFrames {
    encoded = List.copyOf(encoded);
  }

  /** A cut of copied pictures. */
  public CutFrames(
      long requestedStart, long requestedEnd, long deliveredStart, long deliveredEnd, long lastUs) {
    this(requestedStart, requestedEnd, deliveredStart, deliveredEnd, lastUs, List.of());
  }

  /** How many pictures are presented. */
  public long presented() {
    return deliveredEnd - deliveredStart;
  }
}
