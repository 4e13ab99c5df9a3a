package dev.halcyon.verticles.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementVerticleTest {
  private final Vertx vertx = Vertx.vertx();
  private final Metrics metrics = new Metrics();
  private final Readiness readiness = new Readiness();
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final ManagementVerticle verticle =
      new ManagementVerticle("127.0.0.1", 0, readiness, metrics);

  @BeforeEach
  void start() throws Exception {
    vertx.deployVerticle(verticle).await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    vertx.close().await(10, TimeUnit.SECONDS);
    metrics.close();
  }

  @Test
  void isUpAsSoonAsItAnswers() throws Exception {
    HttpResponse<String> answer = get("/health");
    assertEquals(200, answer.statusCode());
    assertEquals("up", new JsonObject(answer.body()).getString("status"));
  }

  @Test
  void staysReadyWithACaution() throws Exception {
    readiness.require("start", Future::succeededFuture);
    readiness.caution("rings", "the file system of /rings is memory");
    HttpResponse<String> answer = get("/ready");
    assertEquals(200, answer.statusCode());
    assertEquals(
        JsonArray.of(JsonObject.of("name", "rings", "text", "the file system of /rings is memory")),
        new JsonObject(answer.body()).getJsonArray("cautions"));
  }

  @Test
  void isReadyOnlyWhenEveryCheckPasses() throws Exception {
    readiness.require("database", Future::succeededFuture);
    assertEquals(200, get("/ready").statusCode());

    readiness.require("rtmp", () -> Future.failedFuture("port not bound yet"));
    readiness.require(
        "blobs",
        () -> {
          throw new IllegalStateException("no folder");
        });
    HttpResponse<String> answer = get("/ready");
    assertEquals(503, answer.statusCode());
    assertEquals(
        new JsonObject()
            .put("status", "not_ready")
            .put(
                "checks",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("name", "blobs")
                            .put("ok", false)
                            .put("reason", "no folder"))
                    .add(new JsonObject().put("name", "database").put("ok", true))
                    .add(
                        new JsonObject()
                            .put("name", "rtmp")
                            .put("ok", false)
                            .put("reason", "port not bound yet"))),
        new JsonObject(answer.body()));

    readiness.require("rtmp", Future::succeededFuture);
    readiness.require("blobs", Future::succeededFuture);
    assertEquals(200, get("/ready").statusCode());
  }

  @Test
  void aCheckThatNeverAnswersIsAFailedOne() throws Exception {
    readiness.require("stuck", () -> vertx.timer(60, TimeUnit.SECONDS));
    HttpResponse<String> answer = get("/ready");
    assertEquals(503, answer.statusCode());
    assertTrue(answer.body().contains("\"stuck\",\"ok\":false"), answer.body());
  }

  @Test
  void givesTheMetricsAsPrometheusReadsThem() throws Exception {
    HttpResponse<String> answer = get("/metrics");
    assertEquals(200, answer.statusCode());
    assertTrue(
        answer
            .headers()
            .firstValue("content-type")
            .orElseThrow()
            .startsWith("text/plain; version="));
    assertTrue(answer.body().contains("# TYPE halcyon_clip_latency_seconds histogram"));
  }

  @Test
  void refusesOtherPathsAndMethods() throws Exception {
    assertEquals(404, get("/").statusCode());
    HttpResponse<String> answer =
        send(HttpRequest.newBuilder(uri("/health")).POST(HttpRequest.BodyPublishers.noBody()));
    assertEquals(405, answer.statusCode());
    JsonObject error = new JsonObject(answer.body()).getJsonObject("error");
    assertEquals("METHOD_NOT_ALLOWED", error.getString("code"));
    assertEquals(200, send(HttpRequest.newBuilder(uri("/health")).HEAD()).statusCode());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(
        request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + verticle.actualPort() + path);
  }
}
