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
        SELECT c.deleted_at IS NULL AS is_kept, v.version, v.size_bytes, v.fault, c.id
        FROM clips c LEFT JOIN clip_versions v ON v.clip_id = c.id
        WHERE c.workspace_id = $1 AND c.purged_at IS NULL)
      SELECT count(DISTINCT id) FILTER (WHERE is_kept) AS clips,
        count(version) FILTER (WHERE is_kept) AS versions,
        coalesce(sum(size_bytes) FILTER (WHERE is_kept), 0)::bigint AS bytes,
        count(fault) FILTER (WHERE is_kept) AS faults,
        count(DISTINCT id) FILTER (WHERE NOT is_kept) AS deleted_clips,
        coalesce(sum(size_bytes) FILTER (WHERE NOT is_kept), 0)::bigint AS deleted_bytes,
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
   * @param faults versions whose files are lost or damaged
   * @param deletedClips clips that can still be taken back
   * @param ringBytes the most that the rings of its streams may take
   */
  public record Storage(
      long clips,
      long versions,
      long bytes,
      long faults,
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
