package dev.halcyon.core.event;

import dev.halcyon.core.job.JobStatus;
import dev.halcyon.core.job.StepFailure;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepRow;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A fact about one job, published on the event bus and to every listener of the job. Deeply
 * immutable; under 4 KB when written as JSON.
 */
public sealed interface JobEvent {
  UUID workspaceId();

  UUID jobId();

  /** Wall clock of the fact. */
  Instant at();

  /** The name on the wire, as in {@code job.step}. */
  String type();

  /** A step has another state than before. */
  record StepChanged(
      UUID workspaceId, UUID jobId, Instant at, JobStatus status, int percent, StepRow step)
      implements JobEvent {
    @Override
    public String type() {
      return "job.step";
    }
  }

  /**
   * How far the job is, a few times a second at most.
   *
   * @param steps those that run together just now; empty when the job's own state changed
   * @param done 0..1 of these steps
   * @param mediaUs how much of the source they have been through
   */
  record Progressed(
      UUID workspaceId,
      UUID jobId,
      Instant at,
      JobStatus status,
      int percent,
      List<StepKey> steps,
      double done,
      long mediaUs)
      implements JobEvent {
    public Progressed {
      steps = List.copyOf(steps);
    }

    @Override
    public String type() {
      return "job.progress";
    }
  }

  /** All that was asked for is done. */
  record Completed(UUID workspaceId, UUID jobId, Instant at, int clips) implements JobEvent {
    @Override
    public String type() {
      return "job.completed";
    }
  }

  /** A step failed for good, and with it the job: nothing happens until somebody retries. */
  record Failed(UUID workspaceId, UUID jobId, Instant at, StepKey step, StepFailure failure)
      implements JobEvent {
    @Override
    public String type() {
      return "job.failed";
    }
  }
}
