package dev.halcyon.verticles.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a cluster's server again when it has ended by itself, on a thread of its own. Closed
 * before the server is stopped on purpose.
 */
final class ServerWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerWatch.class);

  private static final long FIRST_DELAY_MS = 500;
  private static final long LONGEST_DELAY_MS = 10_000;

  /** Of one try: a crash recovery reads at most {@code max_wal_size} and takes seconds. */
  private static final int START_LIMIT_S = 60;

  private final Path cluster;
  private final Path control;
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private final AtomicLong restarts = new AtomicLong();
  private final Thread thread;

  private ServerWatch(Path cluster, Path control) {
    this.cluster = cluster;
    this.control = control;
    this.thread = Thread.ofPlatform().daemon().name("database-watch").start(this::watch);
  }

  /**
   * @throws IOException when no server runs on the cluster
   */
  static ServerWatch of(Path cluster) throws IOException {
    String program =
        LeftoverServer.serverOf(cluster)
            .flatMap(server -> server.info().command())
            .orElseThrow(() -> new IOException("the embedded database ended at its start"));
    return new ServerWatch(cluster, Path.of(program).resolveSibling("pg_ctl"));
  }

  private void watch() {
    long delayMs = FIRST_DELAY_MS;
    while (true) {
      try {
        Optional<ProcessHandle> server = LeftoverServer.serverOf(cluster);
        if (server.isPresent()) {
          CompletableFuture.anyOf(server.get().onExit(), closing).join();
          delayMs = FIRST_DELAY_MS;
        }
        if (isClosingWithin(delayMs)) {
          return;
        }
        log.error("the embedded database has died; starting it again");
        startAgain();
        restarts.incrementAndGet();
        log.info("the embedded database is back");
      } catch (IOException | RuntimeException failure) {
        delayMs = Math.min(2 * delayMs, LONGEST_DELAY_MS);
        log.error(
            "the embedded database does not start; trying again [delayMs={}]", delayMs, failure);
      }
    }
  }

  private boolean isClosingWithin(long delayMs) {
    try {
      closing.get(delayMs, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException goOn) {
      return false;
    } catch (ExecutionException | InterruptedException end) {
      return true;
    }
  }

  /**
   * {@code pg_ctl restart} begins with the options of the last start, which PostgreSQL keeps in the
   * cluster's {@code postmaster.opts}: the same port, the same settings.
   */
  private void startAgain() throws IOException {
    LeftoverServer.stop(cluster);
    List<String> line = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      line.addAll(List.of("unshare", "-U")); // PostgreSQL refuses to run as root
    }
    line.addAll(List.of(control.toString(), "restart", "-D", cluster.toString(), "-w"));
    line.addAll(List.of("-t", String.valueOf(START_LIMIT_S)));
    line.addAll(List.of("-l", cluster.resolveSibling("restart.log").toString()));
    Process starting =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      int status = starting.waitFor();
      if (status != 0) {
        throw new IOException(
            "see " + cluster.resolveSibling("restart.log") + " [status=" + status + "]");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the database starts", interrupted);
    }
  }

  /** How often the server was started again. */
  long restarts() {
    return restarts.get();
  }

  /** Waits for a start that is going on, at most ten seconds. */
  @Override
  public void close() {
    closing.complete(null);
    try {
      if (!thread.join(Duration.ofSeconds(10))) {
        log.warn("the embedded database was still being started at the stop");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
