package dev.halcyon.verticles.ingest.rtp;

import java.util.concurrent.TimeUnit;

/** What a receiver report says of one source (RFC 3550, 6.4.1 and appendix A). One thread. */
final class ReceptionStatistics {
  private static final long NEVER = Long.MIN_VALUE;
  private static final long MAX_LOST = 0x7f_ffff;

  private final int clockHz;
  private long firstSequence;
  private long highestSequence;
  private long received;
  private long reportedExpected;
  private long reportedReceived;
  private boolean isStarted;
  private int lastTransitTicks;
  private double jitterTicks;
  private int lastSenderReport;
  private long lastSenderReportNs = NEVER;

  /**
   * A report block.
   *
   * @param lostFraction of what was expected since the last report, in 256ths
   * @param lost ever; negative when there were more duplicates
   * @param delay since the last sender report, in 65,536ths of a second
   */
  record Block(
      int lostFraction,
      int lost,
      int highestSequence,
      long jitterTicks,
      int lastSenderReport,
      int delay) {}

  ReceptionStatistics(int clockHz) {
    this.clockHz = clockHz;
  }

  /**
   * @param sequence unwrapped
   */
  void onPacket(long sequence, int timestamp, long arrivalNs) {
    // Whole seconds and the rest apart: nanoseconds times the clock would overflow in a day.
    long arrivalTicks =
        arrivalNs / 1_000_000_000L * clockHz
            + arrivalNs % 1_000_000_000L * clockHz / 1_000_000_000L;
    int transitTicks = (int) arrivalTicks - timestamp;
    if (isStarted) {
      long difference = Math.abs((long) (transitTicks - lastTransitTicks));
      jitterTicks += (difference - jitterTicks) / 16;
      highestSequence = Math.max(highestSequence, sequence);
    } else {
      isStarted = true;
      firstSequence = sequence;
      highestSequence = sequence;
    }
    lastTransitTicks = transitTicks;
    received++;
  }

  /**
   * @param ntpMiddle the middle 32 bits of the report's NTP time
   */
  void onSenderReport(int ntpMiddle, long arrivalNs) {
    lastSenderReport = ntpMiddle;
    lastSenderReportNs = arrivalNs;
  }

  boolean isStarted() {
    return isStarted;
  }

  /** The next report's block; the fraction is counted from this one on. */
  Block report(long nowNs) {
    long expected = highestSequence - firstSequence + 1;
    long lost = Math.clamp(expected - received, -MAX_LOST, MAX_LOST);
    long expectedNow = expected - reportedExpected;
    long lostNow = expectedNow - (received - reportedReceived);
    reportedExpected = expected;
    reportedReceived = received;
    int fraction = expectedNow <= 0 || lostNow <= 0 ? 0 : (int) (lostNow * 256 / expectedNow);
    int delay =
        lastSenderReportNs == NEVER
            ? 0
            : (int)
                (TimeUnit.NANOSECONDS.toMicros(nowNs - lastSenderReportNs) * 65_536 / 1_000_000);
    return new Block(
        Math.min(fraction, 255),
        (int) lost,
        (int) highestSequence,
        Math.round(jitterTicks),
        lastSenderReport,
        delay);
  }
}
