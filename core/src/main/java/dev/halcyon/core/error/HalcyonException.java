package dev.halcyon.core.error;

import java.util.Objects;

/** A failure with a stated {@link ErrorCode}. The message is shown to users: no secrets in it. */
public final class HalcyonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public HalcyonException(ErrorCode code, String message) {
    super(message);
    this.code = Objects.requireNonNull(code, "code");
  }

  public HalcyonException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code, "code");
  }

  public ErrorCode code() {
    return code;
  }
}
