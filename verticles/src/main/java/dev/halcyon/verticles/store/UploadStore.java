package dev.halcyon.verticles.store;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.job.StepFailure;
import dev.halcyon.verticles.step.RecordJson;
import dev.halcyon.verticles.step.SourceFacts;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The files that users bring. Every future fails with DATABASE_UNAVAILABLE while the database is
 * away. Any thread.
 */
public final class UploadStore {
  private static final String CREATE =
      """
      INSERT INTO uploads (id, workspace_id, user_id, filename, content_type, size_bytes, status,
                           created_at, expires_at, used_at)
      SELECT $1, $2, $3, $4, $5, $6, 'expected', $7, $8, $7
      WHERE (SELECT count(*) FROM uploads
             WHERE workspace_id = $2
               AND (status = 'received' OR status = 'expected' AND expires_at > $7)) < $9
      RETURNING id
      """;

  private static final String TAKE_STALE =
      """
      UPDATE uploads SET status = 'gone' WHERE id IN (
        SELECT u.id FROM uploads u
        WHERE u.status = 'gone'
           OR (u.used_at < CASE u.status WHEN 'confirmed' THEN $1::timestamptz
                                         ELSE $2::timestamptz END
               AND NOT EXISTS (
                 SELECT FROM jobs j
                 WHERE j.workspace_id = u.workspace_id AND j.deleted_at IS NULL
                   AND j.status NOT IN ('completed', 'failed', 'cancelled', 'review')
                   AND j.source_file_key = u.workspace_id || '/uploads/' || u.id))
        ORDER BY u.used_at LIMIT $3)
      RETURNING *
      """;

  private final Sql sql;

  public UploadStore(Pool pool) {
    this.sql = new Sql(pool);
  }

  /**
   * Notes a file that is to come.
   *
   * @param most that a workspace may have on their way
   * @return whether it may
   */
  public Future<Boolean> create(UploadRow upload, int most) {
    return sql.query(
            CREATE,
            upload.id(),
            upload.workspaceId(),
            upload.userId(),
            upload.filename(),
            upload.contentType(),
            upload.sizeBytes(),
            time(upload.createdAt()),
            time(upload.expiresAt()),
            most)
        .map(rows -> rows.size() > 0);
  }

  /** A file of whichever workspace: for signed URLs. */
  public Future<Optional<UploadRow>> any(UUID id) {
    return sql.one(UploadStore::read, "SELECT * FROM uploads WHERE id = $1", id);
  }

  /**
   * The file has come as a whole; empty when it was not waited for: one has come, or it is late.
   */
  public Future<Optional<UploadRow>> received(UUID id, Instant now) {
    return sql.one(
        UploadStore::read,
        "UPDATE uploads SET status = 'received', used_at = $2"
            + " WHERE id = $1 AND status = 'expected' RETURNING *",
        id,
        time(now));
  }

  /** The file is fit for a job; empty when it is gone meanwhile. */
  public Future<Optional<UploadRow>> confirmed(UUID id, SourceFacts facts, Instant now) {
    return sql.one(
        UploadStore::read,
        "UPDATE uploads SET status = 'confirmed', facts = $2, used_at = $3"
            + " WHERE id = $1 AND status = 'received' RETURNING *",
        id,
        RecordJson.write(facts),
        time(now));
  }

  /** The file is of no use; its file can be deleted. */
  public Future<Void> refused(UUID id, StepFailure why) {
    return sql.query(
            "UPDATE uploads SET status = 'refused', failure_code = $2, failure_message = $3"
                + " WHERE id = $1 AND status = 'received'",
            id,
            why.code().name(),
            why.message())
        .mapEmpty();
  }

  /** A confirmed file of a workspace, which is kept longer from now on. */
  public Future<Optional<UploadRow>> use(UUID workspaceId, UUID id, Instant now) {
    return sql.one(
        UploadStore::read,
        "UPDATE uploads SET used_at = $3 WHERE id = $1 AND workspace_id = $2"
            + " AND status = 'confirmed' RETURNING *",
        id,
        workspaceId,
        time(now));
  }

  /**
   * Takes files out of use whose time is over, but for those that a job still has to read, however
   * long it waits for a word; those of an earlier call that were not forgotten come again.
   *
   * @param usedBefore of confirmed ones
   * @param touchedBefore of all others
   */
  public Future<List<UploadRow>> takeStale(Instant usedBefore, Instant touchedBefore, int limit) {
    return sql.list(UploadStore::read, TAKE_STALE, time(usedBefore), time(touchedBefore), limit);
  }

  /** The last of a file that is gone. */
  public Future<Void> forget(UUID id) {
    return sql.query("DELETE FROM uploads WHERE id = $1 AND status = 'gone'", id).mapEmpty();
  }

  private static UploadRow read(Row row) {
    JsonObject facts = row.getJsonObject("facts");
    String code = row.getString("failure_code");
    return new UploadRow(
        row.getUUID("id"),
        row.getUUID("workspace_id"),
        row.getUUID("user_id"),
        row.getString("filename"),
        row.getString("content_type"),
        row.getLong("size_bytes"),
        UploadRow.Status.ofWire(row.getString("status")),
        Optional.ofNullable(facts).map(json -> RecordJson.read(SourceFacts.class, json)),
        code == null
            ? Optional.empty()
            : Optional.of(
                new StepFailure(ErrorCode.valueOf(code), row.getString("failure_message"))),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("expires_at").toInstant());
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
