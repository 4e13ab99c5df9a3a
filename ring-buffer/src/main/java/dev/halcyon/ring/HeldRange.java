package dev.halcyon.ring;

/**
 * What is held of one epoch. Between two ranges lies a gap.
 *
 * @param fromUs stream time of the oldest packet held
 * @param toUs stream time at which the newest ends; while its epoch goes on, of a picture that does
 *     not say how long it lasts: at which it begins
 * @param anchorStreamUs a stream time of this epoch …
 * @param anchorWallUs … and the wall clock that was read then, microseconds since 1970
 */
public record HeldRange(int epoch, long fromUs, long toUs, long anchorStreamUs, long anchorWallUs) {
  /** Wall clock of a stream time, by the epoch's anchor. */
  public long wallUsOf(long streamUs) {
    return anchorWallUs + (streamUs - anchorStreamUs);
  }

  public boolean contains(long streamUs) {
    return fromUs <= streamUs && streamUs < toUs;
  }
}
