package dev.halcyon.verticles.ingest.rtmp;

/**
 * RTMP's 32-bit milliseconds as 64-bit time: each stamp is the one nearest to the stamp before it,
 * so wraps pass unseen and steps back stay steps back. One for all tracks of a connection, as they
 * share a clock. One thread.
 */
final class TimestampUnwrapper {
  private boolean hasBegun;
  private long lastMs;

  /** Microseconds since the source's zero. */
  long toUs(int timestamp) {
    if (hasBegun) {
      lastMs += timestamp - (int) lastMs;
    } else {
      lastMs = Integer.toUnsignedLong(timestamp);
      hasBegun = true;
    }
    return lastMs * 1_000;
  }
}
