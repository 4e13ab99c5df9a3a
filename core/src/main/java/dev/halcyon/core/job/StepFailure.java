package dev.halcyon.core.job;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.Objects;

/**
 * Why an attempt came to nothing.
 *
 * @param message shown to users
 */
public record StepFailure(ErrorCode code, String message) {
  /** More is of no use to anybody, and states are kept small. */
  private static final int MESSAGE_CHARS = 2_000;

  public StepFailure {
    Objects.requireNonNull(code, "code");
    if (message.length() > MESSAGE_CHARS) {
      message = message.substring(0, MESSAGE_CHARS);
    }
  }

  public static StepFailure of(HalcyonException failure) {
    return new StepFailure(failure.code(), String.valueOf(failure.getMessage()));
  }

  /** Whether the next attempt may end differently: a refused file stays refused. */
  public boolean isWorthRetrying() {
    return switch (code) {
      case DECODER_CRASHED,
          TIMED_OUT,
          INTERNAL,
          IO_FAILED,
          NETWORK_LOST,
          OVERLOADED,
          RATE_LIMITED,
          DATABASE_UNAVAILABLE,
          STORE_UNAVAILABLE ->
          true;
      default -> false;
    };
  }
}
