package dev.halcyon.verticles.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code halcyon run} in a process of its own, so that it can be killed. */
final class ChildNode implements AutoCloseable {
  private final Process process;
  private final Path folder;
  private final int httpPort;
  private final int rtmpPort;

  private ChildNode(Process process, Path folder, int httpPort, int rtmpPort) {
    this.process = process;
    this.folder = folder;
    this.httpPort = httpPort;
    this.rtmpPort = rtmpPort;
  }

  /** Starts the program on a folder and waits until it says that it is ready. */
  static ChildNode start(Path folder) throws IOException, InterruptedException {
    int httpPort = freePort();
    int rtmpPort = freePort();
    int managementPort = freePort();
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.halcyon.verticles.node.Halcyon",
            "run");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(folder).toFile()));
    Map<String, String> environment = builder.environment();
    environment.putAll(TestNode.environment(folder));
    environment.put("HALCYON_HTTP_PORT", String.valueOf(httpPort));
    environment.put("HALCYON_RTMP_PORT", String.valueOf(rtmpPort));
    environment.put("HALCYON_WHIP_PORT", "0");
    environment.put("HALCYON_MANAGEMENT_PORT", String.valueOf(managementPort));
    ChildNode child = new ChildNode(builder.start(), folder, httpPort, rtmpPort);
    URI ready = URI.create("http://127.0.0.1:" + managementPort + "/ready");
    try (HttpClient http = HttpClient.newHttpClient()) {
      Deadline.until("ready; " + child.logged(), () -> answersOk(http, ready));
    }
    return child;
  }

  private static boolean answersOk(HttpClient http, URI address) {
    try {
      HttpRequest request = HttpRequest.newBuilder(address).build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Path log(Path folder) {
    return folder.resolve("node.log");
  }

  String logged() throws IOException {
    return Files.exists(log(folder)) ? Files.readString(log(folder)) : "";
  }

  /** A user who is not registered yet. */
  TestUser user() {
    return new TestUser(httpPort, rtmpPort, folder);
  }

  /** SIGKILL, to the program alone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM; how long the end took. */
  long terminate() {
    long startNs = System.nanoTime();
    process.destroy();
    Deadline.until("the end after SIGTERM", () -> !process.isAlive());
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
  }

  @Override
  public void close() throws IOException {
    if (process.isAlive()) {
      terminate();
    }
    TestNode.forget(folder);
  }
}
