package dev.halcyon.verticles.api;

import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.JobTrace;
import dev.halcyon.core.job.StepFailure;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.job.StepRow;
import dev.halcyon.verticles.job.JobFolders;
import dev.halcyon.verticles.store.JobRow;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Jobs and their steps in the shape of the contract. Any thread. */
public final class JobJson {
  private JobJson() {}

  static JsonObject of(JobRow row) {
    Job job = row.job();
    return new JsonObject()
        .put("id", job.id().toString())
        .put("mode", "vod")
        .put("status", job.status().wire())
        .put("progress", row.percent())
        .put("source_file_key", row.source().fileKey().orElse(null))
        .put("source_url", row.source().url().orElse(null))
        .put("settings", row.settings())
        .put("steps", steps(row))
        .put("clip_count", row.clipCount())
        .put("error_code", job.failure().map(why -> why.code().name()).orElse(null))
        .put("error_message", job.failure().map(JobJson::message).orElse(null))
        .put("has_artifacts", row.hasArtifacts())
        .put("trace_id", JobTrace.traceId(job.id()))
        .put("created_at", Times.text(job.createdAt()))
        .put("updated_at", Times.text(job.updatedAt()))
        .put("completed_at", job.status().isEnd() ? Times.text(job.updatedAt()) : null);
  }

  static JsonArray steps(JobRow row) {
    JsonArray steps = new JsonArray();
    for (StepRow step : row.job().steps()) {
      steps.add(step(row.job().id(), step).put("done", done(step, row)));
    }
    return steps;
  }

  private static double done(StepRow step, JobRow row) {
    return step.status().isOver() ? 1 : row.running().getOrDefault(step.key(), 0.0);
  }

  /** One row. Its name is {@code render:clip-01} for the rendering of a clip. */
  public static JsonObject step(UUID jobId, StepRow step) {
    return new JsonObject()
        .put("name", step.key().wire())
        .put("clip_id", clipId(jobId, step.key()).map(UUID::toString).orElse(null))
        .put("status", step.status().wire())
        .put("attempt_count", step.attempts())
        .put("max_attempts", step.attemptsAllowed())
        .put("duration_ms", step.took().map(Duration::toMillis).orElse(null))
        .put("started_at", text(step.startedAt()))
        .put("ended_at", text(step.endedAt()))
        .put("next_attempt_at", text(step.notBefore()))
        .put("error_code", step.failure().map(why -> why.code().name()).orElse(null))
        .put("error_message", step.failure().map(JobJson::message).orElse(null))
        .put("span_id", JobTrace.spanId(jobId, step.key(), step.attempts()));
  }

  private static String text(Optional<Instant> instant) {
    return instant.map(Times::text).orElse(null);
  }

  /** Why a step failed, without what is the server's own business. */
  public static String message(StepFailure why) {
    return PublicText.of(why.message());
  }

  /** The clip that a row renders; empty for other rows. */
  public static Optional<UUID> clipId(UUID jobId, StepKey step) {
    return step.name() == StepName.RENDER
        ? Optional.of(Job.clipId(jobId, step.part()))
        : Optional.empty();
  }

  static JsonObject artifacts(List<JobFolders.Artifact> artifacts) {
    JsonArray data = new JsonArray();
    for (JobFolders.Artifact artifact : artifacts) {
      data.add(
          new JsonObject()
              .put("name", artifact.name())
              .put("size_bytes", artifact.bytes())
              .put("written_at", Times.text(artifact.writtenAt())));
    }
    return new JsonObject().put("data", data);
  }
}
