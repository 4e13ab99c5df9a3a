package dev.halcyon.core.job;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One unit of batch work as it stands. What it may become is {@link JobMachine}'s.
 *
 * @param isAutoApproved whether rendering, and completion after it, wait for nobody
 * @param steps in the order of their keys, each key once
 * @param failure what ended it, when it failed
 * @param revision of this state; each change has a later one
 */
public record Job(
    UUID id,
    JobStatus status,
    boolean isAutoApproved,
    List<StepRow> steps,
    Optional<StepFailure> failure,
    Instant createdAt,
    Instant updatedAt,
    long revision) {
  public Job {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(failure, "failure");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(updatedAt, "updatedAt");
    steps = steps.stream().sorted(Comparator.comparing(StepRow::key)).toList();
    if (steps.stream().map(StepRow::key).distinct().count() != steps.size()) {
      throw new IllegalArgumentException("a step stands twice [job=" + id + "]");
    }
  }

  /**
   * The clip that a rendering row makes: the same for the same, always.
   *
   * @param part of the row's key
   */
  public static UUID clipId(UUID job, String part) {
    return UUID.nameUUIDFromBytes((job + "/" + part).getBytes(StandardCharsets.UTF_8));
  }

  public Optional<StepRow> step(StepKey key) {
    return steps.stream().filter(row -> row.key().equals(key)).findFirst();
  }

  /** All rows of a step: several for {@link StepName#RENDER}, else one. */
  public List<StepRow> rows(StepName name) {
    return steps.stream().filter(row -> row.key().name() == name).toList();
  }

  /** Whether every row of these steps is completed or skipped. */
  public boolean areOver(Set<StepName> names) {
    return steps.stream()
        .filter(row -> names.contains(row.key().name()))
        .allMatch(row -> row.status().isOver());
  }

  /**
   * The rows that may begin now, grouped by what one run does: the analyses that share a decode
   * come together when they can, all others alone.
   */
  public List<Set<StepKey>> runnable(Instant now) {
    List<StepKey> ready =
        steps.stream()
            .filter(row -> row.mayStart(now) && isReached(row.key().name()))
            .map(StepRow::key)
            .toList();
    Set<StepKey> together = new LinkedHashSet<>();
    ready.stream().filter(key -> StepName.ONE_DECODE.contains(key.name())).forEach(together::add);
    return ready.stream()
        .map(key -> together.contains(key) ? Set.copyOf(together) : Set.of(key))
        .distinct()
        .toList();
  }

  /** When the earliest row that waits for its back-off may begin. */
  public Optional<Instant> nextRetryAt() {
    return steps.stream()
        .filter(row -> row.status() == StepStatus.PENDING && isReached(row.key().name()))
        .flatMap(row -> row.notBefore().stream())
        .min(Comparator.naturalOrder());
  }

  /** Whether it is this step's turn. */
  public boolean isReached(StepName name) {
    return status == name.stage() && areOver(name.needs());
  }

  public boolean isRunning() {
    return steps.stream().anyMatch(row -> row.status() == StepStatus.RUNNING);
  }

  /**
   * How much is done, 0 to 100; 100 only when it is completed or waits for review.
   *
   * @param running how far the rows that run are, 0..1
   */
  public int percent(Map<StepKey, Double> running) {
    if (status == JobStatus.COMPLETED || status == JobStatus.REVIEW) {
      return 100;
    }
    double done = 0;
    for (StepName name : StepName.values()) {
      List<StepRow> rows = rows(name);
      double part = rows.stream().mapToDouble(row -> doneOf(row, running)).average().orElse(0);
      done += part * name.share();
    }
    return (int) Math.clamp(done, 0, 99);
  }

  private static double doneOf(StepRow row, Map<StepKey, Double> running) {
    return switch (row.status()) {
      case COMPLETED, SKIPPED -> 1;
      case RUNNING -> Math.clamp(running.getOrDefault(row.key(), 0.0), 0, 1);
      case PENDING, FAILED, CANCELLED -> 0;
    };
  }
}
