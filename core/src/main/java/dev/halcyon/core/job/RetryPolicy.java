package dev.halcyon.core.job;

import java.time.Duration;
import java.util.Objects;

/**
 * How often a step is tried, how long after each other, and how long an attempt may take.
 *
 * @param backoff from the end of the first attempt to the second
 * @param isDoubling whether each further wait is twice the one before
 * @param timeout of one attempt, for a source that is not long
 * @param mediaShare what of the source's duration an attempt may take when that is longer; 0: none
 */
public record RetryPolicy(
    int maxAttempts, Duration backoff, boolean isDoubling, Duration timeout, double mediaShare) {
  private static final int MOST_DOUBLINGS = 6;

  public RetryPolicy {
    Objects.requireNonNull(backoff, "backoff");
    Objects.requireNonNull(timeout, "timeout");
    if (maxAttempts < 1 || backoff.isNegative() || !timeout.isPositive() || mediaShare < 0) {
      throw new IllegalArgumentException(
          "policy [maxAttempts=" + maxAttempts + ", timeout=" + timeout + "]");
    }
  }

  public static RetryPolicy of(StepName name) {
    return switch (name) {
      case INGEST -> new RetryPolicy(3, Duration.ofSeconds(30), true, Duration.ofMinutes(10), 0.5);
      case TRANSCRIBE ->
          new RetryPolicy(2, Duration.ofSeconds(60), false, Duration.ofMinutes(20), 2);
      case DIARIZE -> new RetryPolicy(2, Duration.ofSeconds(60), false, Duration.ofMinutes(20), 2);
      case SCENE_DETECT, AUDIO_ANALYZE ->
          new RetryPolicy(2, Duration.ofSeconds(30), false, Duration.ofMinutes(10), 2);
      case FACE_TRACK ->
          new RetryPolicy(2, Duration.ofSeconds(30), false, Duration.ofMinutes(15), 2);
      case CLIP_SELECT ->
          new RetryPolicy(3, Duration.ofSeconds(10), false, Duration.ofSeconds(60), 0);
      case RENDER -> new RetryPolicy(2, Duration.ofSeconds(30), false, Duration.ofMinutes(5), 0);
      case EXPORT -> new RetryPolicy(2, Duration.ofSeconds(10), false, Duration.ofMinutes(5), 0);
    };
  }

  /**
   * From the end of an attempt to the next one.
   *
   * @param attempt the one that failed, from 1
   */
  public Duration delayAfter(int attempt) {
    int doublings = isDoubling ? Math.min(attempt - 1, MOST_DOUBLINGS) : 0;
    return backoff.multipliedBy(1L << doublings);
  }

  /** The longest that one attempt may take. */
  public Duration timeoutFor(long mediaDurationUs) {
    Duration byMedia = Duration.ofMillis((long) (mediaDurationUs / 1_000.0 * mediaShare));
    return byMedia.compareTo(timeout) > 0 ? byMedia : timeout;
  }
}
