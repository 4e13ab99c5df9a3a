package dev.halcyon.verticles.store;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.util.Locale;
import java.util.Objects;

/**
 * Where a PostgreSQL database is and who enters it.
 *
 * @param sslMode as libpq spells it: {@code disable}, {@code prefer}, {@code require}, …
 */
public record DatabaseAddress(
    String host, int port, String database, String user, String password, String sslMode) {
  public DatabaseAddress {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(database, "database");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(password, "password");
    Objects.requireNonNull(sslMode, "sslMode");
  }

  /**
   * Reads {@code postgresql://user:password@host:port/database?sslmode=…}.
   *
   * @throws HalcyonException BAD_REQUEST when it is no such URL; the text is not repeated, it may
   *     hold a password
   */
  public static DatabaseAddress parse(String url) {
    try {
      PgConnectOptions options = PgConnectOptions.fromUri(url);
      return new DatabaseAddress(
          options.getHost(),
          options.getPort(),
          options.getDatabase(),
          options.getUser(),
          Objects.requireNonNullElse(options.getPassword(), ""),
          spelling(Objects.requireNonNullElse(options.getSslMode(), SslMode.DISABLE)));
    } catch (RuntimeException malformed) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST, "database.url is not postgresql://user:password@host:port/name");
    }
  }

  private static String spelling(SslMode mode) {
    return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  PgConnectOptions connectOptions() {
    return new PgConnectOptions()
        .setHost(host)
        .setPort(port)
        .setDatabase(database)
        .setUser(user)
        .setPassword(password)
        .setSslMode(SslMode.of(sslMode))
        .setCachePreparedStatements(true)
        .setPipeliningLimit(64)
        .addProperty("application_name", "halcyon");
  }

  String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/%s?sslmode=%s&connectTimeout=10"
        .formatted(host, port, database, sslMode);
  }

  @Override
  public String toString() {
    return "DatabaseAddress[%s:%d/%s, user=%s]".formatted(host, port, database, user);
  }
}
