package dev.halcyon.verticles.job;

import dev.halcyon.core.event.JobEvent;
import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.JobStatus;
import dev.halcyon.core.job.StepFailure;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.job.StepRow;
import dev.halcyon.core.job.StepStatus;
import dev.halcyon.core.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;

/** Tells what became of jobs to whoever listens, and counts it. Any thread. */
final class JobAnnouncer {
  private final Consumer<JobEvent> listeners;
  private final JobMetrics metrics;
  private final Clock clock;

  /**
   * @param listeners must not block
   */
  JobAnnouncer(Consumer<JobEvent> listeners, JobMetrics metrics, Clock clock) {
    this.listeners = Objects.requireNonNull(listeners, "listeners");
    this.metrics = Objects.requireNonNull(metrics, "metrics");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * The job has another state, which is kept.
   *
   * @param percent of the whole job
   */
  void changed(UUID workspaceId, Job before, Job after, int percent) {
    for (StepRow row : after.steps()) {
      StepStatus was = before.step(row.key()).map(StepRow::status).orElse(StepStatus.PENDING);
      if (was != row.status() || isNextAttempt(before, row)) {
        listeners.accept(
            new JobEvent.StepChanged(
                workspaceId, after.id(), clock.now(), after.status(), percent, row));
        measure(row);
      }
    }
    if (before.status() != after.status()) {
      listeners.accept(
          new JobEvent.Progressed(
              workspaceId, after.id(), clock.now(), after.status(), percent, List.of(), 0, 0));
      end(workspaceId, after);
    }
  }

  private static boolean isNextAttempt(Job before, StepRow row) {
    return before.step(row.key()).map(StepRow::attempts).orElse(0) != row.attempts();
  }

  private void measure(StepRow row) {
    if (row.status() == StepStatus.COMPLETED) {
      Duration took = row.took().orElse(Duration.ZERO);
      metrics.stepTook(row.key().name(), took);
    }
  }

  private void end(UUID workspaceId, Job job) {
    if (job.status().isEnd()) {
      metrics.ended(job.status());
    }
    if (job.status() == JobStatus.COMPLETED) {
      listeners.accept(
          new JobEvent.Completed(
              workspaceId, job.id(), clock.now(), job.rows(StepName.RENDER).size()));
    } else if (job.status() == JobStatus.FAILED) {
      StepKey step =
          job.steps().stream()
              .filter(row -> row.status() == StepStatus.FAILED)
              .map(StepRow::key)
              .findFirst()
              .orElseThrow();
      StepFailure why = job.failure().orElseThrow();
      listeners.accept(new JobEvent.Failed(workspaceId, job.id(), clock.now(), step, why));
    }
  }

  /**
   * Steps that run are so far.
   *
   * @param percent of the whole job
   */
  void progressed(
      UUID workspaceId, Job job, int percent, List<StepKey> steps, double done, long mediaUs) {
    listeners.accept(
        new JobEvent.Progressed(
            workspaceId, job.id(), clock.now(), job.status(), percent, steps, done, mediaUs));
  }
}
