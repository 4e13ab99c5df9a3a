package dev.halcyon.verticles.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which of the stored files are in the S3 store, which have to be brought there, and by which node:
 * the one that has them. The files are the truth; what is written here can be found out again. Any
 * thread.
 */
public final class BlobUploads {
  private static final String COLUMNS =
      "blob_key, node_id, size_bytes, attempts, upload_id, failure, added_at, stored_at, is_local, used_at";

  private final Sql sql;

  public BlobUploads(Pool pool) {
    this.sql = new Sql(pool);
  }

  /** A file on this machine. */
  public record LocalFile(String blobKey, long sizeBytes) {}

  /**
   * What is known of one file.
   *
   * @param nodeId whose it is to bring it there
   * @param attempts that failed because of this file
   * @param uploadId of the upload in parts that was begun
   * @param storedAt empty until the store has it
   * @param isLocal whether the node has it
   * @param usedAt when the node made it, stored it or got it back
   */
  public record Upload(
      String blobKey,
      String nodeId,
      long sizeBytes,
      int attempts,
      Optional<String> uploadId,
      Optional<String> failure,
      Instant addedAt,
      Optional<Instant> storedAt,
      boolean isLocal,
      Instant usedAt) {
    static Upload read(Row row) {
      return new Upload(
          row.getString("blob_key"),
          row.getString("node_id"),
          row.getLong("size_bytes"),
          row.getInteger("attempts"),
          Optional.ofNullable(row.getString("upload_id")),
          Optional.ofNullable(row.getString("failure")),
          row.getOffsetDateTime("added_at").toInstant(),
          Optional.ofNullable(row.getOffsetDateTime("stored_at")).map(OffsetDateTime::toInstant),
          row.getBoolean("is_local"),
          row.getOffsetDateTime("used_at").toInstant());
    }
  }

  /**
   * How it stands with the files of a node.
   *
   * @param oldest of those that wait
   * @param failing those that wait after a failure of their own
   * @param storedLocalBytes what is both here and there
   */
  public record Totals(
      long waiting,
      long waitingBytes,
      Optional<Instant> oldest,
      long failing,
      long storedLocalBytes) {
    public static final Totals NONE = new Totals(0, 0, Optional.empty(), 0, 0);

    static Totals read(Row row) {
      return new Totals(
          row.getLong("waiting"),
          row.getLong("waiting_bytes"),
          Optional.ofNullable(row.getOffsetDateTime("oldest")).map(OffsetDateTime::toInstant),
          row.getLong("failing"),
          row.getLong("stored_local_bytes"));
    }
  }

  /** Files that have to be brought to the store; those that are known already stay as they are. */
  public Future<Void> add(String nodeId, List<LocalFile> files, Instant now, Instant notBefore) {
    return sql.query(
            """
            INSERT INTO blob_uploads (blob_key, node_id, size_bytes, added_at, next_attempt_at, used_at)
            SELECT f.blob_key, $1, f.size_bytes, $4, $5, $4
            FROM unnest($2::text[], $3::bigint[]) AS f (blob_key, size_bytes)
            ON CONFLICT (blob_key) DO NOTHING
            """,
            nodeId,
            files.stream().map(LocalFile::blobKey).toArray(String[]::new),
            files.stream().map(LocalFile::sizeBytes).toArray(Long[]::new),
            time(now),
            time(notBefore))
        .mapEmpty();
  }

  /** A file that only the store has. */
  public Future<Void> addStored(String nodeId, String blobKey, long sizeBytes, Instant now) {
    return sql.query(
            """
            INSERT INTO blob_uploads (blob_key, node_id, size_bytes, added_at, next_attempt_at,
              stored_at, is_local, used_at)
            VALUES ($1, $2, $3, $4, $4, $4, false, $4)
            ON CONFLICT (blob_key) DO NOTHING
            """,
            blobKey,
            nodeId,
            sizeBytes,
            time(now))
        .mapEmpty();
  }

  /** What a node should bring to the store now, but for what it is about to. */
  public Future<List<Upload>> due(String nodeId, Instant now, Set<String> inHand, int limit) {
    return sql.list(
        Upload::read,
        "SELECT "
            + COLUMNS
            + " FROM blob_uploads WHERE node_id = $1 AND stored_at IS NULL"
            + " AND next_attempt_at <= $2 AND NOT blob_key = ANY ($3)"
            + " ORDER BY next_attempt_at LIMIT $4",
        nodeId,
        time(now),
        inHand.toArray(String[]::new),
        limit);
  }

  /** Notes how an upload in parts can be gone on with. */
  public Future<Void> begun(String blobKey, String uploadId) {
    return sql.query(
            "UPDATE blob_uploads SET upload_id = $2 WHERE blob_key = $1", blobKey, uploadId)
        .mapEmpty();
  }

  public Future<Void> stored(String blobKey, long sizeBytes, Instant now) {
    return sql.query(
            "UPDATE blob_uploads SET stored_at = $3, size_bytes = $2, upload_id = NULL,"
                + " failure = NULL, used_at = $3 WHERE blob_key = $1",
            blobKey,
            sizeBytes,
            time(now))
        .mapEmpty();
  }

  /**
   * @param isOfFile whether another file might have fared better
   */
  public Future<Void> failed(String blobKey, String failure, boolean isOfFile, Instant next) {
    return sql.query(
            "UPDATE blob_uploads SET failure = $2, attempts = attempts + $3, next_attempt_at = $4"
                + " WHERE blob_key = $1",
            blobKey,
            failure.substring(0, Math.min(500, failure.length())),
            isOfFile ? 1 : 0,
            time(next))
        .mapEmpty();
  }

  /** The store does not have it after all. */
  public Future<Void> again(String blobKey, Instant now) {
    return sql.query(
            "UPDATE blob_uploads SET stored_at = NULL, is_local = true, upload_id = NULL,"
                + " next_attempt_at = $2 WHERE blob_key = $1",
            blobKey,
            time(now))
        .mapEmpty();
  }

  /** Has everything tried at once that waits. */
  public Future<Void> hurry(String nodeId, Instant now) {
    return sql.query(
            "UPDATE blob_uploads SET next_attempt_at = $2 WHERE node_id = $1 AND stored_at IS NULL",
            nodeId,
            time(now))
        .mapEmpty();
  }

  public Future<Void> remove(String blobKey) {
    return sql.query("DELETE FROM blob_uploads WHERE blob_key = $1", blobKey).mapEmpty();
  }

  /** Notes whether the node has the file itself. */
  public Future<Void> local(String blobKey, boolean isLocal, Instant now) {
    return sql.query(
            "UPDATE blob_uploads SET is_local = $2, used_at = $3 WHERE blob_key = $1",
            blobKey,
            isLocal,
            time(now))
        .mapEmpty();
  }

  /** Files that are here and there and were not used since, the longest unused first. */
  public Future<List<Upload>> unused(String nodeId, Instant since, int limit) {
    return sql.list(
        Upload::read,
        "SELECT "
            + COLUMNS
            + " FROM blob_uploads WHERE node_id = $1 AND stored_at IS NOT NULL"
            + " AND is_local AND used_at <= $2 ORDER BY used_at, blob_key LIMIT $3",
        nodeId,
        time(since),
        limit);
  }

  public Future<Totals> totals(String nodeId) {
    return sql.one(
            Totals::read,
            """
            SELECT count(*) FILTER (WHERE stored_at IS NULL) AS waiting,
              coalesce(sum(size_bytes) FILTER (WHERE stored_at IS NULL), 0)::bigint AS waiting_bytes,
              min(added_at) FILTER (WHERE stored_at IS NULL) AS oldest,
              count(*) FILTER (WHERE stored_at IS NULL AND attempts > 0) AS failing,
              coalesce(sum(size_bytes) FILTER (WHERE stored_at IS NOT NULL), 0)::bigint
                AS stored_local_bytes
            FROM blob_uploads WHERE node_id = $1 AND (stored_at IS NULL OR is_local)
            """,
            nodeId)
        .map(totals -> totals.orElse(Totals.NONE));
  }

  public Future<Optional<Upload>> find(String blobKey) {
    return sql.one(
        Upload::read, "SELECT " + COLUMNS + " FROM blob_uploads WHERE blob_key = $1", blobKey);
  }

  /** Everything behind a key, in the order in which stores list their files. */
  public Future<List<Upload>> after(String blobKey, int limit) {
    return sql.list(
        Upload::read,
        "SELECT " + COLUMNS + " FROM blob_uploads WHERE blob_key > $1 ORDER BY blob_key LIMIT $2",
        blobKey,
        limit);
  }

  /** The uploads in parts that are to be gone on with. */
  public Future<Set<String>> uploadIds() {
    return sql.list(
            row -> row.getString("upload_id"),
            "SELECT upload_id FROM blob_uploads WHERE upload_id IS NOT NULL AND stored_at IS NULL")
        .map(ids -> ids.stream().collect(Collectors.toUnmodifiableSet()));
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
