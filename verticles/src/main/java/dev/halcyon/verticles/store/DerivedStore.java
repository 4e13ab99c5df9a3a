package dev.halcyon.verticles.store;

import dev.halcyon.core.clip.derive.DerivedFile;
import dev.halcyon.core.clip.derive.DerivedForm;
import dev.halcyon.core.clip.derive.StripGrid;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The files that were made of clips' versions. Any thread. */
public final class DerivedStore {
  /** Not for a clip that is purged: its files are being deleted. */
  private static final String PUT =
      """
      WITH old AS (
        SELECT blob_key FROM clip_files
        WHERE clip_id = $1 AND version = $2 AND kind = $3 AND options = $4)
      INSERT INTO clip_files (clip_id, version, kind, options, blob_key, size_bytes, sha256,
                              content_type, grid, created_at)
      SELECT v.clip_id, v.version, $3, $4, $5, $6, $7, $8, $9, $10
      FROM clip_versions v JOIN clips c ON c.id = v.clip_id
      WHERE v.clip_id = $1 AND v.version = $2 AND c.purged_at IS NULL
      ON CONFLICT (clip_id, version, kind, options) DO UPDATE SET blob_key = excluded.blob_key,
        size_bytes = excluded.size_bytes, sha256 = excluded.sha256,
        content_type = excluded.content_type, grid = excluded.grid,
        created_at = excluded.created_at
      RETURNING (SELECT blob_key FROM old) AS replaced
      """;

  private static final String DROP_OLD_PREVIEWS =
      """
      DELETE FROM clip_files WHERE clip_id = $1 AND kind IN ('gif', 'webp')
        AND (version, kind, options) NOT IN (
          SELECT version, kind, options FROM clip_files
          WHERE clip_id = $1 AND kind IN ('gif', 'webp') ORDER BY created_at DESC LIMIT $2)
      RETURNING blob_key
      """;

  private final Sql sql;

  public DerivedStore(Pool pool) {
    this.sql = new Sql(pool);
  }

  /** What became of a file's row. */
  public sealed interface Kept {
    /** It is there. */
    record Now(Optional<String> replacedBlobKey) implements Kept {}

    /** The clip or the version is gone. */
    record No() implements Kept {}
  }

  public Future<Optional<DerivedFile>> find(UUID clipId, int version, DerivedForm form) {
    return sql.one(
        row -> read(row, form),
        "SELECT * FROM clip_files WHERE clip_id = $1 AND version = $2 AND kind = $3"
            + " AND options = $4",
        clipId,
        version,
        form.kind(),
        form.options());
  }

  /** Notes a file that is in its place, in the stead of an earlier one. */
  public Future<Kept> put(DerivedFile file) {
    return sql.query(
            PUT,
            file.clipId(),
            file.version(),
            file.form().kind(),
            file.form().options(),
            file.blobKey(),
            file.sizeBytes(),
            file.sha256(),
            file.form().contentType(),
            file.grid().map(DerivedStore::json).orElse(null),
            file.createdAt().atOffset(ZoneOffset.UTC))
        .map(
            rows ->
                Sql.first(rows, row -> Optional.ofNullable(row.getString("replaced")))
                    .<Kept>map(Kept.Now::new)
                    .orElseGet(Kept.No::new));
  }

  /**
   * Forgets all but the newest previews of a clip.
   *
   * @return the blob keys of those that are forgotten
   */
  public Future<List<String>> dropOldPreviews(UUID clipId, int kept) {
    return sql.list(row -> row.getString("blob_key"), DROP_OLD_PREVIEWS, clipId, kept);
  }

  private static DerivedFile read(Row row, DerivedForm form) {
    return new DerivedFile(
        row.getUUID("clip_id"),
        row.getInteger("version"),
        form,
        row.getString("blob_key"),
        row.getLong("size_bytes"),
        row.getString("sha256"),
        Optional.ofNullable(row.getJsonObject("grid")).map(DerivedStore::grid),
        row.getOffsetDateTime("created_at").toInstant());
  }

  private static JsonObject json(StripGrid grid) {
    return new JsonObject()
        .put("tiles", grid.tiles())
        .put("columns", grid.columns())
        .put("tile_width_px", grid.tileWidthPx())
        .put("tile_height_px", grid.tileHeightPx())
        .put("step_us", grid.stepUs())
        .put("length_us", grid.lengthUs());
  }

  private static StripGrid grid(JsonObject json) {
    return new StripGrid(
        json.getInteger("tiles"),
        json.getInteger("columns"),
        json.getInteger("tile_width_px"),
        json.getInteger("tile_height_px"),
        json.getLong("step_us"),
        json.getLong("length_us"));
  }
}
