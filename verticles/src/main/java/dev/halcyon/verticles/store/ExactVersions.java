package dev.halcyon.verticles.store;

import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.CutContract;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.Optional;
import java.util.UUID;

/**
 * The rows of files that were made for players that ignore edit lists, of which a clip has one at
 * most. Every future fails with DATABASE_UNAVAILABLE while the database is away. Any thread.
 */
public final class ExactVersions {
  private static final String FIND =
      "SELECT to_jsonb(v) AS version FROM clip_versions v WHERE v.clip_id = $1 AND v.kind = 'exact'";

  /** A number that a version of another kind took meanwhile is refused by the primary key. */
  private static final String PUT =
      """
      WITH old AS (
        SELECT version, blob_key FROM clip_versions WHERE clip_id = $1 AND kind = 'exact'),
      put AS (
        INSERT INTO clip_versions (clip_id, version, kind, container, blob_key, size_bytes,
                                   contract)
        SELECT c.id,
               coalesce((SELECT version FROM old),
                        (SELECT coalesce(max(version), 0) + 1 FROM clip_versions
                         WHERE clip_id = c.id)),
               'exact', $2, $3, $4, $5
        FROM clips c WHERE c.id = $1 AND c.purged_at IS NULL
        ON CONFLICT (clip_id) WHERE kind = 'exact' DO UPDATE SET
          container = excluded.container, blob_key = excluded.blob_key,
          size_bytes = excluded.size_bytes, contract = excluded.contract, fault = NULL
        RETURNING version)
      SELECT put.version, (SELECT blob_key FROM old) AS replaced FROM put
      """;

  private final Sql sql;

  public ExactVersions(Pool pool) {
    this.sql = new Sql(pool);
  }

  /**
   * What became of a file's row.
   *
   * @param version its number
   * @param replaced the key of the file that it takes the place of
   */
  public record Kept(int version, Optional<String> replaced) {}

  /** A clip's exact file; whether its clip is deleted does not matter. */
  public Future<Optional<ClipVersion>> find(UUID clipId) {
    return sql.one(row -> ClipShapes.versionOf(row.getJsonObject("version")), FIND, clipId);
  }

  /** Keeps a clip's exact file, instead of the one before; empty when the clip was purged. */
  public Future<Optional<Kept>> put(
      UUID clipId, String container, String blobKey, long sizeBytes, CutContract contract) {
    return sql.one(
        row -> new Kept(row.getInteger("version"), Optional.ofNullable(row.getString("replaced"))),
        PUT,
        clipId,
        container,
        blobKey,
        sizeBytes,
        ClipShapes.contractJson(contract));
  }
}
