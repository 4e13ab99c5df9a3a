package dev.halcyon.verticles.store;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.JobStatus;
import dev.halcyon.core.job.JobStore;
import dev.halcyon.core.job.JobTrace;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.render.RenderWish;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The jobs of all workspaces. A job and its steps change in one transaction, and only when nobody
 * else has changed them since. Deleted jobs are never found by a request. Every future fails with
 * DATABASE_UNAVAILABLE while the database is away. Any thread; the methods of {@link JobStore}
 * block.
 */
public final class PostgresJobStore implements JobStore {
  private static final String CREATE =
      """
      INSERT INTO jobs (id, workspace_id, user_id, mode, status, source_file_key, source_url,
        settings, transcript_format, transcript, is_auto_approved, revision, trace_id, created_at,
        updated_at)
      VALUES ($1, $2, $3, 'vod', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
      """;

  private static final String SAVE =
      """
      UPDATE jobs SET status = $3::text, failure_code = $4, failure_message = $5, revision = $6,
        updated_at = $7::timestamptz, wake_at = $8,
        completed_at = CASE WHEN $3::text IN ('completed', 'failed', 'cancelled') THEN $7::timestamptz END
      WHERE id = $1 AND revision = $2
      """;

  /** What a workspace has in hand; a job that waits for review has nothing left to do. */
  private static final String IN_HAND =
      """
      SELECT count(*) FROM jobs WHERE workspace_id = $1 AND deleted_at IS NULL
        AND status NOT IN ('completed', 'failed', 'cancelled', 'review')
      """;

  private static final String OLD_ARTIFACTS =
      """
      artifacts_gone_at IS NULL AND owner_node IS NULL
      AND status IN ('completed', 'failed', 'cancelled', 'review')
      AND (deleted_at IS NOT NULL OR updated_at < $1::timestamptz)
      """;

  private final Sql sql;

  public PostgresJobStore(Pool pool) {
    this.sql = new Sql(pool);
  }

  /** A transcript that was given with a job. */
  public record Transcript(String format, String text) {}

  /**
   * Keeps a new job.
   *
   * @param limit how many jobs a workspace may have in hand
   * @return fails with LIMIT_REACHED when it has as many
   */
  public Future<Void> create(JobRow row, Optional<Transcript> transcript, int limit) {
    return sql.inTransaction(
        connection ->
            // One after the other: two that come together do not both take the last place.
            Sql.query(
                    connection,
                    "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
                    "jobs " + row.workspaceId())
                .compose(locked -> Sql.query(connection, IN_HAND, row.workspaceId()))
                .compose(
                    counted ->
                        counted.iterator().next().getLong(0) < limit
                            ? insert(connection, row, transcript)
                            : Future.failedFuture(
                                new HalcyonException(
                                    ErrorCode.LIMIT_REACHED,
                                    "a workspace may have "
                                        + limit
                                        + " jobs in hand here; cancel one, or wait for its end"))));
  }

  private static Future<Void> insert(
      SqlConnection connection, JobRow row, Optional<Transcript> transcript) {
    Job job = row.job();
    return Sql.query(
            connection,
            CREATE,
            job.id(),
            row.workspaceId(),
            row.userId(),
            job.status().wire(),
            row.source().fileKey().orElse(null),
            row.source().url().orElse(null),
            row.settings(),
            transcript.map(Transcript::format).orElse(null),
            transcript.map(given -> JobShapes.stored(given.text())).orElse(null),
            job.isAutoApproved(),
            job.revision(),
            JobTrace.traceId(job.id()),
            JobShapes.time(job.createdAt()))
        .compose(done -> putSteps(connection, job));
  }

  private static Future<Void> putSteps(SqlConnection connection, Job job) {
    List<Tuple> steps = new ArrayList<>();
    job.steps().forEach(row -> steps.add(JobShapes.step(job.id(), row)));
    return connection.preparedQuery(JobShapes.PUT_STEP).executeBatch(steps).mapEmpty();
  }

  /** As {@link #save}, without blocking. */
  public Future<Boolean> put(Job job, long basedOn) {
    return sql.inTransaction(connection -> put(connection, job, basedOn));
  }

  /** The same, and how one of its clips is wanted from then on; both or neither. */
  public Future<Boolean> put(Job job, long basedOn, UUID clipId, RenderWish wish) {
    return sql.inTransaction(
        connection ->
            put(connection, job, basedOn)
                .compose(
                    kept ->
                        kept
                            ? JobClipStore.wish(connection, clipId, wish).map(true)
                            : Future.succeededFuture(false)));
  }

  private static Future<Boolean> put(SqlConnection connection, Job job, long basedOn) {
    Optional<Instant> wakeAt =
        job.runnable(job.updatedAt()).isEmpty() ? job.nextRetryAt() : Optional.empty();
    return Sql.query(
            connection,
            SAVE,
            job.id(),
            basedOn,
            job.status().wire(),
            job.failure().map(why -> why.code().name()).orElse(null),
            job.failure().map(why -> JobShapes.stored(why.message())).orElse(null),
            job.revision(),
            JobShapes.time(job.updatedAt()),
            JobShapes.time(wakeAt))
        .compose(
            saved ->
                saved.rowCount() == 0
                    ? Future.succeededFuture(false)
                    : replaceSteps(connection, job).map(true));
  }

  private static Future<Void> replaceSteps(SqlConnection connection, Job job) {
    return Sql.query(
            connection,
            "DELETE FROM job_steps WHERE job_id = $1 AND NOT step || ':' || part = ANY($2)",
            job.id(),
            JobShapes.keys(job))
        .compose(dropped -> putSteps(connection, job));
  }

  /** A job of one workspace; another workspace's is not found. */
  public Future<Optional<JobRow>> byId(UUID workspaceId, UUID id) {
    return sql.one(
        JobShapes::row,
        "SELECT "
            + JobShapes.COLUMNS
            + " FROM jobs j WHERE j.id = $1 AND j.workspace_id = $2 AND j.deleted_at IS NULL",
        id,
        workspaceId);
  }

  /** A job whatever its workspace, and though it be deleted: for the node itself. */
  public Future<Optional<JobRow>> any(UUID id) {
    return sql.one(
        JobShapes::row, "SELECT " + JobShapes.COLUMNS + " FROM jobs j WHERE j.id = $1", id);
  }

  /** Newest first. */
  public Future<PageOf<JobRow>> list(
      UUID workspaceId, Optional<JobStatus> status, PageRequest page) {
    String wanted = status.map(JobStatus::wire).orElse(null);
    String where =
        " FROM jobs j WHERE j.workspace_id = $1 AND j.deleted_at IS NULL"
            + " AND ($2::text IS NULL OR j.status = $2)";
    return sql.query("SELECT count(*)" + where, workspaceId, wanted)
        .map(rows -> rows.iterator().next().getLong(0))
        .compose(
            total ->
                sql.list(
                        JobShapes::row,
                        "SELECT "
                            + JobShapes.COLUMNS
                            + where
                            + " ORDER BY j.created_at DESC, j.id LIMIT $3 OFFSET $4",
                        workspaceId,
                        wanted,
                        page.limit(),
                        page.offset())
                    .map(rows -> new PageOf<>(rows, total, page)));
  }

  public Future<Optional<Transcript>> transcript(UUID id) {
    return sql.one(
        row -> new Transcript(row.getString("transcript_format"), row.getString("transcript")),
        "SELECT transcript_format, transcript FROM jobs WHERE id = $1 AND transcript IS NOT NULL",
        id);
  }

  /** Notes how far rows that run are. */
  public Future<Void> progress(UUID id, List<StepKey> steps, double done) {
    return sql.query(
            "UPDATE job_steps SET done = $3 WHERE job_id = $1 AND status = 'running'"
                + " AND step || ':' || part = ANY($2)",
            id,
            steps.stream().map(key -> key.name().wire() + ":" + key.part()).toArray(String[]::new),
            done)
        .mapEmpty();
  }

  /** Hides a job for good unless it goes on; its clips stay. Returns whether that hid it. */
  public Future<Boolean> delete(UUID id) {
    return sql.query(
            "UPDATE jobs SET deleted_at = now(), revision = revision + 1"
                + " WHERE id = $1 AND deleted_at IS NULL"
                + " AND status IN ('completed', 'failed', 'cancelled')",
            id)
        .map(hidden -> hidden.rowCount() > 0);
  }

  /** Jobs at rest since before a time, and deleted ones, whose files are still there. */
  public Future<List<UUID>> withOldArtifacts(Instant before, int limit) {
    return sql.list(
        row -> row.getUUID("id"),
        "SELECT id FROM jobs WHERE " + OLD_ARTIFACTS + " ORDER BY updated_at LIMIT $2",
        JobShapes.time(before),
        limit);
  }

  /**
   * Notes that a job's files go, and drops the transcript that was given with it. The job has
   * changed by that: who has seen it before has to look again.
   *
   * @return false when it is no longer among {@link #withOldArtifacts}: it is needed again
   */
  public Future<Boolean> noteArtifactsGone(UUID id, Instant before) {
    return sql.query(
            "UPDATE jobs SET artifacts_gone_at = now(), revision = revision + 1,"
                + " transcript_format = NULL, transcript = NULL WHERE id = $2 AND "
                + OLD_ARTIFACTS,
            JobShapes.time(before),
            id)
        .map(noted -> noted.rowCount() > 0);
  }

  @Override
  public Optional<Job> find(UUID id) {
    return awaited(any(id)).map(JobRow::job);
  }

  /**
   * @throws IllegalArgumentException for a new job: those have more to them, see {@link #create}
   */
  @Override
  public boolean save(Job job, long basedOn) {
    if (basedOn < 0) {
      throw new IllegalArgumentException("a new job is created [id=" + job.id() + "]");
    }
    return awaited(put(job, basedOn));
  }

  /** Waits for an answer. Blocking: not on an event loop. */
  public static <T> T awaited(Future<T> answer) {
    try {
      return Database.await(answer);
    } catch (IOException failure) {
      if (failure.getCause() instanceof HalcyonException stated) {
        throw new HalcyonException(stated.code(), stated.getMessage(), stated);
      }
      throw new HalcyonException(ErrorCode.INTERNAL, "a job's row: " + failure, failure);
    }
  }
}
