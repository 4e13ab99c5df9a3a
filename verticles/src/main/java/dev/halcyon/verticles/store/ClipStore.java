package dev.halcyon.verticles.store;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipStatus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The clips of all workspaces with their versions. Deleted clips are never found, nor brought back
 * by a late write. Every future fails with DATABASE_UNAVAILABLE while the database is away. Any
 * thread.
 */
public final class ClipStore {
  private static final String SELECT =
      "SELECT c.*, coalesce((SELECT jsonb_agg(to_jsonb(v) ORDER BY v.version)"
          + " FROM clip_versions v WHERE v.clip_id = c.id), '[]') AS versions FROM clips c";

  private static final String MATCHES =
      " WHERE c.workspace_id = $1 AND c.deleted_at IS NULL"
          + " AND ($2::uuid IS NULL OR c.stream_id = $2)"
          + " AND ($3::text IS NULL OR c.status = $3)";

  /** One statement, so that a clip and its versions are committed by one round trip. */
  private static final String WRITE =
      """
      WITH written AS (
        INSERT INTO clips (id, workspace_id, stream_id, status, title, description, hashtags,
                           start_us, end_us, score, reason, poster_key, failure, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT (id) %s
        RETURNING id),
      files AS (
        INSERT INTO clip_versions (clip_id, version, kind, container, blob_key, size_bytes,
                                   contract)
        SELECT written.id, v.version, v.kind, v.container, v.blob_key, v.size_bytes, v.contract
        FROM written, jsonb_to_recordset($15) AS v (version integer, kind text, container text,
                                                    blob_key text, size_bytes bigint,
                                                    contract jsonb)
        ON CONFLICT (clip_id, version) DO UPDATE SET kind = excluded.kind,
          container = excluded.container, blob_key = excluded.blob_key,
          size_bytes = excluded.size_bytes, contract = excluded.contract)
      SELECT EXISTS (SELECT FROM written)
      """;

  private static final String INSERT = WRITE.formatted("DO NOTHING");
  private static final String UPDATE =
      WRITE.formatted(
          """
          DO UPDATE SET status = excluded.status, title = excluded.title,
            description = excluded.description, hashtags = excluded.hashtags,
            start_us = excluded.start_us, end_us = excluded.end_us, score = excluded.score,
            reason = excluded.reason, poster_key = excluded.poster_key, failure = excluded.failure
          WHERE clips.deleted_at IS NULL
            AND (clips.status NOT IN ('sealed', 'ready')
              OR excluded.status NOT IN ('requested', 'opened', 'playable', 'failed'))
          """);

  private final Sql sql;

  public ClipStore(Pool pool) {
    this.sql = new Sql(pool);
  }

  /** Writes a new clip; nothing happens when it is there already (a newer state came first). */
  public Future<Void> insert(Clip clip) {
    return write(INSERT, clip).mapEmpty();
  }

  /**
   * Writes a clip's present state, whether or not it was ever inserted. May be repeated.
   *
   * @return false, and nothing was written, when the clip was deleted or a later state stands
   */
  public Future<Boolean> update(Clip clip) {
    return write(UPDATE, clip);
  }

  private Future<Boolean> write(String statement, Clip clip) {
    return sql.query(
            statement,
            clip.id(),
            clip.workspaceId(),
            clip.streamId(),
            clip.status().wire(),
            clip.title(),
            clip.description(),
            clip.hashtags().toArray(String[]::new),
            clip.startUs(),
            clip.endUs(),
            clip.score(),
            ClipShapes.reasonJson(clip.reason()),
            clip.posterKey().orElse(null),
            clip.failure().orElse(null),
            clip.createdAt().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC),
            ClipShapes.array(clip.versions(), ClipShapes::versionRow))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  /** A clip of one workspace; another workspace's is not found. */
  public Future<Optional<Clip>> byId(UUID workspaceId, UUID id) {
    return sql.one(
        ClipStore::read,
        SELECT + " WHERE c.id = $1 AND c.workspace_id = $2 AND c.deleted_at IS NULL",
        id,
        workspaceId);
  }

  /** A clip whatever its workspace: for the node itself and for signed URLs. */
  public Future<Optional<Clip>> any(UUID id) {
    return sql.one(ClipStore::read, SELECT + " WHERE c.id = $1 AND c.deleted_at IS NULL", id);
  }

  /** Newest first. */
  public Future<PageOf<Clip>> list(UUID workspaceId, ClipFilter filter, PageRequest page) {
    if (filter.jobId().isPresent()) {
      // No clip belongs to a job yet: clips are made of streams only.
      return Future.succeededFuture(new PageOf<>(List.of(), 0, page));
    }
    UUID streamId = filter.streamId().orElse(null);
    String status = filter.status().map(ClipStatus::wire).orElse(null);
    return sql.query("SELECT count(*) FROM clips c" + MATCHES, workspaceId, streamId, status)
        .map(rows -> rows.iterator().next().getLong(0))
        .compose(
            total ->
                sql.list(
                        ClipStore::read,
                        SELECT + MATCHES + " ORDER BY c.created_at DESC, c.id LIMIT $4 OFFSET $5",
                        workspaceId,
                        streamId,
                        status,
                        page.limit(),
                        page.offset())
                    .map(rows -> new PageOf<>(rows, total, page)));
  }

  /** Clips of any workspace whose first file was not finished, oldest first. */
  public Future<List<Clip>> unfinished() {
    return sql.list(
        ClipStore::read,
        SELECT
            + " WHERE c.status IN ('requested', 'opened', 'playable') AND c.deleted_at IS NULL"
            + " ORDER BY c.created_at");
  }

  /** Hides the clip for good. Its files are the caller's to delete. */
  public Future<Void> delete(UUID id) {
    return sql.query("UPDATE clips SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL", id)
        .mapEmpty();
  }

  private static Clip read(Row row) {
    return new Clip(
        row.getUUID("id"),
        row.getUUID("workspace_id"),
        row.getUUID("stream_id"),
        ClipStatus.ofWire(row.getString("status")),
        row.getString("title"),
        row.getString("description"),
        List.of(row.getArrayOfStrings("hashtags")),
        row.getLong("start_us"),
        row.getLong("end_us"),
        row.getDouble("score"),
        ClipShapes.reasonOf(row.getJsonObject("reason")),
        ClipShapes.list((JsonArray) row.getJson("versions"), ClipShapes::versionOf),
        Optional.ofNullable(row.getString("poster_key")),
        Optional.ofNullable(row.getString("failure")),
        row.getOffsetDateTime("created_at").toInstant());
  }
}
