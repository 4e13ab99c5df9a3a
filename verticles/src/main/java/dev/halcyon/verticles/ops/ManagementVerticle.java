package dev.halcyon.verticles.ops;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The operator's port: {@code /health} (the process answers), {@code /ready} (it may be sent work;
 * else 503 with the checks that fail; with cautions where something works but should not stay so),
 * {@code /metrics} (Prometheus) and inspections: GET for the last one's report, POST for a new one.
 * No authentication: keep it off the internet.
 */
public final class ManagementVerticle extends VerticleBase {
  private static final int IDLE_TIMEOUT_S = 60;
  private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);
  private static final String JSON = "application/json";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final String host;
  private final int port;
  private final Readiness readiness;
  private final Metrics metrics;
  private final Map<String, Inspection> inspections = new ConcurrentHashMap<>();
  private volatile int actualPort;

  /**
   * @param port 0 takes a free one; see {@link #actualPort}
   */
  public ManagementVerticle(String host, int port, Readiness readiness, Metrics metrics) {
    this.host = host;
    this.port = port;
    this.readiness = readiness;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setIdleTimeout(IDLE_TIMEOUT_S)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setCompressionSupported(true);
    return vertx
        .createHttpServer(options)
        .requestHandler(this::onRequest)
        .listen(port, host)
        .onSuccess(this::onListening);
  }

  private void onListening(HttpServer server) {
    actualPort = server.actualPort();
  }

  /** The port that is listened on; 0 before the start has ended. */
  public int actualPort() {
    return actualPort;
  }

  /** Adds a path, at any time. */
  public void offer(String path, Inspection inspection) {
    inspections.put(path, inspection);
  }

  private void onRequest(HttpServerRequest request) {
    Inspection inspection = inspections.get(request.path());
    if (inspection != null && request.method().equals(HttpMethod.POST)) {
      inspect(request, inspection);
      return;
    }
    if (!METHODS.contains(request.method())) {
      request.response().putHeader("Allow", "GET, HEAD");
      fail(request.response(), 405, "METHOD_NOT_ALLOWED", "only GET and HEAD");
      return;
    }
    switch (request.path()) {
      case "/health" -> health(request.response());
      case "/ready" -> ready(request.response());
      case "/metrics" -> metrics(request.response());
      default -> {
        if (inspection == null) {
          fail(
              request.response(),
              404,
              "NOT_FOUND",
              "here are /health, /ready, /metrics and " + inspections.keySet());
        } else {
          send(request.response(), 200, inspection.latest());
        }
      }
    }
  }

  private static void inspect(HttpServerRequest request, Inspection inspection) {
    inspection
        .run(request.getParam("mode", ""))
        .onSuccess(report -> send(request.response(), 200, report))
        .onFailure(
            failure ->
                fail(
                    request.response(),
                    503,
                    "NOT_INSPECTED",
                    String.valueOf(failure.getMessage())));
  }

  private static void health(HttpServerResponse response) {
    long uptimeS = ManagementFactory.getRuntimeMXBean().getUptime() / 1_000;
    send(response, 200, new JsonObject().put("status", "up").put("uptime_s", uptimeS));
  }

  private void ready(HttpServerResponse response) {
    readiness.look().onSuccess(findings -> send(response, findings));
  }

  private void send(HttpServerResponse response, List<Readiness.Finding> findings) {
    boolean isReady = findings.stream().allMatch(finding -> finding.failure().isEmpty());
    JsonArray checks = new JsonArray();
    for (Readiness.Finding finding : findings) {
      JsonObject check =
          new JsonObject().put("name", finding.name()).put("ok", finding.failure().isEmpty());
      finding.failure().ifPresent(why -> check.put("reason", why));
      checks.add(check);
    }
    JsonObject answer =
        new JsonObject().put("status", isReady ? "ready" : "not_ready").put("checks", checks);
    JsonArray cautions = new JsonArray();
    readiness
        .cautions()
        .forEach((name, text) -> cautions.add(JsonObject.of("name", name, "text", text)));
    if (!cautions.isEmpty()) {
      answer.put("cautions", cautions);
    }
    send(response, isReady ? 200 : 503, answer);
  }

  private void metrics(HttpServerResponse response) {
    vertx
        .executeBlocking(metrics::scrape, false)
        .onSuccess(text -> response.putHeader("Content-Type", PROMETHEUS).end(text))
        .onFailure(
            failure -> fail(response, 500, "INTERNAL", "cannot read the metrics: " + failure));
  }

  private static void fail(HttpServerResponse response, int status, String code, String message) {
    JsonObject error = new JsonObject().put("code", code).put("message", message);
    send(response, status, new JsonObject().put("error", error));
  }

  private static void send(HttpServerResponse response, int status, JsonObject body) {
    response
        .setStatusCode(status)
        .putHeader("Content-Type", JSON)
        .putHeader("Cache-Control", "no-store")
        .end(body.toBuffer());
  }
}
