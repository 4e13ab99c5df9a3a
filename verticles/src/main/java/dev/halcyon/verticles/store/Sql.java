package dev.halcyon.verticles.store;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Statements on a pool, their failures as {@link HalcyonException}. Each is answered within a time
 * limit: a server that hangs is as absent as one that is gone. What it was asked may still be done
 * later. Any thread.
 */
final class Sql {
  /** SQLSTATE of a broken UNIQUE constraint. */
  static final String UNIQUE_VIOLATION = "23505";

  /** As long as a connection may take to be had. */
  private static final long TIMEOUT_MS = 5_000;

  private final Pool pool;
  private final long timeoutMs;

  Sql(Pool pool) {
    this(pool, TIMEOUT_MS);
  }

  Sql(Pool pool, long timeoutMs) {
    this.pool = pool;
    this.timeoutMs = timeoutMs;
  }

  Future<RowSet<Row>> query(String text, Object... arguments) {
    return limited(query(pool, text, arguments));
  }

  <T> Future<List<T>> list(Function<Row, T> reader, String text, Object... arguments) {
    return query(text, arguments).map(rows -> read(rows, reader));
  }

  <T> Future<Optional<T>> one(Function<Row, T> reader, String text, Object... arguments) {
    return query(text, arguments).map(rows -> first(rows, reader));
  }

  /** Runs {@code work} in one transaction: committed when it succeeds, else rolled back. */
  <T> Future<T> inTransaction(Function<SqlConnection, Future<T>> work) {
    return limited(pool.withTransaction(work));
  }

  private <T> Future<T> limited(Future<T> answer) {
    return answer
        .timeout(timeoutMs, TimeUnit.MILLISECONDS)
        .recover(failure -> Future.failedFuture(stated(failure)));
  }

  static Future<RowSet<Row>> query(SqlClient client, String text, Object... arguments) {
    return client.preparedQuery(text).execute(Tuple.wrap(arguments));
  }

  static <T> Optional<T> first(RowSet<Row> rows, Function<Row, T> reader) {
    var iterator = rows.iterator();
    return iterator.hasNext() ? Optional.of(reader.apply(iterator.next())) : Optional.empty();
  }

  static <T> List<T> read(RowSet<Row> rows, Function<Row, T> reader) {
    List<T> all = new ArrayList<>(rows.size());
    rows.forEach(row -> all.add(reader.apply(row)));
    return all;
  }

  /** A statement that the server refused is our fault; anything else is the server's absence. */
  private static Throwable stated(Throwable failure) {
    if (failure instanceof HalcyonException) {
      return failure;
    }
    if (failure instanceof PgException refused && !isAbsence(refused.getSqlState())) {
      return failure;
    }
    return new HalcyonException(
        ErrorCode.DATABASE_UNAVAILABLE, "the database cannot be reached just now", failure);
  }

  /** Classes 08 (connection), 53 (resources) and 57 (operator intervention: shutting down). */
  private static boolean isAbsence(String sqlState) {
    return sqlState.startsWith("08") || sqlState.startsWith("53") || sqlState.startsWith("57");
  }
}
