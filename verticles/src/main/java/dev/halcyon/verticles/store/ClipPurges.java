package dev.halcyon.verticles.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/**
 * The end of deleted clips: first it is decided that one cannot come back, then its files go, then
 * its row is emptied, and much later forgotten. Each step may be repeated after a crash. Any
 * thread.
 */
public final class ClipPurges {
  private final Sql sql;

  public ClipPurges(Pool pool) {
    this.sql = new Sql(pool);
  }

  /** A clip whose files have to go. */
  public record Purged(UUID id, UUID workspaceId) {}

  /**
   * Decides that clips which were deleted before {@code deletedBefore} cannot be restored any more.
   *
   * @return how many, at most {@code limit}
   */
  public Future<Integer> purge(Instant deletedBefore, Instant now, int limit) {
    return sql.query(
            """
            UPDATE clips SET purged_at = $2 WHERE id IN (
              SELECT id FROM clips
              WHERE deleted_at IS NOT NULL AND deleted_at <= $1 AND purged_at IS NULL
              ORDER BY deleted_at LIMIT $3 FOR UPDATE SKIP LOCKED)
            """,
            deletedBefore.atOffset(ZoneOffset.UTC),
            now.atOffset(ZoneOffset.UTC),
            limit)
        .map(rows -> rows.rowCount());
  }

  /** Purged clips that may still have files, oldest first. */
  public Future<List<Purged>> withFiles(int limit) {
    return sql.list(
        row -> new Purged(row.getUUID("id"), row.getUUID("workspace_id")),
        "SELECT id, workspace_id FROM clips WHERE deleted_at IS NOT NULL"
            + " AND purged_at IS NOT NULL AND emptied_at IS NULL ORDER BY purged_at, id LIMIT $1",
        limit);
  }

  /** Notes that a purged clip's files are gone; nothing of its content stays in the row. */
  public Future<Void> emptied(UUID id, Instant now) {
    return sql.query(
            """
            WITH gone AS (
              UPDATE clips SET emptied_at = $2, title = '', description = '', hashtags = '{}',
                poster_key = NULL, failure = NULL
              WHERE id = $1 AND purged_at IS NOT NULL RETURNING id)
            DELETE FROM clip_versions v USING gone WHERE v.clip_id = gone.id
            """,
            id,
            now.atOffset(ZoneOffset.UTC))
        .mapEmpty();
  }

  /** Forgets clips that were emptied before {@code emptiedBefore}. */
  public Future<Void> forget(Instant emptiedBefore) {
    return sql.query(
            "DELETE FROM clips WHERE deleted_at IS NOT NULL AND emptied_at <= $1",
            emptiedBefore.atOffset(ZoneOffset.UTC))
        .mapEmpty();
  }
}
