package dev.halcyon.verticles.store;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of our own on loopback, its cluster in a folder. What is committed survives a
 * kill of this process or of the server; a server that dies is started again on the same port. All
 * methods block: platform or worker threads only. The owner closes it last, after every client.
 *
 * <p>The folder holds {@code lock}, {@code cluster/}, {@code log/}, {@code password} (mode 0600)
 * and {@code initialised}, written once the cluster is whole.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);

  private static final String DATABASE = "halcyon";
  private static final String USER = "postgres";
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final FolderLock lock;
  private final Path cluster;
  private final EmbeddedPostgres server;
  private final DatabaseAddress address;
  private final ServerWatch watch;

  private EmbeddedDatabase(
      FolderLock lock, Path cluster, EmbeddedPostgres server, DatabaseAddress address)
      throws IOException {
    this.lock = lock;
    this.cluster = cluster;
    this.server = server;
    this.address = address;
    this.watch = ServerWatch.of(cluster);
  }

  /** Starts the server of a folder; the program files are unpacked below it on first use. */
  public static EmbeddedDatabase start(Path folder) {
    return start(folder, folder.resolve("program"));
  }

  /**
   * Starts the server of a folder. A server that a killed process left behind is stopped first.
   *
   * @param program where the program files are unpacked; may be shared by several folders
   * @throws HalcyonException DATABASE_UNAVAILABLE with what the server said
   */
  public static EmbeddedDatabase start(Path folder, Path program) {
    Path home = folder.toAbsolutePath().normalize();
    FolderLock lock = FolderLock.take(home);
    try {
      return start(home, program, lock);
    } catch (IOException | SQLException | RuntimeException failure) {
      lock.close();
      throw new HalcyonException(
          ErrorCode.DATABASE_UNAVAILABLE,
          "the embedded database did not start; see " + home.resolve("start.log"),
          failure);
    }
  }

  private static EmbeddedDatabase start(Path home, Path program, FolderLock lock)
      throws IOException, SQLException {
    Files.createDirectories(home.resolve("log"));
    String password = SecretFile.readOrCreate(home.resolve("password"), 24);
    Path cluster = home.resolve("cluster");
    LeftoverServer.stop(cluster);
    if (!Files.exists(home.resolve("initialised"))) {
      deleteTree(cluster);
    }
    EmbeddedPostgres server = launch(home, cluster, program, password);
    createDatabase(server);
    Path mark = home.resolve("initialised");
    if (!Files.exists(mark)) {
      Files.createFile(mark);
    }
    DatabaseAddress address =
        new DatabaseAddress("127.0.0.1", server.getPort(), DATABASE, USER, password, "disable");
    try {
      EmbeddedDatabase started = new EmbeddedDatabase(lock, cluster, server, address);
      log.info("embedded database ready [address={}]", address);
      return started;
    } catch (IOException failure) {
      server.close();
      throw failure;
    }
  }

  private static EmbeddedPostgres launch(Path home, Path cluster, Path program, String password)
      throws IOException {
    Files.createDirectories(program);
    // The library sweeps its working folder, a shared one in /tmp unless named here.
    System.setProperty("ot.epg.working-dir", program.toAbsolutePath().toString());
    Path startLog = home.resolve("start.log");
    return EmbeddedPostgres.builder()
        .setDataDirectory(cluster)
        .setCleanDataDirectory(false)
        .setRegisterShutdownHook(false)
        .setOverrideWorkingDirectory(program.toFile())
        .setPGStartupWait(START_LIMIT)
        .setOutputRedirector(ProcessBuilder.Redirect.to(startLog.toFile()))
        .setErrorRedirector(ProcessBuilder.Redirect.to(startLog.toFile()))
        // The library passes "locale" settings to initdb as they are, after its own `-A trust`.
        .setLocaleConfig("auth-host", "scram-sha-256")
        .setLocaleConfig("auth-local", "scram-sha-256")
        .setLocaleConfig("pwfile", home.resolve("password").toString())
        .setLocaleConfig("locale", "C.UTF-8")
        .setConnectConfig("password", password)
        // The library starts the server with `-F` (fsync off); later settings win.
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("listen_addresses", "127.0.0.1")
        .setServerConfig("unix_socket_directories", "")
        .setServerConfig("max_connections", "40")
        .setServerConfig("shared_buffers", "64MB")
        .setServerConfig("max_wal_size", "256MB")
        .setServerConfig("logging_collector", "on")
        .setServerConfig("log_directory", home.resolve("log").toString())
        .setServerConfig("log_filename", "postgresql-%a.log")
        .setServerConfig("log_truncate_on_rotation", "on")
        .start();
  }

  private static void createDatabase(EmbeddedPostgres server) throws IOException, SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      boolean isThere;
      try (ResultSet rows =
          statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
        isThere = rows.next();
      }
      if (!isThere) {
        statement.execute("CREATE DATABASE " + DATABASE);
      }
    } catch (SQLException failure) {
      server.close();
      throw failure;
    }
  }

  public DatabaseAddress address() {
    return address;
  }

  /** How often the server has died and was started again. */
  public long restarts() {
    return watch.restarts();
  }

  /** Stops the server: running statements are cancelled, what is committed is kept. */
  @Override
  public void close() {
    try {
      watch.close();
      server.close();
      // The library gives up after five seconds; nothing of ours may outlive us.
      LeftoverServer.stop(cluster);
    } catch (IOException failure) {
      log.warn("the embedded database did not stop cleanly", failure);
    } finally {
      lock.close();
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
