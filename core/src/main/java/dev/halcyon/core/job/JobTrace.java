package dev.halcyon.core.job;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Names a job and each attempt of its steps as W3C Trace Context does: a trace of 32 hex digits,
 * spans of 16. The same for the same, always, so that they need not be handed on.
 */
public final class JobTrace {
  private static final int SPAN_BYTES = 8;

  private JobTrace() {}

  public static String traceId(UUID job) {
    return job.toString().replace("-", "");
  }

  /**
   * @param attempt from 1; 0 for a row that nobody has tried
   */
  public static String spanId(UUID job, StepKey step, int attempt) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((job + " " + step.wire() + " " + attempt).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, SPAN_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
