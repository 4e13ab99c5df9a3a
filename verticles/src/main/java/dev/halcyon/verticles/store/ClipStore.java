package dev.halcyon.verticles.store;

import dev.halcyon.core.clip.AskedWindow;
import dev.halcyon.core.clip.Clip;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The clips of all workspaces with their versions, as they are made and read. What people change of
 * them is {@link ClipEdits}'. Every future fails with DATABASE_UNAVAILABLE while the database is
 * away. Any thread.
 */
public final class ClipStore {
  /** One statement, so that a clip and its versions are committed by one round trip. */
  private static final String WRITE =
      """
      WITH written AS (
        INSERT INTO clips (id, workspace_id, stream_id, status, title, description, hashtags,
                           start_us, end_us, score, reason, poster_key, failure, created_at,
                           continues, asked_from_us, asked_to_us, asked_crossing, job_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $16, $17, $18, $19,
                $20)
        ON CONFLICT (id) %s
        RETURNING id, title, description, hashtags, revision, edited_at, approval, reviewed_by,
                  reviewed_at, deleted_at),
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
      SELECT written.*, (SELECT u.name FROM users u WHERE u.id = written.reviewed_by) AS reviewer
      FROM written
      """;

  private static final String INSERT = WRITE.formatted("DO NOTHING");
  private static final String UPDATE =
      WRITE.formatted(
          """
          DO UPDATE SET status = excluded.status,
            title = CASE clips.revision WHEN 0 THEN excluded.title ELSE clips.title END,
            description = CASE clips.revision WHEN 0 THEN excluded.description
                                              ELSE clips.description END,
            hashtags = CASE clips.revision WHEN 0 THEN excluded.hashtags ELSE clips.hashtags END,
            start_us = excluded.start_us, end_us = excluded.end_us, score = excluded.score,
            reason = excluded.reason, poster_key = excluded.poster_key, failure = excluded.failure,
            asked_from_us = excluded.asked_from_us, asked_to_us = excluded.asked_to_us,
            asked_crossing = excluded.asked_crossing
          WHERE clips.purged_at IS NULL
            AND (clips.status NOT IN ('sealed', 'ready')
              OR excluded.status NOT IN ('requested', 'opened', 'playable', 'failed'))
            AND (clips.status <> 'failed'
              OR excluded.status NOT IN ('requested', 'opened', 'playable'))
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
   * Writes a clip's present state, whether or not it was ever inserted; what people changed
   * meanwhile stays. May be repeated.
   *
   * @return the clip with what people changed, also when they deleted it and may take it back;
   *     empty, and nothing was written, when it was purged or a later state stands
   */
  public Future<Optional<Clip>> update(Clip clip) {
    return write(UPDATE, clip);
  }

  private Future<Optional<Clip>> write(String statement, Clip clip) {
    return sql.query(
            statement,
            clip.id(),
            clip.workspaceId(),
            clip.origin().streamId().orElse(null),
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
            ClipShapes.array(clip.versions(), ClipShapes::versionRow),
            clip.continues().orElse(null),
            clip.asked().map(AskedWindow::fromUs).orElse(null),
            clip.asked().map(AskedWindow::toUs).orElse(null),
            clip.asked().map(asked -> asked.crossing().wire()).orElse(null),
            clip.origin().jobId().orElse(null))
        .map(rows -> Sql.first(rows, row -> ClipColumns.curated(clip, row)));
  }

  /** A clip of one workspace; another workspace's is not found. */
  public Future<Optional<Clip>> byId(UUID workspaceId, UUID id) {
    return sql.one(
        ClipColumns::read,
        ClipColumns.SELECT + " WHERE c.id = $1 AND c.workspace_id = $2 AND c.deleted_at IS NULL",
        id,
        workspaceId);
  }

  /** A clip whatever its workspace: for the node itself and for signed URLs. */
  public Future<Optional<Clip>> any(UUID id) {
    return sql.one(
        ClipColumns::read, ClipColumns.SELECT + " WHERE c.id = $1 AND c.deleted_at IS NULL", id);
  }

  /** Whether a clip is there, be it deleted as long as it was not purged. */
  public Future<Boolean> isKept(UUID id) {
    return sql.query("SELECT 1 FROM clips WHERE id = $1 AND purged_at IS NULL", id)
        .map(rows -> rows.size() > 0);
  }

  public Future<PageOf<Clip>> list(UUID workspaceId, ClipFilter filter, PageRequest page) {
    ClipQuery query = new ClipQuery(workspaceId, filter);
    String rowsOfPage = " LIMIT " + query.parameter(1) + " OFFSET " + query.parameter(2);
    return sql.query("SELECT count(*) FROM clips c" + query.where(), query.arguments())
        .map(rows -> rows.iterator().next().getLong(0))
        .compose(
            total ->
                sql.list(
                        ClipColumns::read,
                        ClipColumns.SELECT + query.where() + filter.sort().orderBy() + rowsOfPage,
                        query.arguments(page.limit(), page.offset()))
                    .map(rows -> new PageOf<>(rows, total, page)));
  }

  /**
   * Clips of any workspace that promise a poster, newest first; deleted ones too while they can be
   * taken back.
   */
  public Future<List<Clip>> promisingPosters(Instant createdBefore, int limit) {
    return sql.list(
        ClipColumns::read,
        ClipColumns.SELECT
            + " WHERE c.poster_key IS NOT NULL AND c.status IN ('sealed', 'ready')"
            + " AND c.purged_at IS NULL AND c.created_at < $1"
            + " ORDER BY c.created_at DESC LIMIT $2",
        createdBefore.atOffset(ZoneOffset.UTC),
        limit);
  }

  /** Streams' clips of any workspace whose first file was not finished, oldest first. */
  public Future<List<Clip>> unfinished() {
    return sql.list(
        ClipColumns::read,
        ClipColumns.SELECT
            + " WHERE c.status IN ('requested', 'opened', 'playable') AND c.purged_at IS NULL"
            + " AND c.stream_id IS NOT NULL ORDER BY c.created_at");
  }
}
