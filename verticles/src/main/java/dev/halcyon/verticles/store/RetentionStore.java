package dev.halcyon.verticles.store;

import dev.halcyon.verticles.store.ClipEdits.Deleted;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/**
 * Hides the clips that a workspace does not want to keep, a few at a time; they can be taken back
 * like those that people delete. Clips in the making are left alone. One node at a time does it:
 * two that add up the same bytes would delete twice as much. Any thread.
 */
public final class RetentionStore {
  private static final String ALONE =
      "SELECT pg_advisory_xact_lock(hashtextextended('halcyon.retention', 0))";

  private static final String DELETABLE =
      "c.workspace_id = $1 AND c.deleted_at IS NULL AND c.status IN ('sealed', 'ready', 'failed')"
          + " AND NOT ($2 AND c.approval = 'approved')";

  /** Asked once more of the row itself: it may have been approved since it was chosen. */
  private static final String HIDE =
      "UPDATE clips SET deleted_at = $3, revision = revision + 1 WHERE id IN (%s)"
          + " AND deleted_at IS NULL AND NOT ($2 AND approval = 'approved')"
          + " RETURNING id, workspace_id, stream_id, job_id";

  private static final String OLDER =
      HIDE.formatted(
          "SELECT c.id FROM clips c WHERE "
              + DELETABLE
              + " AND c.created_at < $4 ORDER BY c.created_at LIMIT $5");

  /** The oldest while what is before them does not yet make up for what is too much. */
  private static final String BEYOND =
      """
      WITH sizes AS (
        SELECT c.id,
          (SELECT coalesce(sum(v.size_bytes), 0) FROM clip_versions v WHERE v.clip_id = c.id)
          + (SELECT coalesce(sum(f.size_bytes), 0) FROM clip_files f WHERE f.clip_id = c.id)
            AS bytes
        FROM clips c WHERE c.workspace_id = $1 AND c.deleted_at IS NULL),
      oldest AS (
        SELECT c.id, sum(s.bytes) OVER (ORDER BY c.created_at, c.id) - s.bytes AS bytes_before
        FROM clips c JOIN sizes s ON s.id = c.id WHERE s.bytes > 0 AND\s"""
          + DELETABLE
          + ") "
          + HIDE.formatted(
              "SELECT id FROM oldest WHERE bytes_before < (SELECT sum(bytes) FROM sizes) - $4"
                  + " ORDER BY bytes_before LIMIT $5");

  private final Sql sql;

  public RetentionStore(Pool pool) {
    this.sql = new Sql(pool);
  }

  /** Hides clips created before a time, oldest first. */
  public Future<List<Deleted>> hideOlder(
      UUID workspaceId, boolean keepsApproved, Instant createdBefore, Instant now, int limit) {
    return hide(OLDER, workspaceId, keepsApproved, now, time(createdBefore), limit);
  }

  /** Hides clips, oldest first, until the rest has no more than {@code maxBytes}. */
  public Future<List<Deleted>> hideBeyond(
      UUID workspaceId, boolean keepsApproved, long maxBytes, Instant now, int limit) {
    return hide(BEYOND, workspaceId, keepsApproved, now, maxBytes, limit);
  }

  private Future<List<Deleted>> hide(
      String statement,
      UUID workspaceId,
      boolean keepsApproved,
      Instant now,
      Object bound,
      int limit) {
    return sql.inTransaction(
        connection ->
            Sql.query(connection, ALONE)
                .compose(
                    alone ->
                        Sql.query(
                            connection,
                            statement,
                            workspaceId,
                            keepsApproved,
                            time(now),
                            bound,
                            limit))
                .map(rows -> Sql.read(rows, Deleted::read)));
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
