package dev.halcyon.verticles.store;

import dev.halcyon.core.stream.StreamSettings;
import dev.halcyon.core.stream.StreamStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The streams of all workspaces. Deleted streams are never found. Every future fails with
 * DATABASE_UNAVAILABLE while the database is away. Any thread.
 */
public final class StreamStore {
  private static final String COLUMNS =
      "id, workspace_id, user_id, name, platform, source, stream_key, status, settings,"
          + " owner_node, last_seen_at, last_error, clips_generated, created_at";

  /** An owner that has not renewed its claim for this long is gone. */
  private static final String CLAIM_AGE = "interval '30 seconds'";

  private final Sql sql;

  public StreamStore(Pool pool) {
    this.sql = new Sql(pool);
  }

  public Future<StreamRow> create(NewStream stream) {
    return sql.query(
            "INSERT INTO streams (id, workspace_id, user_id, name, platform, source, stream_key,"
                + " settings) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING "
                + COLUMNS,
            stream.id(),
            stream.workspaceId(),
            stream.userId(),
            stream.name(),
            stream.platform().orElse(null),
            StreamShapes.sourceJson(stream.source()),
            stream.streamKey(),
            StreamShapes.settingsJson(stream.settings()))
        .map(rows -> read(rows.iterator().next()));
  }

  /** A stream of one workspace; another workspace's is not found. */
  public Future<Optional<StreamRow>> byId(UUID workspaceId, UUID id) {
    return sql.one(
        StreamStore::read,
        "SELECT "
            + COLUMNS
            + " FROM streams WHERE id = $1 AND workspace_id = $2 AND deleted_at IS NULL",
        id,
        workspaceId);
  }

  /** A stream whatever its workspace: for the node itself, never for a request. */
  public Future<Optional<StreamRow>> any(UUID id) {
    return sql.one(
        StreamStore::read,
        "SELECT " + COLUMNS + " FROM streams WHERE id = $1 AND deleted_at IS NULL",
        id);
  }

  public Future<Optional<StreamRow>> byKey(String streamKey) {
    return sql.one(
        StreamStore::read,
        "SELECT " + COLUMNS + " FROM streams WHERE stream_key = $1 AND deleted_at IS NULL",
        streamKey);
  }

  /** Newest first. */
  public Future<PageOf<StreamRow>> list(UUID workspaceId, PageRequest page) {
    return count(workspaceId)
        .compose(
            total ->
                sql.list(
                        StreamStore::read,
                        "SELECT "
                            + COLUMNS
                            + " FROM streams WHERE workspace_id = $1 AND deleted_at IS NULL"
                            + " ORDER BY created_at DESC, id LIMIT $2 OFFSET $3",
                        workspaceId,
                        page.limit(),
                        page.offset())
                    .map(rows -> new PageOf<>(rows, total, page)));
  }

  public Future<Long> count(UUID workspaceId) {
    return sql.query(
            "SELECT count(*) FROM streams WHERE workspace_id = $1 AND deleted_at IS NULL",
            workspaceId)
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /** Every stream that is not deleted, oldest first: what a node starts with. */
  public Future<List<StreamRow>> all() {
    return sql.list(
        StreamStore::read,
        "SELECT " + COLUMNS + " FROM streams WHERE deleted_at IS NULL ORDER BY created_at");
  }

  /**
   * Notes what the node sees. A stopped stream stays stopped until {@link #resume}: a session that
   * ends because of the stop does not undo it.
   *
   * @param lastError replaces the stored one; empty keeps it
   */
  public Future<Void> setStatus(UUID id, StreamStatus status, Optional<String> lastError) {
    return sql.query(
            "UPDATE streams SET status = $2, last_error = coalesce($3, last_error),"
                + " last_seen_at = CASE WHEN $2 = 'active' THEN now() ELSE last_seen_at END"
                + " WHERE id = $1 AND status <> 'stopped'",
            id,
            status.wire(),
            lastError.orElse(null))
        .mapEmpty();
  }

  /** Lets a stopped stream be published to again; others stay as they are. */
  public Future<Void> resume(UUID id) {
    return sql.query("UPDATE streams SET status = 'idle' WHERE id = $1 AND status = 'stopped'", id)
        .mapEmpty();
  }

  /** Notes that the stream's media arrives now. */
  public Future<Void> touch(UUID id) {
    return sql.query(
            "UPDATE streams SET last_seen_at = now(),"
                + " locked_at = CASE WHEN owner_node IS NULL THEN NULL ELSE now() END"
                + " WHERE id = $1",
            id)
        .mapEmpty();
  }

  public Future<Void> countClip(UUID id) {
    return sql.query("UPDATE streams SET clips_generated = clips_generated + 1 WHERE id = $1", id)
        .mapEmpty();
  }

  /** Makes a node the stream's owner unless another one holds it; {@link #touch} renews. */
  public Future<Boolean> claim(UUID id, String nodeId) {
    return sql.query(
            "UPDATE streams SET owner_node = $2, locked_at = now() WHERE id = $1"
                + " AND deleted_at IS NULL AND (owner_node IS NULL OR owner_node = $2"
                + " OR locked_at < now() - "
                + CLAIM_AGE
                + ")",
            id,
            nodeId)
        .map(rows -> rows.rowCount() == 1);
  }

  public Future<Void> release(UUID id, String nodeId) {
    return sql.query(
            "UPDATE streams SET owner_node = NULL, locked_at = NULL"
                + " WHERE id = $1 AND owner_node = $2",
            id,
            nodeId)
        .mapEmpty();
  }

  /**
   * Clears what a dead node left: the states and claims of {@code nodeId}'s own earlier run, of
   * nobody, and of owners long silent.
   *
   * @return how many streams were cleared
   */
  public Future<Integer> clearStale(String nodeId) {
    return sql.query(
            "UPDATE streams SET owner_node = NULL, locked_at = NULL,"
                + " status = CASE WHEN status IN ('connecting', 'active') THEN 'idle'"
                + " ELSE status END"
                + " WHERE (status IN ('connecting', 'active') OR owner_node IS NOT NULL)"
                + " AND (owner_node IS NULL OR owner_node = $1 OR locked_at < now() - "
                + CLAIM_AGE
                + ")",
            nodeId)
        .map(rows -> rows.rowCount());
  }

  public Future<Void> updateSettings(UUID id, StreamSettings settings) {
    return sql.query(
            "UPDATE streams SET settings = $2 WHERE id = $1",
            id,
            StreamShapes.settingsJson(settings))
        .mapEmpty();
  }

  public Future<Void> rename(UUID id, String name) {
    return sql.query("UPDATE streams SET name = $2 WHERE id = $1", id, name).mapEmpty();
  }

  /** Hides the stream for good; its clips stay. Its key is refused from now on. */
  public Future<Void> delete(UUID id) {
    return sql.query(
            "UPDATE streams SET deleted_at = now(), status = 'stopped', owner_node = NULL,"
                + " locked_at = NULL WHERE id = $1 AND deleted_at IS NULL",
            id)
        .mapEmpty();
  }

  private static StreamRow read(Row row) {
    return new StreamRow(
        row.getUUID("id"),
        row.getUUID("workspace_id"),
        row.getUUID("user_id"),
        row.getString("name"),
        Optional.ofNullable(row.getString("platform")),
        StreamShapes.sourceOf(row.getJsonObject("source")),
        row.getString("stream_key"),
        StreamStatus.ofWire(row.getString("status")),
        StreamShapes.settingsOf(row.getJsonObject("settings")),
        Optional.ofNullable(row.getString("owner_node")),
        instant(row, "last_seen_at"),
        Optional.ofNullable(row.getString("last_error")),
        row.getInteger("clips_generated"),
        row.getOffsetDateTime("created_at").toInstant());
  }

  private static Optional<Instant> instant(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }
}
