package dev.halcyon.verticles.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {
  private static final Duration READY_LIMIT = Duration.ofSeconds(5);

  @TempDir Path folder;

  @Test
  void keepsRowsAndIsReadySoonWhenOnlyItsOwnerWasKilled() throws Exception {
    Process owner = ownerThatWrote("first");
    kill(owner.toHandle());
    assertEquals(List.of("first"), rowsAfterRestart());
  }

  @Test
  void keepsRowsAndIsReadySoonWhenServerAndOwnerWereKilled() throws Exception {
    Process owner = ownerThatWrote("first");
    ProcessHandle server = server();
    kill(owner.toHandle());
    kill(server);
    assertEquals(List.of("first"), rowsAfterRestart());
  }

  @Test
  void dropsAPidFileThatNamesAnotherProcess() throws Exception {
    EmbeddedDatabase.start(folder, SharedDatabase.PROGRAM).close();
    Files.writeString(
        folder.resolve("cluster/postmaster.pid"), ProcessHandle.current().pid() + "\n");
    rowsAfterRestart();
  }

  @Test
  void leavesADatabaseAloneThatAnotherProcessUses() throws Exception {
    Process owner = ownerThatWrote("first");
    ProcessHandle server = server();
    HalcyonException refused =
        assertThrows(
            HalcyonException.class, () -> EmbeddedDatabase.start(folder, SharedDatabase.PROGRAM));
    assertTrue(refused.getMessage().contains("another process"), refused.getMessage());
    assertTrue(server.isAlive());
    kill(owner.toHandle());
    assertEquals(List.of("first"), rowsAfterRestart());
  }

  @Test
  void saysThatTheDatabaseIsAwayWhileItIs() {
    Vertx vertx = Vertx.vertx();
    try {
      EmbeddedDatabase server = EmbeddedDatabase.start(folder, SharedDatabase.PROGRAM);
      Database database =
          SharedDatabase.await(Database.at(vertx, SharedDatabase.url(server.address())));
      StreamStore streams = new StreamStore(database.pool());
      assertEquals(List.of(), SharedDatabase.await(streams.all()));
      server.close();
      HalcyonException away =
          assertThrows(HalcyonException.class, () -> SharedDatabase.await(streams.all()));
      assertEquals(ErrorCode.DATABASE_UNAVAILABLE, away.code());
      SharedDatabase.await(database.close());
    } finally {
      SharedDatabase.await(vertx.close());
    }
  }

  @Test
  void startsAServerAgainThatDied() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(folder, SharedDatabase.PROGRAM)) {
      DatabaseAddress address = database.address();
      for (int death = 1; death <= 2; death++) {
        kill(server());
        awaitRestarts(database, death);
        assertEquals("on", value(address, "SHOW fsync"));
      }
    }
    assertFalse(Files.exists(folder.resolve("cluster/postmaster.pid")));
  }

  private static void awaitRestarts(EmbeddedDatabase database, long count) {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
    while (database.restarts() < count && System.nanoTime() < deadlineNs) {
      LockSupport.parkNanos(10_000_000);
    }
    assertEquals(count, database.restarts());
  }

  @Test
  void beginsAgainWhenTheFirstStartWasCutShort() throws Exception {
    Path cluster = Files.createDirectories(folder.resolve("cluster"));
    Files.writeString(cluster.resolve("postgresql.conf"), "half written");
    EmbeddedDatabase.start(folder, SharedDatabase.PROGRAM).close();
  }

  @Test
  void isDurableAndLetsNobodyInWithoutThePassword() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(folder, SharedDatabase.PROGRAM)) {
      DatabaseAddress address = database.address();
      assertEquals(
          PosixFilePermissions.fromString("rw-------"),
          Files.getPosixFilePermissions(folder.resolve("password")));
      assertEquals("on", value(address, "SHOW fsync"));
      assertEquals("on", value(address, "SHOW synchronous_commit"));
      assertEquals("127.0.0.1", value(address, "SHOW listen_addresses"));
      assertEquals(
          "scram-sha-256", value(address, "SELECT DISTINCT auth_method FROM pg_hba_file_rules"));
      assertThrows(
          SQLException.class,
          () -> DriverManager.getConnection(address.jdbcUrl(), address.user(), "wrong"));
    }
    assertFalse(Files.exists(folder.resolve("cluster/postmaster.pid")));
  }

  private Process ownerThatWrote(String value) throws IOException {
    Process owner =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                DatabaseOwner.class.getName(),
                folder.toString(),
                SharedDatabase.PROGRAM.toString(),
                value)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader output = owner.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.equals("written")) {
        return owner;
      }
    }
    throw new IllegalStateException("the owner ended");
  }

  private List<String> rowsAfterRestart() throws SQLException {
    long beganNs = System.nanoTime();
    try (EmbeddedDatabase database = EmbeddedDatabase.start(folder, SharedDatabase.PROGRAM)) {
      Duration took = Duration.ofNanos(System.nanoTime() - beganNs);
      assertTrue(took.compareTo(READY_LIMIT) <= 0, "ready after " + took);
      List<String> rows = new ArrayList<>();
      try (Connection connection = connect(database.address());
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE IF NOT EXISTS kept (value text)");
        try (ResultSet found = statement.executeQuery("SELECT value FROM kept")) {
          while (found.next()) {
            rows.add(found.getString(1));
          }
        }
      }
      return rows;
    }
  }

  private ProcessHandle server() throws IOException {
    long pid =
        Long.parseLong(Files.readAllLines(folder.resolve("cluster/postmaster.pid")).getFirst());
    return ProcessHandle.of(pid).orElseThrow();
  }

  private static void kill(ProcessHandle process) throws Exception {
    process.destroyForcibly();
    process.onExit().get(10, TimeUnit.SECONDS);
  }

  private static String value(DatabaseAddress address, String query) throws SQLException {
    try (Connection connection = connect(address);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertTrue(rows.next());
      return rows.getString(1);
    }
  }

  private static Connection connect(DatabaseAddress address) throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }
}
