package dev.halcyon.verticles.store;

import dev.halcyon.core.clip.RetentionPolicy;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/** What workspaces have and how they want it kept. Any thread. */
public final class WorkspaceStore {
  private static final String STORAGE =
      """
      WITH held AS (
        SELECT c.deleted_at IS NULL AS is_kept, c.id, v.versions, v.faults, v.bytes, f.files,
          f.bytes AS derived_bytes
        FROM clips c,
          LATERAL (SELECT count(*) AS versions, count(fault) AS faults,
                     coalesce(sum(size_bytes), 0) AS bytes
                   FROM clip_versions WHERE clip_id = c.id) v,
          LATERAL (SELECT count(*) AS files, coalesce(sum(size_bytes), 0) AS bytes
                   FROM clip_files WHERE clip_id = c.id) f
        WHERE c.workspace_id = $1 AND c.purged_at IS NULL)
      SELECT count(*) FILTER (WHERE is_kept) AS clips,
        coalesce(sum(versions) FILTER (WHERE is_kept), 0)::bigint AS versions,
        coalesce(sum(bytes + derived_bytes) FILTER (WHERE is_kept), 0)::bigint AS bytes,
        coalesce(sum(faults) FILTER (WHERE is_kept), 0)::bigint AS faults,
        coalesce(sum(files) FILTER (WHERE is_kept), 0)::bigint AS derived_files,
        coalesce(sum(derived_bytes) FILTER (WHERE is_kept), 0)::bigint AS derived_bytes,
        count(*) FILTER (WHERE NOT is_kept) AS deleted_clips,
        coalesce(sum(bytes + derived_bytes) FILTER (WHERE NOT is_kept), 0)::bigint
          AS deleted_bytes,
        (SELECT count(*) FROM streams s
          WHERE s.workspace_id = $1 AND s.deleted_at IS NULL) AS rings,
        (SELECT coalesce(sum((s.settings #>> '{ring,capacity_bytes}')::bigint), 0)::bigint
          FROM streams s WHERE s.workspace_id = $1 AND s.deleted_at IS NULL) AS ring_bytes
      FROM held
      """;

  private final Sql sql;

  public WorkspaceStore(Pool pool) {
    this.sql = new Sql(pool);
  }

  /**
   * What a workspace takes.
   *
   * @param bytes of versions and of what was made of them
   * @param faults versions whose files are lost or damaged
   * @param derivedFiles made of versions; they can be made again
   * @param deletedClips clips that can still be taken back
   * @param ringBytes the most that the rings of its streams may take
   */
  public record Storage(
      long clips,
      long versions,
      long bytes,
      long faults,
      long derivedFiles,
      long derivedBytes,
      long deletedClips,
      long deletedBytes,
      long rings,
      long ringBytes) {}

  /** A workspace that does not keep everything. */
  public record Retention(UUID workspaceId, RetentionPolicy policy) {}

  public Future<Storage> storage(UUID workspaceId) {
    return sql.query(STORAGE, workspaceId)
        .map(rows -> rows.iterator().next())
        .map(
            row ->
                new Storage(
                    row.getLong("clips"),
                    row.getLong("versions"),
                    row.getLong("bytes"),
                    row.getLong("faults"),
                    row.getLong("derived_files"),
                    row.getLong("derived_bytes"),
                    row.getLong("deleted_clips"),
                    row.getLong("deleted_bytes"),
                    row.getLong("rings"),
                    row.getLong("ring_bytes")));
  }

  public Future<RetentionPolicy> retention(UUID workspaceId) {
    return sql.one(
            row -> policy(row.getJsonObject("retention")),
            "SELECT settings -> 'retention' AS retention FROM workspaces WHERE id = $1",
            workspaceId)
        .map(found -> found.orElse(RetentionPolicy.KEEP_ALL));
  }

  public Future<Void> setRetention(UUID workspaceId, RetentionPolicy policy) {
    return sql.query(
            "UPDATE workspaces SET settings = jsonb_set(settings, '{retention}', $2) WHERE id = $1",
            workspaceId,
            json(policy))
        .mapEmpty();
  }

  /** The workspaces that do not keep everything. */
  public Future<List<Retention>> withRetention() {
    return sql.list(
            row -> new Retention(row.getUUID("id"), policy(row.getJsonObject("retention"))),
            "SELECT id, settings -> 'retention' AS retention FROM workspaces"
                + " WHERE settings ? 'retention' AND deleted_at IS NULL")
        .map(all -> all.stream().filter(one -> !one.policy().keepsAll()).toList());
  }

  public static JsonObject json(RetentionPolicy policy) {
    return new JsonObject()
        .put("days", policy.days().isPresent() ? policy.days().getAsInt() : null)
        .put("max_bytes", policy.maxBytes().isPresent() ? policy.maxBytes().getAsLong() : null)
        .put("keep_approved", policy.keepsApproved());
  }

  public static RetentionPolicy policy(JsonObject json) {
    if (json == null) {
      return RetentionPolicy.KEEP_ALL;
    }
    Integer days = json.getInteger("days");
    Long maxBytes = json.getLong("max_bytes");
    return new RetentionPolicy(
        days == null ? OptionalInt.empty() : OptionalInt.of(days),
        maxBytes == null ? OptionalLong.empty() : OptionalLong.of(maxBytes),
        json.getBoolean("keep_approved", true));
  }
}
