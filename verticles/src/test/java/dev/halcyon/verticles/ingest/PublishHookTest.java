package dev.halcyon.verticles.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that is asked, on a real socket. */
@Timeout(60)
class PublishHookTest {
  private static final String SECRET = "between us";
  private static final UUID STREAM = new UUID(0, 1);
  private static final UUID WORKSPACE = new UUID(0, 2);
  private static final int NEVER = 0;

  private final Vertx vertx = Vertx.vertx();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private HttpServer server;

  @BeforeEach
  void listen() throws Exception {
    server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)))
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
  }

  private void answer(HttpServerRequest request, Buffer body) {
    String timestamp = request.getHeader("X-Halcyon-Timestamp");
    assertEquals(
        "sha256=" + hmac(timestamp + "." + body), request.getHeader("X-Halcyon-Signature"));
    asked.add(request.path() + " " + body);
    if (status == 302) {
      request.response().putHeader("Location", "/other").setStatusCode(302).end();
    } else if (status != NEVER) {
      request.response().setStatusCode(status).end("why");
    }
  }

  private static String hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (Exception impossible) {
      throw new AssertionError(impossible);
    }
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private void ask(long timeoutMs) throws Exception {
    ask("http://127.0.0.1:" + server.actualPort() + "/may?x=1", timeoutMs);
  }

  private void ask(String url, long timeoutMs) throws Exception {
    var options = new PublishHook.Options(url, SECRET, Duration.ofMillis(timeoutMs));
    var request = new PublishRequest("rtmp", "secret-key", "203.0.113.7", () -> {});
    try (PublishHook hook = new PublishHook(vertx, options, Clock.system())) {
      hook.ask(STREAM, WORKSPACE, request).await(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void asksWithASignatureAndWithoutTheKey() throws Exception {
    ask(10_000);
    JsonObject expected =
        new JsonObject()
            .put("event", "publish")
            .put("stream_id", STREAM.toString())
            .put("workspace_id", WORKSPACE.toString())
            .put("protocol", "rtmp")
            .put("remote_address", "203.0.113.7");
    assertEquals(List.of("/may " + expected.encode()), asked);
  }

  @ParameterizedTest
  @CsvSource({
    "401, 10000, FORBIDDEN",
    "404, 10000, FORBIDDEN",
    "302, 10000, OVERLOADED",
    "500, 10000, OVERLOADED",
    "0, 200, OVERLOADED"
  })
  void letsNobodyInWithoutAClearYes(int answered, long timeoutMs, ErrorCode code) {
    status = answered;
    HalcyonException refused = assertThrows(HalcyonException.class, () -> ask(timeoutMs));
    assertEquals(code, refused.code());
    assertEquals(1, asked.size());
  }

  /**
   * More questions than there are connections are left without an answer; the next one gets one.
   */
  @Test
  void goesOnAskingAServerThatHungForAWhile() throws Exception {
    String url = "http://127.0.0.1:" + server.actualPort() + "/may";
    var options = new PublishHook.Options(url, SECRET, Duration.ofMillis(500));
    var request = new PublishRequest("rtmp", "secret-key", "203.0.113.7", () -> {});
    try (PublishHook hook = new PublishHook(vertx, options, Clock.system())) {
      status = NEVER;
      List<Future<Void>> hanging = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        hanging.add(hook.ask(STREAM, WORKSPACE, request));
      }
      for (Future<Void> each : hanging) {
        assertThrows(HalcyonException.class, () -> each.await(20, TimeUnit.SECONDS));
      }
      status = 200;
      boolean isLetIn = false;
      for (int tries = 0; tries < 40 && !isLetIn; tries++) {
        isLetIn =
            hook.ask(STREAM, WORKSPACE, request)
                .transform(done -> Future.succeededFuture(done.succeeded()))
                .await(20, TimeUnit.SECONDS);
      }
      assertTrue(isLetIn, "no connection came free");
    }
  }

  @Test
  void letsNobodyInWhileTheServerIsAway() throws Exception {
    String url = "http://127.0.0.1:" + server.actualPort() + "/may?x=1";
    server.close().await(10, TimeUnit.SECONDS);
    HalcyonException refused = assertThrows(HalcyonException.class, () -> ask(url, 10_000));
    assertEquals(ErrorCode.OVERLOADED, refused.code());
  }
}
