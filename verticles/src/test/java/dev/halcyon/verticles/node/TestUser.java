package dev.halcyon.verticles.node;

import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.verticles.client.HalcyonClient;
import io.vertx.core.buffer.Buffer;
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
import java.util.List;
import java.util.UUID;

/** An account of its own on a node, with what it opened there. One thread; closed by its maker. */
final class TestUser implements AutoCloseable {
  private static final String PASSWORD = "correct horse battery";

  private final String base;
  private final String rtmpBase;
  private final Path folder;
  private final HalcyonClient client;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<TestStream> streams = new ArrayList<>();

  /**
   * @param folder where downloads are kept
   */
  TestUser(int httpPort, int rtmpPort, Path folder) {
    this.base = "http://127.0.0.1:" + httpPort;
    this.rtmpBase = "rtmp://127.0.0.1:" + rtmpPort + "/live/";
    this.folder = folder;
    this.client = new HalcyonClient(base);
  }

  /** Creates the account; its address. */
  String register() {
    String email = UUID.randomUUID() + "@test.invalid";
    client.register(email, PASSWORD, "Test");
    return email;
  }

  void login(String email) {
    client.login(email, PASSWORD);
  }

  HalcyonClient client() {
    return client;
  }

  /** A stream with a ring of 32 MiB that detects nothing. */
  TestStream quietStream() {
    return stream(new JsonObject().put("enabled", false));
  }

  /** A stream that is recorded, with a ring of 10 s that detects nothing. */
  TestStream recordedStream() {
    JsonObject ring = new JsonObject().put("capacity_bytes", 8 << 20).put("capacity_s", 10);
    return follow(
        client.createStream(
            "stream",
            new JsonObject()
                .put("ring", ring)
                .put("recording", "session")
                .put("detection", new JsonObject().put("enabled", false))));
  }

  TestStream stream(JsonObject detection) {
    return stream(
        detection, new JsonObject().put("capacity_bytes", 32 << 20).put("capacity_s", 120));
  }

  TestStream stream(JsonObject detection, JsonObject ring) {
    return follow(
        client.createStream(
            "stream", new JsonObject().put("ring", ring).put("detection", detection)));
  }

  /** Listens to a stream that exists. */
  TestStream follow(JsonObject stream) {
    TestStream followed =
        new TestStream(this, stream.getString("id"), rtmpBase + stream.getString("stream_key"));
    streams.add(followed);
    return followed;
  }

  String rtmpUrl(String streamKey) {
    return rtmpBase + streamKey;
  }

  /** A request with this user's token; headers as name, value, name, value. */
  HttpResponse<byte[]> send(String method, String path, String... headers) {
    return send(method, path, HttpRequest.BodyPublishers.noBody(), headers);
  }

  /** Watches an address that may take long to end; with nothing but its signature. */
  Watched watch(String signedPath, String... headers) {
    return watch(signedPath, 0, headers);
  }

  Watched watch(String signedPath, long pauseNs, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + signedPath));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      Path file = Files.createTempFile(folder, "watched", ".mp4");
      return Watched.start(http, request.build(), file, pauseNs);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  String url(String path) {
    return base + path;
  }

  HttpResponse<byte[]> post(String path, JsonObject body) {
    return send("POST", path, body);
  }

  /** Puts a file to an address that says who may: with nothing but that. */
  HttpResponse<byte[]> put(String address, Path file, String contentType) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address.startsWith("http") ? address : base + address))
            .header("Content-Type", contentType)
            .PUT(HttpRequest.BodyPublishers.ofFile(file))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  HttpResponse<byte[]> patch(String path, JsonObject body) {
    return send("PATCH", path, body);
  }

  private HttpResponse<byte[]> send(String method, String path, JsonObject body) {
    return send(
        method,
        path,
        HttpRequest.BodyPublishers.ofString(body.encode()),
        "Content-Type",
        "application/json");
  }

  HttpResponse<byte[]> send(
      String method, String path, HttpRequest.BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Authorization", "Bearer " + client.accessToken())
            .method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /** The error that a refused request answers with: {@code STATUS CODE message}. */
  static String error(HttpResponse<byte[]> answer) {
    JsonObject error = new JsonObject(Buffer.buffer(answer.body())).getJsonObject("error");
    return answer.statusCode() + " " + error.getString("code") + " " + error.getString("message");
  }

  /** The file of an announced clip; a slow database knows of it a little later. */
  Path download(JsonObject clip) {
    String url = clip.getString("download_url");
    Deadline.until("the clip's row", () -> send("HEAD", url).statusCode() != 425);
    try {
      Path file = Files.createTempFile(folder, "clip", ".mp4");
      client.download(url, file);
      return file;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  Verdict judge(JsonObject clip) {
    return TestCardJudge.judge(download(clip));
  }

  static JsonObject contract(JsonObject clip) {
    return clip.getJsonArray("versions").getJsonObject(0).getJsonObject("contract");
  }

  @Override
  public void close() {
    streams.forEach(TestStream::close);
    client.close();
    http.shutdownNow();
  }
}
