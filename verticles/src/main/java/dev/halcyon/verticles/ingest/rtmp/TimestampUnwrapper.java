package dev.halcyon.verticles.ingest.rtmp;

/**
 * RTMP's 32-bit milliseconds as 64-bit time: each stamp is the one nearest to the stamp before it,
 * so wraps pass unseen and steps back stay steps back. One for all tracks of a connection, as they
 * share a clock. One thread.
 *
 * <p>FFmpeg's FLV muxer keeps 31 bits only, and so wraps at half the range: a step of half the
 * range, give or take {@value #TOLERANCE_MS} ms, is no step but that wrap.
 */
final class TimestampUnwrapper {
  private static final long HALF_RANGE_MS = 1L << 31;
  private static final long TOLERANCE_MS = 600_000;

  private boolean hasBegun;
  private long lastMs;

  /** Microseconds since the source's zero. */
  long toUs(int timestamp) {
    if (hasBegun) {
      lastMs += step(timestamp - (int) lastMs);
    } else {
      lastMs = Integer.toUnsignedLong(timestamp);
      hasBegun = true;
    }
    return lastMs * 1_000;
  }

  private static long step(int stepMs) {
    if (stepMs < TOLERANCE_MS - HALF_RANGE_MS) {
      return stepMs + HALF_RANGE_MS;
    }
    return stepMs > HALF_RANGE_MS - TOLERANCE_MS ? stepMs - HALF_RANGE_MS : stepMs;
  }
}
