package dev.halcyon.verticles.store;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * The database with its schema up to date, and the pool that reaches it. Any thread; its owner
 * closes it after every user of the pool.
 */
public final class Database {
  private static final long ANSWER_LIMIT_S = 60;

  private final Vertx vertx;
  private final Pool pool;
  private final Optional<EmbeddedDatabase> embedded;
  private final DatabaseAddress address;

  private Database(
      Vertx vertx, Pool pool, Optional<EmbeddedDatabase> embedded, DatabaseAddress address) {
    this.vertx = vertx;
    this.pool = pool;
    this.embedded = embedded;
    this.address = address;
  }

  /** Starts the embedded server of a folder, migrates, and opens a pool. */
  public static Future<Database> embedded(Vertx vertx, Path folder) {
    return vertx
        .executeBlocking(() -> EmbeddedDatabase.start(folder), false)
        .compose(
            server ->
                open(vertx, server.address(), Optional.of(server))
                    .recover(
                        failure ->
                            closed(vertx, server)
                                .transform(ignored -> Future.failedFuture(failure))));
  }

  /** Migrates the database at a {@code postgresql://…} URL and opens a pool. */
  public static Future<Database> at(Vertx vertx, String url) {
    return open(vertx, DatabaseAddress.parse(url), Optional.empty());
  }

  private static Future<Database> open(
      Vertx vertx, DatabaseAddress address, Optional<EmbeddedDatabase> embedded) {
    return vertx
        .executeBlocking(() -> migrate(address), false)
        .map(migrations -> new Database(vertx, poolOf(vertx, address), embedded, address));
  }

  private static int migrate(DatabaseAddress address) {
    try {
      return Flyway.configure(Database.class.getClassLoader())
          .dataSource(address.jdbcUrl(), address.user(), address.password())
          .locations("classpath:conf/db")
          .load()
          .migrate()
          .migrationsExecuted;
    } catch (FlywayException failure) {
      throw new HalcyonException(
          ErrorCode.DATABASE_UNAVAILABLE, "the schema could not be brought up to date", failure);
    }
  }

  private static Pool poolOf(Vertx vertx, DatabaseAddress address) {
    PoolOptions options =
        new PoolOptions()
            .setMaxSize(8)
            .setMaxWaitQueueSize(2_000)
            .setConnectionTimeout(5)
            .setConnectionTimeoutUnit(TimeUnit.SECONDS);
    return PgBuilder.pool()
        .with(options)
        .connectingTo(address.connectOptions())
        .using(vertx)
        .build();
  }

  public Pool pool() {
    return pool;
  }

  public DatabaseAddress address() {
    return address;
  }

  /** Succeeds when the database answers within the pool's limits. */
  public Future<Void> ping() {
    return new Sql(pool).query("SELECT 1").mapEmpty();
  }

  /** How often the embedded server has died and was started again; 0 for a server elsewhere. */
  public long restarts() {
    return embedded.map(EmbeddedDatabase::restarts).orElse(0L);
  }

  /** Closes the pool, then stops the embedded server when there is one. */
  public Future<Void> close() {
    return pool.close()
        .transform(
            ignored ->
                embedded.map(server -> closed(vertx, server)).orElse(Future.succeededFuture()));
  }

  private static Future<Void> closed(Vertx vertx, EmbeddedDatabase server) {
    return vertx.executeBlocking(
        () -> {
          server.close();
          return null;
        },
        false);
  }

  /**
   * Waits for an answer of the database. Blocking: not on an event loop.
   *
   * @throws IOException when there is none, or it is a failure
   */
  public static <T> T await(Future<T> answer) throws IOException {
    try {
      return answer.toCompletionStage().toCompletableFuture().get(ANSWER_LIMIT_S, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    } catch (ExecutionException failure) {
      throw new IOException("the database did not answer", failure.getCause());
    } catch (TimeoutException late) {
      throw new IOException("the database did not answer in time", late);
    }
  }
}
