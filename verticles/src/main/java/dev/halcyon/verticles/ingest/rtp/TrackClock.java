package dev.halcyon.verticles.ingest.rtp;

import java.util.OptionalLong;

/**
 * The time of one source: its 32-bit stamps unwrapped, as microseconds since its first packet, and
 * against the sender's own wall clock once a sender report has told. One thread.
 */
final class TrackClock {
  /** So high that stamps before the first packet's stay positive. */
  private static final long FIRST_LAP = 1L << 32;

  private final int clockHz;
  private boolean isStarted;
  private long firstTicks;
  private long lastTicks;
  private boolean isReported;
  private long reportNtpUs;
  private int reportStamp;
  private long reportTicks;

  TrackClock(int clockHz) {
    this.clockHz = clockHz;
  }

  /** The stamp as a number that does not wrap: the one nearest to the stamp before. */
  long ticks(int stamp) {
    if (!isStarted) {
      isStarted = true;
      firstTicks = FIRST_LAP + Integer.toUnsignedLong(stamp);
      lastTicks = firstTicks;
      reportTicks = nearest(reportStamp);
    }
    lastTicks = nearest(stamp);
    return lastTicks;
  }

  private long nearest(int stamp) {
    return lastTicks + (stamp - (int) lastTicks);
  }

  /** Microseconds since the first packet's time. */
  long relativeUs(long ticks) {
    long elapsed = ticks - firstTicks;
    return elapsed / clockHz * 1_000_000
        + Math.floorDiv(elapsed % clockHz * 1_000_000 + clockHz / 2, clockHz);
  }

  /**
   * @param ntp 64 bits: seconds since 1900 and their fraction
   */
  void onSenderReport(long ntp, int stamp) {
    isReported = true;
    reportNtpUs = (ntp >>> 32) * 1_000_000 + (((ntp & 0xffff_ffffL) * 1_000_000) >>> 32);
    reportStamp = stamp;
    reportTicks = isStarted ? nearest(stamp) : 0;
  }

  /** The sender's wall clock at relative time 0, as the last report says. */
  OptionalLong originNtpUs() {
    return isReported && isStarted
        ? OptionalLong.of(reportNtpUs - relativeUs(reportTicks))
        : OptionalLong.empty();
  }

  boolean isStarted() {
    return isStarted;
  }

  /** Another source follows: other stamps, other reports. */
  void restart() {
    isStarted = false;
    isReported = false;
  }
}
