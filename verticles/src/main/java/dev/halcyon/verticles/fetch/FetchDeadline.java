package dev.halcyon.verticles.fetch;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.time.Duration;
import java.util.Objects;

/** How long a fetch may go on: up to its deadline, and until somebody stops it. Any thread. */
final class FetchDeadline {
  private final Cancellation cancellation;
  private final Duration timeout;
  private final long deadlineNs;

  FetchDeadline(Cancellation cancellation, Duration timeout) {
    this.cancellation = Objects.requireNonNull(cancellation, "cancellation");
    this.timeout = timeout;
    this.deadlineNs = System.nanoTime() + timeout.toNanos();
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /**
   * @throws HalcyonException CANCELLED, SOURCE_TOO_SLOW
   */
  void check() {
    cancellation.requireNotCancelled();
    if (System.nanoTime() - deadlineNs > 0) {
      throw new HalcyonException(
          ErrorCode.SOURCE_TOO_SLOW,
          "the source did not arrive within " + timeout.toSeconds() + " s");
    }
  }

  static HalcyonException tooLarge(long maxBytes) {
    return new HalcyonException(
        ErrorCode.MEDIA_TOO_LARGE, "the source has more than " + maxBytes + " bytes");
  }
}
