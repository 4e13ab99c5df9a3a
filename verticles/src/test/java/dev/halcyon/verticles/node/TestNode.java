package dev.halcyon.verticles.node;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A node started in this process on a folder and on free ports of loopback. */
final class TestNode implements AutoCloseable {
  /** Where the database's program files stay between runs. */
  private static final Path PROGRAM = Path.of("target", "postgres-program").toAbsolutePath();

  private final HalcyonNode node;
  private final Path folder;
  private final List<TestUser> users = new ArrayList<>();

  private TestNode(HalcyonNode node, Path folder) {
    this.node = node;
    this.folder = folder;
  }

  /**
   * @param more keys as names in the environment, and values
   */
  static TestNode start(Path folder, Map<String, String> more) throws Exception {
    Map<String, String> environment = new HashMap<>(environment(folder));
    environment.putAll(more);
    NodeConfig config = NodeConfig.load(Optional.empty(), environment);
    return new TestNode(HalcyonNode.start(config), folder);
  }

  static Map<String, String> environment(Path folder) throws IOException {
    Path program = program(folder);
    if (Files.notExists(program)) {
      Files.createDirectories(PROGRAM);
      Files.createDirectories(program.getParent());
      Files.createSymbolicLink(program, PROGRAM);
    }
    Map<String, String> environment = new HashMap<>();
    environment.put("HALCYON_DATA_DIR", dataDir(folder).toString());
    for (String face : List.of("HTTP", "RTMP", "RTSP", "WHIP", "MANAGEMENT")) {
      environment.put("HALCYON_" + face + "_HOST", "127.0.0.1");
      environment.put("HALCYON_" + face + "_PORT", "0");
    }
    environment.put("HALCYON_RING_FREE_BYTES", "0");
    environment.put("HALCYON_ACCESS_LOGIN_PER_MINUTE", "1000");
    environment.put("HALCYON_ACCESS_REGISTER_PER_HOUR", "1000");
    return environment;
  }

  static Path dataDir(Path folder) {
    return folder.resolve("data");
  }

  private static Path program(Path folder) {
    return dataDir(folder).resolve("postgresql/program");
  }

  /** Takes the link to the program out of a folder that will be deleted with all in it. */
  static void forget(Path folder) throws IOException {
    Files.deleteIfExists(program(folder));
  }

  Path ringFile(TestStream stream) {
    return dataDir(folder).resolve("rings").resolve(stream.id() + ".ring");
  }

  /** A new account. */
  TestUser user() {
    TestUser user = visitor();
    user.register();
    return user;
  }

  /** Somebody who is not logged in. */
  TestUser visitor() {
    TestUser visitor = new TestUser(node.httpPort(), node.rtmpPort(), folder);
    users.add(visitor);
    return visitor;
  }

  /** What the operator's port answers. */
  JsonObject manage(String method, String path) {
    URI address = URI.create("http://127.0.0.1:" + node.managementPort() + path);
    HttpRequest request =
        HttpRequest.newBuilder(address).method(method, HttpRequest.BodyPublishers.noBody()).build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return new JsonObject(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /** The value of a metric without labels. */
  double metric(String name) {
    URI address = URI.create("http://127.0.0.1:" + node.managementPort() + "/metrics");
    try (HttpClient http = HttpClient.newHttpClient()) {
      String text =
          http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      return text.lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no metric " + name));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /** All files of clips that there are. */
  List<Path> clipFiles() throws IOException {
    try (Stream<Path> files = Files.walk(dataDir(folder).resolve("blobs"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  /** Where a stream is pushed to by RTSP. */
  String rtspUrl(TestStream stream) {
    return rtspUrl(stream, node.rtspPort());
  }

  /** The same by way of another port. */
  String rtspUrl(TestStream stream, int port) {
    String key = stream.rtmpUrl().substring(stream.rtmpUrl().lastIndexOf('/') + 1);
    return "rtsp://127.0.0.1:" + port + "/live/" + key;
  }

  /** Where a stream is pushed to by TLS. */
  String rtmpsUrl(TestStream stream) {
    return stream
        .rtmpUrl()
        .replaceFirst("rtmp://[^/]+", "rtmps://127.0.0.1:" + node.rtmpsPort().orElseThrow());
  }

  String rtspsUrl(TestStream stream) {
    return rtspUrl(stream, node.rtspsPort().orElseThrow()).replaceFirst("rtsp:", "rtsps:");
  }

  int httpsPort() {
    return node.httpsPort();
  }

  int rtspPort() {
    return node.rtspPort();
  }

  int rtmpPort() {
    return node.rtmpPort();
  }

  @Override
  public void close() throws IOException {
    users.forEach(TestUser::close);
    node.close();
    forget(folder);
  }
}
