package dev.halcyon.core.clip;

/** The range of a stream that a clip is asked for. */
public sealed interface ClipWindow {
  /**
   * The newest part of what has arrived.
   *
   * @param lengthUs positive
   */
  record Last(long lengthUs) implements ClipWindow {}

  /** Stream time, {@code toUs} exclusive. */
  record StreamTime(long fromUs, long toUs) implements ClipWindow {}

  /** Wall clock of arrival, microseconds since the Unix epoch, {@code toWallUs} exclusive. */
  record WallClock(long fromWallUs, long toWallUs) implements ClipWindow {}
}
