package dev.halcyon.verticles.fetch;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.function.LongSupplier;

/**
 * The least that a connection has to bring: a source that drips would hold up all others until its
 * deadline. One thread.
 */
final class RateFloor {
  /** Less than the sound of any video alone. */
  static final long BYTES_PER_S = 4 << 10;

  static final long WINDOW_S = 30;

  private final LongSupplier nowNs;
  private long windowNs;
  private long bytes;

  /**
   * @param nowNs as {@link System#nanoTime}
   */
  RateFloor(LongSupplier nowNs) {
    this.nowNs = nowNs;
    this.windowNs = nowNs.getAsLong();
  }

  /**
   * @throws HalcyonException SOURCE_TOO_SLOW
   */
  void onBytes(int count) {
    bytes += count;
    long now = nowNs.getAsLong();
    if (now - windowNs < WINDOW_S * 1_000_000_000) {
      return;
    }
    if (bytes < BYTES_PER_S * WINDOW_S) {
      throw new HalcyonException(
          ErrorCode.SOURCE_TOO_SLOW,
          "the source brought " + bytes + " bytes in " + WINDOW_S + " s, which is given up");
    }
    windowNs = now;
    bytes = 0;
  }
}
