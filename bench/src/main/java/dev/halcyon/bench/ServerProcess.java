package dev.halcyon.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server of this build in a process of its own, on free ports of loopback. */
final class ServerProcess implements AutoCloseable {
  private static final long START_LIMIT_S = 60;

  /** Clock ticks of /proc/PID/stat: USER_HZ, 100 on every Linux that Java runs on. */
  private static final double TICKS_PER_S = 100;

  /** Fields of /proc/PID/stat between the name and utime, proc(5). */
  private static final int FIELDS_BEFORE_UTIME = 11;

  private final Process process;
  private final int httpPort;
  private final int rtmpPort;
  private final Path log;

  private ServerProcess(Process process, int httpPort, int rtmpPort, Path log) {
    this.process = process;
    this.httpPort = httpPort;
    this.rtmpPort = rtmpPort;
    this.log = log;
  }

  /**
   * Starts a server and waits until it is ready.
   *
   * @param extra configuration by environment name, over the defaults of a bench
   */
  static ServerProcess start(Path dataDir, Map<String, String> extra) throws IOException {
    int httpPort = freePort();
    int rtmpPort = freePort();
    int managementPort = freePort();
    Path log = Files.createDirectories(dataDir).resolve("server.log");
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseG1GC",
                "-XX:+UseCompactObjectHeaders",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.halcyon.verticles.node.Halcyon",
                "run"));
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("HALCYON_DATA_DIR", dataDir.toString());
    environment.put("HALCYON_HTTP_HOST", "127.0.0.1");
    environment.put("HALCYON_HTTP_PORT", String.valueOf(httpPort));
    environment.put("HALCYON_RTMP_HOST", "127.0.0.1");
    environment.put("HALCYON_RTMP_PORT", String.valueOf(rtmpPort));
    environment.put("HALCYON_RTSP_HOST", "127.0.0.1");
    environment.put("HALCYON_RTSP_PORT", "0");
    environment.put("HALCYON_WHIP_HOST", "127.0.0.1");
    environment.put("HALCYON_WHIP_PORT", "0");
    environment.put("HALCYON_MANAGEMENT_HOST", "127.0.0.1");
    environment.put("HALCYON_MANAGEMENT_PORT", String.valueOf(managementPort));
    environment.putAll(extra);
    ServerProcess server = new ServerProcess(builder.start(), httpPort, rtmpPort, log);
    server.awaitReady(managementPort);
    return server;
  }

  String httpBase() {
    return "http://127.0.0.1:" + httpPort;
  }

  String rtmpUrl(String streamKey) {
    return "rtmp://127.0.0.1:" + rtmpPort + "/live/" + streamKey;
  }

  /** User and system time of the server since its start. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    Scanner fields = new Scanner(stat.substring(stat.lastIndexOf(')') + 2));
    for (int skipped = 0; skipped < FIELDS_BEFORE_UTIME; skipped++) {
      fields.next();
    }
    return (fields.nextLong() + fields.nextLong()) / TICKS_PER_S;
  }

  /** Anonymous resident memory of the server. */
  long rssAnonBytes() {
    return Machine.field(Path.of("/proc/" + process.pid() + "/status"), "RssAnon")
        .map(Machine::kibibytes)
        .orElse(0L);
  }

  private void awaitReady(int managementPort) throws IOException {
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/ready"))
            .timeout(Duration.ofSeconds(2))
            .build();
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_LIMIT_S);
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (!answersOk(http, ready)) {
        if (!process.isAlive() || System.nanoTime() - deadlineNs > 0) {
          close();
          throw new IOException("the server did not start; its log is " + log);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
    }
  }

  private static boolean answersOk(HttpClient http, HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(25, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
