package dev.halcyon.verticles.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the server that a killed process left running on a cluster. Blocking. */
final class LeftoverServer {
  private static final Logger log = LoggerFactory.getLogger(LeftoverServer.class);

  private static final int POLITE_LIMIT_MS = 2_500;
  private static final int KILL_LIMIT_MS = 2_000;

  private LeftoverServer() {}

  /**
   * Stops the server named in the cluster's {@code postmaster.pid}, waits for its end, and drops
   * the file when it names no server of this cluster (its number may be another process's by now).
   */
  static void stop(Path cluster) throws IOException {
    Path pidFile = cluster.resolve("postmaster.pid");
    Optional<ProcessHandle> server = serverOf(cluster);
    if (server.isEmpty()) {
      Files.deleteIfExists(pidFile);
      return;
    }
    ProcessHandle process = server.get();
    log.info("stopping the database server of an earlier run [pid={}]", process.pid());
    List<ProcessHandle> children = process.descendants().toList();
    // SIGTERM waits for clients: those of the killed process have lost their sockets and go.
    process.destroy();
    if (!endsWithin(process, POLITE_LIMIT_MS)) {
      process.destroyForcibly();
      if (!endsWithin(process, KILL_LIMIT_MS)) {
        throw new IOException("a database server does not end [pid=" + process.pid() + "]");
      }
      // A killed server's children hold its shared memory until they notice.
      children.forEach(ProcessHandle::destroyForcibly);
      Files.deleteIfExists(pidFile);
    }
  }

  /** The server that runs on a cluster now. */
  static Optional<ProcessHandle> serverOf(Path cluster) throws IOException {
    try {
      Path pidFile = cluster.resolve("postmaster.pid");
      long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
      return ProcessHandle.of(pid).filter(process -> runsIn(process.pid(), cluster));
    } catch (NoSuchFileException | NumberFormatException | java.util.NoSuchElementException none) {
      return Optional.empty();
    }
  }

  /** A server's working directory is its cluster. */
  private static boolean runsIn(long pid, Path cluster) {
    try {
      Path directory = Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd"));
      return directory.equals(cluster.toRealPath());
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static boolean endsWithin(ProcessHandle process, int limitMs) throws IOException {
    try {
      process.onExit().get(limitMs, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException stillRunning) {
      return false;
    } catch (ExecutionException failure) {
      throw new IOException("cannot wait for a process", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a database server ends", interrupted);
    }
  }
}
