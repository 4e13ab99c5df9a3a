package dev.halcyon.verticles.client;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/**
 * A user of the REST and WebSocket faces, over the network like any other: the demo, the load bench
 * and tests drive the server with it. Blocking; one thread at a time.
 */
public final class HalcyonClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final HttpClient http;
  private final String base;
  private String accessToken = "";
  private String refreshToken = "";

  /**
   * @param base {@code http://HOST:PORT}
   */
  public HalcyonClient(String base) {
    this.base = base;
    this.http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  }

  public String accessToken() {
    return accessToken;
  }

  public String refreshToken() {
    return refreshToken;
  }

  /** Creates an account and logs in. */
  public void register(String email, String password, String name) {
    post(
        "/api/auth/register",
        new JsonObject().put("email", email).put("password", password).put("name", name));
    login(email, password);
  }

  public void login(String email, String password) {
    JsonObject tokens =
        post("/api/auth/login", new JsonObject().put("email", email).put("password", password));
    accessToken = tokens.getString("access_token");
    refreshToken = tokens.getString("refresh_token");
  }

  /** The new stream with its key and ingest URLs. */
  public JsonObject createStream(String name, JsonObject settings) {
    return post(
        "/api/streams",
        new JsonObject()
            .put("name", name)
            .put("source", new JsonObject().put("type", "push"))
            .put("settings", settings));
  }

  /** Asks for a clip; its id. */
  public String requestClip(String streamId, JsonObject window) {
    return post("/api/streams/" + streamId + "/clips", window).getString("id");
  }

  public JsonObject clip(String clipId) {
    return get("/api/clips/" + clipId);
  }

  public JsonObject get(String path) {
    return json(send(request(path).GET().build()));
  }

  public JsonObject post(String path, JsonObject body) {
    return json(
        send(
            request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build()));
  }

  /** With what a path or URL of this server would answer a GET; its body is not fetched. */
  public int status(String path) {
    return send(request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()).build())
        .statusCode();
  }

  /** Saves what a path or URL of this server answers with. */
  public void download(String path, Path target) {
    HttpResponse<Path> answer;
    try {
      answer = http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofFile(target));
    } catch (IOException failure) {
      throw lost(failure);
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
    if (answer.statusCode() != 200) {
      throw new HalcyonException(
          ErrorCode.NOT_FOUND, "download of " + path + ": HTTP " + answer.statusCode());
    }
  }

  /**
   * Listens to a stream's messages until closed.
   *
   * @param onMessage called on a thread of the client with {@code System.nanoTime()} of the whole
   *     message's arrival
   */
  public AutoCloseable listen(String streamId, BiConsumer<JsonObject, Long> onMessage) {
    return listenAt("/ws/stream/" + streamId, onMessage);
  }

  /** As {@link #listen}, to a job's messages. */
  public AutoCloseable listenToJob(String jobId, BiConsumer<JsonObject, Long> onMessage) {
    return listenAt("/ws/jobs/" + jobId, onMessage);
  }

  private AutoCloseable listenAt(String path, BiConsumer<JsonObject, Long> onMessage) {
    URI address =
        URI.create(
            base.replaceFirst("^http", "ws")
                + path
                + "?token="
                + URLEncoder.encode(accessToken, StandardCharsets.UTF_8));
    WebSocket socket =
        http.newWebSocketBuilder()
            .connectTimeout(TIMEOUT)
            .buildAsync(address, new MessageListener(onMessage))
            .join();
    return socket::abort;
  }

  private HttpRequest.Builder request(String path) {
    URI address = URI.create(path.startsWith("http") ? path : base + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(TIMEOUT);
    return accessToken.isEmpty()
        ? request
        : request.header("Authorization", "Bearer " + accessToken);
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException failure) {
      throw lost(failure);
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  private static JsonObject json(HttpResponse<String> answer) {
    JsonObject body;
    try {
      body = answer.body().isEmpty() ? new JsonObject() : new JsonObject(answer.body());
    } catch (DecodeException notJson) {
      throw new HalcyonException(
          ErrorCode.PROTOCOL_VIOLATION, "not JSON: HTTP " + answer.statusCode(), notJson);
    }
    if (answer.statusCode() / 100 != 2) {
      JsonObject error = body.getJsonObject("error", new JsonObject());
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST,
          answer.uri().getPath()
              + ": HTTP "
              + answer.statusCode()
              + ' '
              + error.getString("code", "")
              + ' '
              + error.getString("message", ""));
    }
    return body;
  }

  private static HalcyonException lost(IOException failure) {
    return new HalcyonException(
        ErrorCode.NETWORK_LOST, "the server did not answer: " + failure, failure);
  }

  private static HalcyonException interrupted(InterruptedException interrupted) {
    Thread.currentThread().interrupt();
    return new HalcyonException(ErrorCode.NETWORK_LOST, "interrupted", interrupted);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  /** Puts the parts of a message together. */
  private static final class MessageListener implements WebSocket.Listener {
    private final BiConsumer<JsonObject, Long> onMessage;
    private final StringBuilder text = new StringBuilder();

    MessageListener(BiConsumer<JsonObject, Long> onMessage) {
      this.onMessage = onMessage;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean isLast) {
      text.append(part);
      if (isLast) {
        long arrivedNs = System.nanoTime();
        JsonObject message = new JsonObject(text.toString());
        text.setLength(0);
        onMessage.accept(message, arrivedNs);
      }
      socket.request(1);
      return null;
    }
  }
}
