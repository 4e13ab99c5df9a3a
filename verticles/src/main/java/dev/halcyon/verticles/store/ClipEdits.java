package dev.halcyon.verticles.store;

import dev.halcyon.core.clip.Approval;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What people do with the clips of their workspace. Each change raises the clip's revision; another
 * workspace's clips are not found. Every future fails with DATABASE_UNAVAILABLE while the database
 * is away. Any thread.
 */
public final class ClipEdits {
  private static final String CHANGE =
      """
      UPDATE clips SET title = coalesce($5, title), description = coalesce($6, description),
        hashtags = coalesce($7, hashtags), approval = coalesce($8, approval),
        reviewed_by = CASE WHEN $8 IS NULL OR $8 = approval THEN reviewed_by
                           WHEN $8 = 'pending' THEN NULL ELSE $9 END,
        reviewed_at = CASE WHEN $8 IS NULL OR $8 = approval THEN reviewed_at
                           WHEN $8 = 'pending' THEN NULL ELSE $4 END,
        revision = revision + 1, edited_at = $4
      WHERE workspace_id = $1 AND id = ANY($2) AND deleted_at IS NULL
        AND ($3::bigint IS NULL OR revision = $3)
      RETURNING id
      """;

  private static final String DELETE =
      """
      UPDATE clips SET deleted_at = $4, revision = revision + 1, edited_at = $4
      WHERE workspace_id = $1 AND id = ANY($2) AND deleted_at IS NULL
        AND ($3::bigint IS NULL OR revision = $3)
      RETURNING id, workspace_id, stream_id, job_id
      """;

  private static final String RESTORE =
      """
      UPDATE clips SET deleted_at = NULL, revision = revision + 1, edited_at = $3
      WHERE workspace_id = $1 AND id = ANY($2) AND deleted_at IS NOT NULL AND purged_at IS NULL
      RETURNING id
      """;

  private final Sql sql;

  public ClipEdits(Pool pool) {
    this.sql = new Sql(pool);
  }

  /** A clip that is hidden now. */
  public record Deleted(UUID id, UUID workspaceId, ClipOrigin origin) {
    static Deleted read(Row row) {
      return new Deleted(row.getUUID("id"), row.getUUID("workspace_id"), ClipColumns.origin(row));
    }
  }

  /**
   * Changes one clip.
   *
   * @param revision the one that the change was made from; empty for whichever stands
   * @param by who changes it
   * @return the clip; or a failure CLIP_NOT_FOUND or EDIT_CONFLICT
   */
  public Future<Clip> change(
      UUID workspaceId, UUID id, OptionalLong revision, ClipChange change, UUID by, Instant now) {
    return change(workspaceId, List.of(id), revision, change, by, now)
        .compose(
            changed ->
                changed.isEmpty()
                    ? refusal(workspaceId, id, revision)
                    : Future.succeededFuture(changed.getFirst()));
  }

  /** Judges clips; those that are not there are left out of the answer. */
  public Future<List<Clip>> review(
      UUID workspaceId, List<UUID> ids, Approval approval, UUID by, Instant now) {
    return change(workspaceId, ids, OptionalLong.empty(), ClipChange.of(approval), by, now);
  }

  private Future<List<Clip>> change(
      UUID workspaceId,
      List<UUID> ids,
      OptionalLong revision,
      ClipChange change,
      UUID by,
      Instant now) {
    return sql.query(
            CHANGE,
            workspaceId,
            ids.toArray(UUID[]::new),
            boxed(revision),
            now.atOffset(ZoneOffset.UTC),
            change.title().orElse(null),
            change.description().orElse(null),
            change.hashtags().map(tags -> tags.toArray(String[]::new)).orElse(null),
            change.approval().map(Approval::wire).orElse(null),
            by)
        .compose(rows -> kept(Sql.read(rows, row -> row.getUUID("id"))));
  }

  /**
   * Hides one clip; {@link #restore} takes it back until it is purged.
   *
   * @return the clip; or a failure CLIP_NOT_FOUND or EDIT_CONFLICT
   */
  public Future<Deleted> delete(UUID workspaceId, UUID id, OptionalLong revision, Instant now) {
    return delete(workspaceId, List.of(id), revision, now)
        .compose(
            deleted ->
                deleted.isEmpty()
                    ? refusal(workspaceId, id, revision)
                    : Future.succeededFuture(deleted.getFirst()));
  }

  /** Hides clips; those that are not there are left out of the answer. */
  public Future<List<Deleted>> delete(UUID workspaceId, List<UUID> ids, Instant now) {
    return delete(workspaceId, ids, OptionalLong.empty(), now);
  }

  private Future<List<Deleted>> delete(
      UUID workspaceId, List<UUID> ids, OptionalLong revision, Instant now) {
    return sql.list(
        Deleted::read,
        DELETE,
        workspaceId,
        ids.toArray(UUID[]::new),
        boxed(revision),
        now.atOffset(ZoneOffset.UTC));
  }

  /** Takes deleted clips back; those that are not deleted or are purged are left out. */
  public Future<List<Clip>> restore(UUID workspaceId, List<UUID> ids, Instant now) {
    return sql.query(RESTORE, workspaceId, ids.toArray(UUID[]::new), now.atOffset(ZoneOffset.UTC))
        .compose(rows -> kept(Sql.read(rows, row -> row.getUUID("id"))));
  }

  private Future<List<Clip>> kept(List<UUID> ids) {
    return ids.isEmpty()
        ? Future.succeededFuture(List.of())
        : sql.list(
            ClipColumns::read,
            ClipColumns.SELECT + " WHERE c.id = ANY($1) AND c.deleted_at IS NULL",
            (Object) ids.toArray(UUID[]::new));
  }

  /** Why nothing was changed: there is no such clip, or it has another revision by now. */
  private <T> Future<T> refusal(UUID workspaceId, UUID id, OptionalLong revision) {
    return sql.one(
            row -> row.getLong("revision"),
            "SELECT revision FROM clips"
                + " WHERE id = $1 AND workspace_id = $2 AND deleted_at IS NULL",
            id,
            workspaceId)
        .compose(
            found ->
                Future.failedFuture(
                    found.isPresent() && revision.isPresent()
                        ? new HalcyonException(
                            ErrorCode.EDIT_CONFLICT,
                            "the clip was changed meanwhile; its revision is " + found.get())
                        : new HalcyonException(
                            ErrorCode.CLIP_NOT_FOUND, "no clip has the id " + id)));
  }

  private static Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }
}
