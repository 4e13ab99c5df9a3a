package dev.halcyon.verticles.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A process that owns an embedded database, writes one row to it and waits to be killed. */
final class DatabaseOwner {
  private DatabaseOwner() {}

  public static void main(String[] arguments) throws SQLException, java.io.IOException {
    EmbeddedDatabase database =
        EmbeddedDatabase.start(Path.of(arguments[0]), Path.of(arguments[1]));
    DatabaseAddress address = database.address();
    try (Connection connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS kept (value text)");
      statement.execute("INSERT INTO kept VALUES ('" + arguments[2] + "')");
      System.out.println("written");
      int ignored = System.in.read();
    }
  }
}
