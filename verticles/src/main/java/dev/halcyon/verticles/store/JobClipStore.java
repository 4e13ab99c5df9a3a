package dev.halcyon.verticles.store;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.RenderFacts;
import dev.halcyon.core.handover.HandoverSource;
import dev.halcyon.core.render.RenderSpec;
import dev.halcyon.core.render.RenderWish;
import dev.halcyon.verticles.step.RecordJson;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How jobs' clips come to have files. Every future fails with DATABASE_UNAVAILABLE while the
 * database is away. Any thread.
 */
public final class JobClipStore {
  /** Late news of a clip that is at rest change nothing. */
  private static final String ENDED =
      """
      UPDATE clips c SET failure = $2, status = CASE WHEN EXISTS
          (SELECT FROM clip_versions v WHERE v.clip_id = c.id) THEN 'ready' ELSE 'failed' END
      WHERE %s = $1 AND c.status IN ('requested', 'rendering') AND c.purged_at IS NULL
      RETURNING c.id
      """;

  private static final String FAILED = ENDED.formatted("c.id");
  private static final String ABANDONED = ENDED.formatted("c.job_id");

  private static final String VERSION =
      """
      INSERT INTO clip_versions (clip_id, version, kind, container, blob_key, size_bytes, contract,
                                 render)
      SELECT $1, coalesce(max(version), 0) + 1, 'render', 'mp4', $2, $3, $4, $5
      FROM clip_versions WHERE clip_id = $1
      RETURNING version
      """;

  private final Sql sql;

  public JobClipStore(Pool pool) {
    this.sql = new Sql(pool);
  }

  /**
   * A file that is in its place.
   *
   * @param posterKey empty to keep the poster that there is
   * @param source the media that its window lies on
   */
  public record Version(
      UUID clipId,
      String blobKey,
      long sizeBytes,
      CutContract contract,
      RenderFacts facts,
      RenderSpec spec,
      Optional<HandoverSource> source,
      Optional<String> posterKey) {}

  /**
   * What a version was made by.
   *
   * @param source the media that its window lies on; empty when nobody told
   */
  public record Made(RenderSpec spec, Optional<HandoverSource> source) {}

  /**
   * Notes that a clip is being rendered, for the first time or again.
   *
   * @return the clip; empty when there is none any more
   */
  public Future<Optional<Clip>> rendering(UUID id) {
    return sql.query(
            "UPDATE clips SET status = 'rendering', failure = NULL"
                + " WHERE id = $1 AND purged_at IS NULL",
            id)
        .compose(done -> kept(id));
  }

  /**
   * Adds a version, its poster in the stead of the one before.
   *
   * @return whether the clip was there to have it
   */
  public Future<Boolean> add(Version version) {
    return sql.inTransaction(
        connection ->
            Sql.query(
                    connection,
                    "SELECT 1 FROM clips WHERE id = $1 AND purged_at IS NULL FOR UPDATE",
                    version.clipId())
                .compose(
                    found ->
                        found.size() == 0
                            ? Future.succeededFuture(false)
                            : insert(connection, version).map(true)));
  }

  private static Future<Void> insert(SqlConnection connection, Version version) {
    return Sql.query(
            connection,
            VERSION,
            version.clipId(),
            version.blobKey(),
            version.sizeBytes(),
            ClipShapes.contractJson(version.contract()),
            ClipShapes.renderJson(version.facts()))
        .map(rows -> rows.iterator().next().getInteger("version"))
        .compose(
            number ->
                Sql.query(
                    connection,
                    "INSERT INTO clip_renders (clip_id, version, spec_sha256, spec, source)"
                        + " VALUES ($1, $2, $3, $4, $5)",
                    version.clipId(),
                    number,
                    version.facts().specSha256(),
                    RecordJson.write(version.spec()),
                    version.source().map(RecordJson::write).orElse(null)))
        .compose(
            done ->
                Sql.query(
                    connection,
                    "UPDATE clips SET status = 'ready', failure = NULL, start_us = $3, end_us = $4,"
                        + " poster_key = coalesce($2, poster_key) WHERE id = $1",
                    version.clipId(),
                    version.posterKey().orElse(null),
                    version.contract().requestedStartUs(),
                    version.contract().requestedEndUs()))
        .mapEmpty();
  }

  /** Keeps how a clip is wanted, in the stead of the wish before. */
  static Future<Void> wish(SqlConnection connection, UUID id, RenderWish wish) {
    return Sql.query(
            connection,
            "UPDATE clips SET wish = $2 WHERE id = $1 AND purged_at IS NULL",
            id,
            RecordJson.write(wish))
        .mapEmpty();
  }

  /** How a clip is wanted. */
  public Future<RenderWish> wishOf(UUID id) {
    return sql.one(
            row -> row.getJsonObject("wish"),
            "SELECT wish FROM clips WHERE id = $1 AND wish IS NOT NULL",
            id)
        .map(
            found ->
                found.map(json -> RecordJson.read(RenderWish.class, json)).orElse(RenderWish.NONE));
  }

  /** The newest version is what was rendered: nothing is added. */
  public Future<Void> asBefore(UUID id) {
    return sql.query(
            "UPDATE clips SET status = 'ready', failure = NULL"
                + " WHERE id = $1 AND status = 'rendering'",
            id)
        .mapEmpty();
  }

  /** A clip is not rendered; one with versions is ready as before. Gives the clip if it changed. */
  public Future<List<Clip>> failed(UUID id, String why) {
    return ended(FAILED, id, why);
  }

  /** The same for all clips of a job that have no file. */
  public Future<List<Clip>> abandoned(UUID jobId, String why) {
    return ended(ABANDONED, jobId, why);
  }

  private Future<List<Clip>> ended(String statement, UUID id, String why) {
    return sql.list(row -> row.getUUID("id"), statement, id, why)
        .compose(
            ids ->
                ids.isEmpty()
                    ? Future.succeededFuture(List.of())
                    : sql.list(
                        ClipColumns::read,
                        ClipColumns.SELECT + " WHERE c.id = ANY($1)",
                        (Object) ids.toArray(UUID[]::new)));
  }

  /** A clip, be it deleted as long as it was not purged. */
  public Future<Optional<Clip>> kept(UUID id) {
    return sql.one(
        ClipColumns::read, ClipColumns.SELECT + " WHERE c.id = $1 AND c.purged_at IS NULL", id);
  }

  /** What a version was made by; empty for one that was not rendered. */
  public Future<Optional<Made>> made(UUID clipId, int version) {
    return sql.one(
        JobClipStore::made,
        "SELECT spec, source FROM clip_renders WHERE clip_id = $1 AND version = $2",
        clipId,
        version);
  }

  private static Made made(Row row) {
    JsonObject source = row.getJsonObject("source");
    return new Made(
        RecordJson.read(RenderSpec.class, row.getJsonObject("spec")),
        Optional.ofNullable(source).map(json -> RecordJson.read(HandoverSource.class, json)));
  }
}
