package dev.halcyon.core.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One step of a job as it stands.
 *
 * @param attempts begun so far
 * @param attemptsAllowed in all; more when somebody asked for a retry
 * @param inputs a digest of all that went into the last attempt: what was made of the same needs
 *     not be made again; empty before the first one
 * @param notBefore when the next attempt may begin
 * @param startedAt of the last attempt
 * @param endedAt of the last attempt
 * @param took the step's own working time when it is over, which for steps that share a decode is
 *     less than from start to end
 * @param output where the result lies, relative to the job's place; empty when there is none
 * @param failure of the last attempt
 */
public record StepRow(
    StepKey key,
    StepStatus status,
    int attempts,
    int attemptsAllowed,
    String inputs,
    Optional<Instant> notBefore,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt,
    Optional<Duration> took,
    String output,
    Optional<StepFailure> failure) {
  public StepRow {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(inputs, "inputs");
    Objects.requireNonNull(notBefore, "notBefore");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(endedAt, "endedAt");
    Objects.requireNonNull(took, "took");
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(failure, "failure");
    if (attempts < 0 || attempts > attemptsAllowed) {
      throw new IllegalArgumentException(
          "attempts [key=" + key + ", n=" + attempts + ", allowed=" + attemptsAllowed + "]");
    }
  }

  /** A row that waits for its turn. */
  public static StepRow pending(StepKey key) {
    return blank(key, StepStatus.PENDING);
  }

  /** A row that nobody will run. */
  public static StepRow skipped(StepKey key) {
    return blank(key, StepStatus.SKIPPED);
  }

  private static StepRow blank(StepKey key, StepStatus status) {
    return new StepRow(
        key,
        status,
        0,
        RetryPolicy.of(key.name()).maxAttempts(),
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "",
        Optional.empty());
  }

  boolean mayStart(Instant now) {
    return status == StepStatus.PENDING && notBefore.map(at -> !now.isBefore(at)).orElse(true);
  }

  StepRow started(String digest, Instant now) {
    require(StepStatus.PENDING);
    return new StepRow(
        key,
        StepStatus.RUNNING,
        attempts + 1,
        attemptsAllowed,
        digest,
        Optional.empty(),
        Optional.of(now),
        Optional.empty(),
        Optional.empty(),
        "",
        Optional.empty());
  }

  StepRow completed(String result, Duration worked, Instant now) {
    require(StepStatus.RUNNING);
    return new StepRow(
        key,
        StepStatus.COMPLETED,
        attempts,
        attemptsAllowed,
        inputs,
        Optional.empty(),
        startedAt,
        Optional.of(now),
        Optional.of(worked),
        result,
        Optional.empty());
  }

  /** The attempt is over; another one follows when there is one left and it may help. */
  StepRow failed(StepFailure why, Instant now) {
    require(StepStatus.RUNNING);
    boolean isAgain = attempts < attemptsAllowed && why.isWorthRetrying();
    Duration delay = RetryPolicy.of(key.name()).delayAfter(attempts);
    return ended(
        isAgain ? StepStatus.PENDING : StepStatus.FAILED,
        attemptsAllowed,
        isAgain ? Optional.of(now.plus(delay)) : Optional.empty(),
        now,
        Optional.of(why));
  }

  /** Whoever ran it is gone, and with it the attempt. */
  StepRow orphaned(StepFailure why, Instant now) {
    require(StepStatus.RUNNING);
    boolean isAgain = attempts < attemptsAllowed;
    return ended(
        isAgain ? StepStatus.PENDING : StepStatus.FAILED,
        attemptsAllowed,
        Optional.empty(),
        now,
        Optional.of(why));
  }

  /** Put aside while it ran, by somebody's wish: the attempt does not count. */
  StepRow released(Instant now) {
    require(StepStatus.RUNNING);
    return new StepRow(
        key,
        StepStatus.PENDING,
        attempts - 1,
        attemptsAllowed,
        inputs,
        Optional.empty(),
        startedAt,
        Optional.of(now),
        Optional.empty(),
        "",
        Optional.empty());
  }

  /** As many attempts again as a new row has. */
  StepRow retried() {
    if (status == StepStatus.RUNNING) {
      throw new IllegalStateException("step runs [key=" + key + "]");
    }
    return new StepRow(
        key,
        StepStatus.PENDING,
        attempts,
        attempts + RetryPolicy.of(key.name()).maxAttempts(),
        inputs,
        Optional.empty(),
        startedAt,
        endedAt,
        Optional.empty(),
        "",
        Optional.empty());
  }

  StepRow cancelled(Instant now) {
    return ended(StepStatus.CANCELLED, attemptsAllowed, Optional.empty(), now, failure);
  }

  private StepRow ended(
      StepStatus next,
      int allowed,
      Optional<Instant> again,
      Instant now,
      Optional<StepFailure> why) {
    return new StepRow(
        key,
        next,
        attempts,
        allowed,
        inputs,
        again,
        startedAt,
        startedAt.map(at -> now),
        Optional.empty(),
        "",
        why);
  }

  private void require(StepStatus wanted) {
    if (status != wanted) {
      throw new IllegalStateException(
          "step is not " + wanted + " [key=" + key + ", status=" + status + "]");
    }
  }
}
