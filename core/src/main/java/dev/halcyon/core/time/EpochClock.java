package dev.halcyon.core.time;

import dev.halcyon.core.media.Track;
import java.util.Arrays;

/**
 * Turns a publisher's own time stamps into stream time within one epoch, and says when the epoch
 * cannot go on. Stream time is microseconds since the stream's first packet, continuous across
 * epochs. One thread.
 */
public final class EpochClock {
  /** A dts this far behind its track's last one is a reset of the source's clock. */
  static final long BACKWARD_JUMP_US = 1_000_000;

  /**
   * A dts this far ahead of its track's last one is a jump, unless as much wall time has passed.
   */
  static final long FORWARD_JUMP_US = 5_000_000;

  private static final long NONE = Long.MIN_VALUE;

  private final long offsetUs;
  private final long[] lastDtsUs = new long[Track.MAX_TRACKS];
  private final long[] lastArrivalUs = new long[Track.MAX_TRACKS];
  private long endUs;
  private long repairedPackets;

  /**
   * @param sourceUs the source's time stamp that stands for {@code streamUs}
   */
  public EpochClock(long sourceUs, long streamUs) {
    this.offsetUs = streamUs - sourceUs;
    this.endUs = streamUs;
    Arrays.fill(lastDtsUs, NONE);
  }

  /**
   * Where stream time goes on when a source starts anew: the silence between two epochs is kept as
   * the wall clock measured it.
   *
   * @param lastEndUs stream time at which the last epoch ended
   * @param lastArrivalWallUs wall clock of its last packet
   */
  public static long resumeAtUs(long lastEndUs, long lastArrivalWallUs, long nowWallUs) {
    return lastEndUs + Math.max(1_000, nowWallUs - lastArrivalWallUs);
  }

  /** Whether a packet of this source time cannot belong to this epoch. Changes nothing. */
  public boolean isJump(int track, long sourceDtsUs, long arrivalWallUs) {
    if (lastDtsUs[track] == NONE) {
      long streamUs = sourceDtsUs + offsetUs;
      return streamUs < endUs - FORWARD_JUMP_US || streamUs > endUs + FORWARD_JUMP_US;
    }
    return isLeap(sourceDtsUs + offsetUs - lastDtsUs[track], arrivalWallUs - lastArrivalUs[track]);
  }

  /**
   * Whether a source's clock cannot have gone on like this.
   *
   * @param stepUs from one stamp of a track to its next
   * @param waitedUs between their arrivals
   */
  public static boolean isLeap(long stepUs, long waitedUs) {
    boolean isAhead = stepUs > FORWARD_JUMP_US && stepUs > 2 * Math.max(0, waitedUs);
    return isAhead || stepUs < -BACKWARD_JUMP_US;
  }

  /**
   * Stream time of a packet's dts: the source's, moved forward by as little as keeps the track's
   * dts strictly increasing.
   */
  public long dtsUs(int track, long sourceDtsUs, long arrivalWallUs) {
    long streamUs = sourceDtsUs + offsetUs;
    if (lastDtsUs[track] != NONE && streamUs <= lastDtsUs[track]) {
      streamUs = lastDtsUs[track] + 1;
      repairedPackets++;
    }
    lastDtsUs[track] = streamUs;
    lastArrivalUs[track] = arrivalWallUs;
    return streamUs;
  }

  /** Stream time of a packet's pts, never before its dts. */
  public long ptsUs(long sourcePtsUs, long dtsUs) {
    return Math.max(sourcePtsUs + offsetUs, dtsUs);
  }

  /** Notes that media reaches to {@code untilUs}. */
  public void extendTo(long untilUs) {
    endUs = Math.max(endUs, untilUs);
  }

  /** Stream time at which the media of this epoch ends so far. */
  public long endUs() {
    return endUs;
  }

  /** Packets whose dts did not increase. */
  public long repairedPackets() {
    return repairedPackets;
  }
}
