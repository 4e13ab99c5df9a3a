package dev.halcyon.verticles.store;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.JobStatus;
import dev.halcyon.core.job.JobTrace;
import dev.halcyon.core.job.StepFailure;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.job.StepRow;
import dev.halcyon.core.job.StepStatus;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Jobs and their steps in the forms that the database keeps. */
final class JobShapes {
  /** What {@link #row} reads, of a table {@code jobs j}. */
  static final String COLUMNS =
      """
      j.id, j.workspace_id, j.user_id, j.status, j.source_file_key, j.source_url, j.settings,
      j.transcript IS NOT NULL AS has_transcript, j.is_auto_approved, j.failure_code,
      j.failure_message, j.revision, j.created_at, j.updated_at,
      j.artifacts_gone_at IS NULL AS has_artifacts,
      (SELECT jsonb_agg(to_jsonb(s)) FROM job_steps s WHERE s.job_id = j.id) AS steps
      """;

  /** What {@link #step(UUID, StepRow)} is put by. A row that runs keeps how far it is. */
  static final String PUT_STEP =
      """
      INSERT INTO job_steps (job_id, step, part, status, attempts, attempts_allowed, inputs,
        not_before, started_at, ended_at, took_ms, output, failure_code, failure_message, span_id)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
      ON CONFLICT (job_id, step, part) DO UPDATE SET
        status = excluded.status, attempts = excluded.attempts,
        attempts_allowed = excluded.attempts_allowed, inputs = excluded.inputs,
        not_before = excluded.not_before, started_at = excluded.started_at,
        ended_at = excluded.ended_at, took_ms = excluded.took_ms, output = excluded.output,
        failure_code = excluded.failure_code, failure_message = excluded.failure_message,
        span_id = excluded.span_id,
        done = CASE WHEN job_steps.attempts = excluded.attempts THEN job_steps.done ELSE 0 END
      """;

  private JobShapes() {}

  static JobRow row(Row row) {
    List<StepRow> steps = new ArrayList<>();
    Map<StepKey, Double> running = new HashMap<>();
    for (Object each : row.getJsonArray("steps")) {
      JsonObject json = (JsonObject) each;
      StepRow step = step(json);
      steps.add(step);
      if (step.status() == StepStatus.RUNNING) {
        running.put(step.key(), json.getDouble("done"));
      }
    }
    Job job =
        new Job(
            row.getUUID("id"),
            JobStatus.ofWire(row.getString("status")),
            row.getBoolean("is_auto_approved"),
            steps,
            failure(row.getString("failure_code"), row.getString("failure_message")),
            row.getOffsetDateTime("created_at").toInstant(),
            row.getOffsetDateTime("updated_at").toInstant(),
            row.getLong("revision"));
    return new JobRow(
        job,
        row.getUUID("workspace_id"),
        row.getUUID("user_id"),
        new JobRow.Source(
            Optional.ofNullable(row.getString("source_file_key")),
            Optional.ofNullable(row.getString("source_url"))),
        row.getJsonObject("settings"),
        running,
        row.getBoolean("has_transcript"),
        row.getBoolean("has_artifacts"));
  }

  private static StepRow step(JsonObject json) {
    return new StepRow(
        new StepKey(StepName.ofWire(json.getString("step")), json.getString("part")),
        StepStatus.ofWire(json.getString("status")),
        json.getInteger("attempts"),
        json.getInteger("attempts_allowed"),
        json.getString("inputs"),
        instant(json, "not_before"),
        instant(json, "started_at"),
        instant(json, "ended_at"),
        Optional.ofNullable(json.getLong("took_ms")).map(Duration::ofMillis),
        json.getString("output"),
        failure(json.getString("failure_code"), json.getString("failure_message")));
  }

  private static Optional<Instant> instant(JsonObject json, String name) {
    return Optional.ofNullable(json.getString(name))
        .map(text -> OffsetDateTime.parse(text).toInstant());
  }

  private static Optional<StepFailure> failure(String code, String message) {
    return Optional.ofNullable(code).map(name -> new StepFailure(ErrorCode.valueOf(name), message));
  }

  /** The arguments of {@link #PUT_STEP}. */
  static Tuple step(UUID jobId, StepRow row) {
    return Tuple.tuple()
        .addUUID(jobId)
        .addString(row.key().name().wire())
        .addString(row.key().part())
        .addString(row.status().wire())
        .addInteger(row.attempts())
        .addInteger(row.attemptsAllowed())
        .addString(row.inputs())
        .addOffsetDateTime(time(row.notBefore()))
        .addOffsetDateTime(time(row.startedAt()))
        .addOffsetDateTime(time(row.endedAt()))
        .addLong(row.took().map(Duration::toMillis).orElse(null))
        .addString(row.output())
        .addString(row.failure().map(why -> why.code().name()).orElse(null))
        .addString(row.failure().map(why -> stored(why.message())).orElse(null))
        .addString(JobTrace.spanId(jobId, row.key(), row.attempts()));
  }

  /** PostgreSQL keeps every character but this one. */
  static String stored(String text) {
    return text.replace('\0', ' ');
  }

  static OffsetDateTime time(Optional<Instant> instant) {
    return instant.map(JobShapes::time).orElse(null);
  }

  static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  /** The keys of a job's rows as {@code step:part}, to find those that it has no more. */
  static String[] keys(Job job) {
    return job.steps().stream()
        .map(row -> row.key().name().wire() + ":" + row.key().part())
        .toArray(String[]::new);
  }
}
