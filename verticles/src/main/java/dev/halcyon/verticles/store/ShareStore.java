package dev.halcyon.verticles.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** The share links of all workspaces. Any thread. */
public final class ShareStore {
  /** Players ask for a few bytes twice, so a tenth of the file is given on top. */
  private static final String CHARGE =
      """
      UPDATE share_links SET charged_bytes = charged_bytes + $2, last_used_at = $3
      WHERE id = $1 AND revoked_at IS NULL
        AND charged_bytes + $2 <= max_downloads * size_bytes + size_bytes / 10
      """;

  /** A statement of its own: one that had to wait here would count what it saw before it waited. */
  private static final String LOCK_CLIP = "SELECT 1 FROM clips WHERE id = $1 FOR NO KEY UPDATE";

  private static final String INSERT =
      """
      INSERT INTO share_links (id, workspace_id, clip_id, version, size_bytes, bound_address,
                               max_downloads, created_by, created_at, expires_at)
      SELECT $1::uuid, $2::uuid, $3::uuid, $4::integer, $5::bigint, $6::text, $7::integer,
             $8::uuid, $9::timestamptz, $10::timestamptz
      WHERE (SELECT count(*) FROM share_links WHERE clip_id = $3::uuid) < $11::bigint
      """;

  private final Sql sql;

  public ShareStore(Pool pool) {
    this.sql = new Sql(pool);
  }

  /**
   * Keeps a new link. Those who make links of one clip at once do it one after the other: the count
   * holds until the link is in.
   *
   * @param most how many links a clip may have
   * @return empty, and nothing was kept, when the clip has that many
   */
  public Future<Optional<ShareLink>> create(ShareLink link, int most) {
    return sql.inTransaction(
        connection ->
            Sql.query(connection, LOCK_CLIP, link.clipId())
                .compose(locked -> insert(connection, link, most))
                .map(rows -> rows.rowCount() == 1 ? Optional.of(link) : Optional.empty()));
  }

  private static Future<RowSet<Row>> insert(SqlConnection connection, ShareLink link, int most) {
    return Sql.query(
        connection,
        INSERT,
        link.id(),
        link.workspaceId(),
        link.clipId(),
        link.version(),
        link.sizeBytes(),
        link.boundAddress().orElse(null),
        link.maxDownloads(),
        link.createdBy(),
        time(link.createdAt()),
        time(link.expiresAt()),
        (long) most);
  }

  /** A link whatever its workspace: its URL's signature was checked. */
  public Future<Optional<ShareLink>> any(UUID id) {
    return sql.one(ShareStore::read, "SELECT * FROM share_links WHERE id = $1", id);
  }

  /** The links of a clip, newest first. */
  public Future<PageOf<ShareLink>> list(UUID workspaceId, UUID clipId, PageRequest page) {
    return count(workspaceId, clipId)
        .compose(
            total ->
                sql.list(
                        ShareStore::read,
                        "SELECT * FROM share_links WHERE workspace_id = $1 AND clip_id = $2"
                            + " ORDER BY created_at DESC, id LIMIT $3 OFFSET $4",
                        workspaceId,
                        clipId,
                        page.limit(),
                        page.offset())
                    .map(rows -> new PageOf<>(rows, total, page)));
  }

  private Future<Long> count(UUID workspaceId, UUID clipId) {
    return sql.query(
            "SELECT count(*) FROM share_links WHERE workspace_id = $1 AND clip_id = $2",
            workspaceId,
            clipId)
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /** Ends a link; false when the clip has none of this id. */
  public Future<Boolean> revoke(UUID workspaceId, UUID clipId, UUID id, Instant now) {
    return sql.query(
            "UPDATE share_links SET revoked_at = coalesce(revoked_at, $4)"
                + " WHERE workspace_id = $1 AND clip_id = $2 AND id = $3",
            workspaceId,
            clipId,
            id,
            time(now))
        .map(rows -> rows.rowCount() == 1);
  }

  /**
   * Charges bytes that are about to be sent.
   *
   * @return false, and nothing was charged, when the link has not that much left
   */
  public Future<Boolean> charge(UUID id, long bytes, Instant now) {
    return sql.query(CHARGE, id, bytes, time(now)).map(rows -> rows.rowCount() == 1);
  }

  /** Takes back what was charged and not sent. */
  public Future<Void> refund(UUID id, long bytes) {
    return sql.query(
            "UPDATE share_links SET charged_bytes = greatest(0, charged_bytes - $2) WHERE id = $1",
            id,
            bytes)
        .mapEmpty();
  }

  /** Forgets links that expired before {@code expiredBefore}. */
  public Future<Void> forget(Instant expiredBefore) {
    return sql.query("DELETE FROM share_links WHERE expires_at < $1", time(expiredBefore))
        .mapEmpty();
  }

  private static ShareLink read(Row row) {
    return new ShareLink(
        row.getUUID("id"),
        row.getUUID("workspace_id"),
        row.getUUID("clip_id"),
        row.getInteger("version"),
        row.getLong("size_bytes"),
        Optional.ofNullable(row.getString("bound_address")),
        row.getInteger("max_downloads"),
        row.getLong("charged_bytes"),
        row.getUUID("created_by"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("expires_at").toInstant(),
        instant(row, "last_used_at"),
        instant(row, "revoked_at"));
  }

  private static Optional<Instant> instant(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
