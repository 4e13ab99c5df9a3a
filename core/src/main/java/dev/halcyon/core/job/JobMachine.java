package dev.halcyon.core.job;

import dev.halcyon.core.error.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What may happen to a job, as functions from one state to the next. Each gives a job of a later
 * revision, whose status follows from its rows. Pure; any thread.
 *
 * <p>All of them throw {@code IllegalStateException} when the job's state does not allow it.
 */
public final class JobMachine {
  private JobMachine() {}

  /**
   * A new job.
   *
   * @param skipped steps that there is nothing to do for
   */
  public static Job created(UUID id, boolean isAutoApproved, Set<StepName> skipped, Instant now) {
    if (skipped.contains(StepName.INGEST) || skipped.contains(StepName.RENDER)) {
      throw new IllegalArgumentException("cannot be skipped [skipped=" + skipped + "]");
    }
    List<StepRow> rows = new ArrayList<>();
    for (StepName name : EnumSet.complementOf(EnumSet.of(StepName.RENDER))) {
      StepKey key = StepKey.of(name);
      rows.add(skipped.contains(name) ? StepRow.skipped(key) : StepRow.pending(key));
    }
    return new Job(id, JobStatus.CREATED, isAutoApproved, rows, Optional.empty(), now, now, 0);
  }

  /** From now on its steps may run. */
  public static Job begun(Job job, Instant now) {
    require(job, JobStatus.CREATED);
    return next(job, JobStatus.INGESTING, job.steps(), Optional.empty(), now);
  }

  /**
   * An attempt begins.
   *
   * @param inputs a digest of all that goes into it
   */
  public static Job started(Job job, StepKey key, String inputs, Instant now) {
    if (!job.isReached(key.name())) {
      throw new IllegalStateException(
          "not its turn [step=" + key.wire() + ", job=" + job.status() + "]");
    }
    return settled(job, changed(job, key, row -> row.started(inputs, now)), now);
  }

  /**
   * @param output where the result lies; empty when there is none
   * @param worked the step's own working time
   */
  public static Job completed(Job job, StepKey key, String output, Duration worked, Instant now) {
    return settled(job, changed(job, key, row -> row.completed(output, worked, now)), now);
  }

  /**
   * The clips were chosen: a row for the rendering of each, then {@link #completed} for the
   * selection itself.
   */
  public static Job withClips(Job job, Collection<String> clips, Instant now) {
    if (job.status() != JobStatus.PAUSED) {
      require(job, JobStatus.ANALYZING);
    }
    List<StepRow> rows = new ArrayList<>(job.steps());
    rows.removeIf(row -> row.key().name() == StepName.RENDER);
    clips.forEach(clip -> rows.add(StepRow.pending(StepKey.render(clip))));
    return next(job, job.status(), rows, job.failure(), now);
  }

  public static Job failed(Job job, StepKey key, StepFailure why, Instant now) {
    return settled(job, changed(job, key, row -> row.failed(why, now)), now);
  }

  /** Approves of the candidates, or of the rendered clips. */
  public static Job approved(Job job, Instant now) {
    return switch (job.status()) {
      case CLIPS_GENERATED -> next(job, JobStatus.RENDERING, job.steps(), Optional.empty(), now);
      case REVIEW -> next(job, JobStatus.COMPLETED, job.steps(), Optional.empty(), now);
      default -> throw misplaced(job, "approved");
    };
  }

  /** Whether each clip has had its turn, and may have another one. */
  public static boolean isRerenderable(Job job) {
    return switch (job.status()) {
      case REVIEW, COMPLETED -> true;
      case FAILED -> !job.rows(StepName.RENDER).isEmpty() && job.areOver(StepName.RENDER.needs());
      default -> false;
    };
  }

  /** Renders clips again, with those that failed before, and exports again. */
  public static Job rerendered(Job job, Collection<String> clips, Instant now) {
    if (!isRerenderable(job)) {
      throw misplaced(job, "rendered again");
    }
    List<StepRow> rows =
        job.steps().stream()
            .map(
                row ->
                    clips.contains(row.key().part())
                            || isExport(row)
                            || row.status() == StepStatus.FAILED
                        ? row.retried()
                        : row)
            .toList();
    return next(job, JobStatus.RENDERING, rows, Optional.empty(), now);
  }

  private static boolean isExport(StepRow row) {
    return row.key().name() == StepName.EXPORT && row.status() != StepStatus.SKIPPED;
  }

  /** Tries all failed rows again that pass, one at least, with fresh attempts. */
  public static Job retried(Job job, Predicate<StepKey> which, Instant now) {
    require(job, JobStatus.FAILED);
    Predicate<StepRow> isMeant = row -> row.status() == StepStatus.FAILED && which.test(row.key());
    if (job.steps().stream().noneMatch(isMeant)) {
      throw misplaced(job, "retried");
    }
    List<StepRow> rows =
        job.steps().stream().map(row -> isMeant.test(row) ? row.retried() : row).toList();
    StepRow first =
        rows.stream().filter(row -> row.status() == StepStatus.PENDING).findFirst().orElseThrow();
    return settled(next(job, first.key().name().stage(), rows, Optional.empty(), now), rows, now);
  }

  /** No further step begins; one that runs goes on to its end. */
  public static Job paused(Job job, Instant now) {
    return next(job, JobStatus.PAUSED, job.steps(), Optional.empty(), now);
  }

  public static Job resumed(Job job, Instant now) {
    require(job, JobStatus.PAUSED);
    return settled(next(job, stageOf(job), job.steps(), Optional.empty(), now), job.steps(), now);
  }

  /** Rows that run have to be stopped by whoever runs them; their results do not count. */
  public static Job cancelled(Job job, Instant now) {
    List<StepRow> rows =
        job.steps().stream().map(row -> row.status().isOver() ? row : row.cancelled(now)).toList();
    return next(job, JobStatus.CANCELLED, rows, Optional.empty(), now);
  }

  /** Whoever ran these rows is gone: they wait for another attempt, or have had all. */
  public static Job recovered(Job job, Predicate<StepKey> orphaned, Instant now) {
    StepFailure why =
        new StepFailure(ErrorCode.INTERNAL, "the process that did this step went away");
    List<StepRow> rows =
        job.steps().stream()
            .map(
                row ->
                    row.status() == StepStatus.RUNNING && orphaned.test(row.key())
                        ? row.orphaned(why, now)
                        : row)
            .toList();
    return settled(job, rows, now);
  }

  /** Rows that ran were put aside in order: they wait again, and the attempt does not count. */
  public static Job released(Job job, Instant now) {
    List<StepRow> rows =
        job.steps().stream()
            .map(row -> row.status() == StepStatus.RUNNING ? row.released(now) : row)
            .toList();
    return settled(job, rows, now);
  }

  private static List<StepRow> changed(Job job, StepKey key, UnaryOperator<StepRow> change) {
    if (job.status().isEnd()) {
      throw misplaced(job, "changed");
    }
    if (job.step(key).isEmpty()) {
      throw new IllegalArgumentException("no such step [step=" + key.wire() + "]");
    }
    return job.steps().stream()
        .map(row -> row.key().equals(key) ? change.apply(row) : row)
        .toList();
  }

  /** The job with these rows, and the status that follows from them. */
  private static Job settled(Job job, List<StepRow> rows, Instant now) {
    Job same = next(job, job.status(), rows, job.failure(), now);
    if (!job.status().isWorking()) {
      return same;
    }
    Optional<StepRow> failed = deadEnd(same);
    if (failed.isPresent()) {
      return as(same, JobStatus.FAILED, failed.get().failure());
    }
    Job onwards = same;
    for (JobStatus then = after(onwards); then != onwards.status(); then = after(onwards)) {
      onwards = as(onwards, then, Optional.empty());
    }
    return onwards;
  }

  /** The failed row that stops the job, once nothing else is left to do beside it. */
  private static Optional<StepRow> deadEnd(Job job) {
    boolean isBusy =
        job.steps().stream()
            .anyMatch(
                row ->
                    row.status() == StepStatus.RUNNING
                        || (row.status() == StepStatus.PENDING && job.isReached(row.key().name())));
    return isBusy
        ? Optional.empty()
        : job.steps().stream().filter(row -> row.status() == StepStatus.FAILED).findFirst();
  }

  private static JobStatus after(Job job) {
    boolean isStageOver =
        job.steps().stream()
            .filter(row -> row.key().name().stage() == job.status())
            .allMatch(row -> row.status().isOver());
    return switch (job.status()) {
      case INGESTING -> isStageOver ? JobStatus.ANALYZING : job.status();
      case ANALYZING -> isStageOver ? JobStatus.CLIPS_GENERATED : job.status();
      case CLIPS_GENERATED -> job.isAutoApproved() ? JobStatus.RENDERING : job.status();
      case RENDERING -> isStageOver ? JobStatus.REVIEW : job.status();
      case REVIEW -> job.isAutoApproved() ? JobStatus.COMPLETED : job.status();
      default -> job.status();
    };
  }

  /** The stage that the rows say the job is in. */
  private static JobStatus stageOf(Job job) {
    if (job.steps().stream().allMatch(row -> row.attempts() == 0)) {
      return JobStatus.CREATED;
    }
    return job.steps().stream()
        .filter(row -> !row.status().isOver())
        .map(row -> row.key().name().stage())
        .min(Comparator.naturalOrder())
        .map(
            stage ->
                stage == JobStatus.RENDERING && !job.isAutoApproved() && isUntouched(job)
                    ? JobStatus.CLIPS_GENERATED
                    : stage)
        .orElse(JobStatus.RENDERING);
  }

  private static boolean isUntouched(Job job) {
    return job.rows(StepName.RENDER).stream().allMatch(row -> row.attempts() == 0);
  }

  private static Job as(Job job, JobStatus status, Optional<StepFailure> failure) {
    requireEdge(job, status);
    return new Job(
        job.id(),
        status,
        job.isAutoApproved(),
        job.steps(),
        failure,
        job.createdAt(),
        job.updatedAt(),
        job.revision());
  }

  private static Job next(
      Job job, JobStatus status, List<StepRow> rows, Optional<StepFailure> failure, Instant now) {
    if (status != job.status()) {
      requireEdge(job, status);
    }
    return new Job(
        job.id(),
        status,
        job.isAutoApproved(),
        rows,
        failure,
        job.createdAt(),
        now,
        job.revision() + 1);
  }

  private static void requireEdge(Job job, JobStatus status) {
    if (!job.status().canBecome(status)) {
      throw misplaced(job, status.wire());
    }
  }

  private static void require(Job job, JobStatus wanted) {
    if (job.status() != wanted) {
      throw new IllegalStateException(
          "job is not " + wanted.wire() + " [job=" + job.id() + ", status=" + job.status() + "]");
    }
  }

  private static IllegalStateException misplaced(Job job, String what) {
    return new IllegalStateException(
        "job cannot be " + what + " [job=" + job.id() + ", status=" + job.status() + "]");
  }
}
