package dev.halcyon.core.clip;

/**
 * A stretch of a stream that is held and belongs to one epoch.
 *
 * @param fromUs stream time of the first packet held
 * @param toUs stream time at which what is held ends
 * @param anchorStreamUs a stream time of the epoch whose arrival is known …
 * @param anchorWallUs … and its wall clock, microseconds since the Unix epoch
 */
public record HeldEpoch(int epoch, long fromUs, long toUs, long anchorStreamUs, long anchorWallUs) {
  /** Stream time of a wall clock, microseconds since the Unix epoch, by the anchor. */
  public long streamUsAt(long wallUs) {
    return anchorStreamUs + (wallUs - anchorWallUs);
  }

  /** The same stretch with another end. */
  public HeldEpoch until(long endUs) {
    return new HeldEpoch(epoch, fromUs, endUs, anchorStreamUs, anchorWallUs);
  }

  /** Wall clock of a stream time by the anchor, microseconds since the Unix epoch. */
  public long wallUsAt(long streamUs) {
    return anchorWallUs + (streamUs - anchorStreamUs);
  }
}
