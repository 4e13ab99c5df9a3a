package dev.halcyon.verticles.store;

import dev.halcyon.core.clip.ClipVersion;
import io.vertx.core.Future;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Which stored files rows rely on, for those who compare the two. Any thread. */
public final class BlobRows {
  /** In the order of the keys' bytes, as stores list them. */
  private static final String ALL =
      "SELECT blob_key, clip_id, kind, size_bytes, fault, since, is_going FROM blob_references"
          + " ORDER BY blob_key COLLATE \"C\"";

  private final Pool pool;
  private final Sql sql;

  public BlobRows(Pool pool) {
    this.pool = pool;
    this.sql = new Sql(pool);
  }

  /**
   * One file that a row relies on.
   *
   * @param sizeBytes where the row knows it
   * @param state what the row knows of the file
   * @param since when the file should be there
   * @param isGoing whether the clip is purged: its files go first
   */
  public record Reference(
      String blobKey,
      UUID clipId,
      Kind kind,
      OptionalLong sizeBytes,
      ClipVersion.FileState state,
      Instant since,
      boolean isGoing) {

    /** What of a clip the file is. */
    public enum Kind {
      VERSION,
      POSTER,
      /** Made of a version; can be made again. */
      DERIVED;

      static Kind ofWire(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
      }
    }

    static Reference read(Row row) {
      Long size = row.getLong("size_bytes");
      return new Reference(
          row.getString("blob_key"),
          row.getUUID("clip_id"),
          Kind.ofWire(row.getString("kind")),
          size == null ? OptionalLong.empty() : OptionalLong.of(size),
          ClipVersion.FileState.ofFault(Optional.ofNullable(row.getString("fault"))),
          row.getOffsetDateTime("since").toInstant(),
          row.getBoolean("is_going"));
    }
  }

  /** All references as they were at one moment, part by part. Closed by who opened it. */
  public static final class Listing {
    private final SqlConnection connection;
    private final Transaction transaction;
    private final Cursor cursor;

    private Listing(SqlConnection connection, Transaction transaction, Cursor cursor) {
      this.connection = connection;
      this.transaction = transaction;
      this.cursor = cursor;
    }

    /** The next part, in order; empty at the end. */
    public Future<List<Reference>> next(int limit) {
      return cursor.read(limit).map(rows -> Sql.read(rows, Reference::read));
    }

    public Future<Void> close() {
      return cursor
          .close()
          .transform(closed -> transaction.rollback())
          .transform(rolledBack -> connection.close());
    }
  }

  public Future<Listing> open() {
    return pool.getConnection()
        .compose(
            connection ->
                connection
                    .begin()
                    .compose(
                        transaction ->
                            connection
                                .prepare(ALL)
                                .map(
                                    statement ->
                                        new Listing(
                                            connection,
                                            transaction,
                                            statement.cursor(Tuple.tuple()))))
                    .recover(
                        failure ->
                            connection.close().transform(closed -> Future.failedFuture(failure))));
  }

  /** Whether a row relies on the file just now. */
  public Future<Boolean> isReferenced(String blobKey) {
    return sql.query("SELECT 1 FROM blob_references WHERE blob_key = $1 LIMIT 1", blobKey)
        .map(rows -> rows.size() > 0);
  }

  /**
   * Notes what is known of a version's file.
   *
   * @return the clip that has changed by it; empty when nothing has
   */
  public Future<Optional<UUID>> mark(String blobKey, ClipVersion.FileState state) {
    return sql.one(
        row -> row.getUUID("clip_id"),
        "UPDATE clip_versions SET fault = $2 WHERE blob_key = $1 AND fault IS DISTINCT FROM $2"
            + " RETURNING clip_id",
        blobKey,
        state.fault().orElse(null));
  }

  /** Promises a poster no longer that is not there. */
  public Future<Optional<UUID>> dropPoster(String blobKey) {
    return sql.one(
        row -> row.getUUID("id"),
        "UPDATE clips SET poster_key = NULL WHERE poster_key = $1 RETURNING id",
        blobKey);
  }

  /** Forgets a file that is not there, or not as it was: it is made again when it is asked for. */
  public Future<Void> dropDerived(String blobKey) {
    return sql.query("DELETE FROM clip_files WHERE blob_key = $1", blobKey).mapEmpty();
  }
}
