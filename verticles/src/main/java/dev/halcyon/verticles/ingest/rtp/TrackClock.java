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

  /** From the stamps to times that go on across a leap of them. */
  private long shiftTicks;

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
      shiftTicks = 0;
      reportTicks = nearest(reportStamp);
    }
    lastTicks = nearest(stamp);
    return lastTicks + shiftTicks;
  }

  /** From the stamp before to this one. */
  long stepUs(int stamp) {
    return (stamp - (int) lastTicks) * 1_000_000L / clockHz;
  }

  /** The next stamp is another clock's and comes this long after the one before. */
  void leap(int stamp, long afterUs) {
    long ticks = nearest(stamp);
    shiftTicks += lastTicks + afterUs * clockHz / 1_000_000 - ticks;
    lastTicks = ticks;
    isReported = false;
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
        ? OptionalLong.of(reportNtpUs - relativeUs(reportTicks + shiftTicks))
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
