package dev.halcyon.verticles.api;

import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.verticles.blob.BlobKey;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAnswerTest {
  private static final int SIZE_BYTES = 100_000;

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private HttpServer server;
  private Path file;

  @BeforeEach
  void listen() {
    file = folder.resolve("clip.mp4");
    Router router = Router.router(vertx);
    router.route().handler(this::send).failureHandler(Errors::handle);
    server = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
  }

  /** What was looked at a moment ago. */
  private void send(RoutingContext context) {
    ClipFiles.Found found =
        new ClipFiles.Found(
            BlobKey.fresh(UUID.randomUUID(), UUID.randomUUID(), "mp4"),
            new FileBody.OnDisk(file),
            SIZE_BYTES,
            Instant.EPOCH);
    FileAnswer.of(context.request(), found, "\"a\"", "video/mp4", "attachment; filename=\"a.mp4\"")
        .send(vertx, context)
        .onFailure(context::fail);
  }

  @AfterEach
  void close() {
    await(server.close());
    await(vertx.close());
  }

  private HttpResponse<byte[]> get(String range) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + "/"))
            .header("Range", range)
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      try {
        return client
            .sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
            .get(10, TimeUnit.SECONDS);
      } finally {
        client.shutdownNow();
      }
    }
  }

  @Test
  void sendsThePart() throws Exception {
    Files.write(file, new byte[SIZE_BYTES]);
    HttpResponse<byte[]> answer = get("bytes=10-19");
    assertEquals(206, answer.statusCode());
    assertEquals(10, answer.body().length);
  }

  /** It may have been brought to a bucket, or deleted: who asks again is told which. */
  @Test
  void asksForAnotherTryWhenTheFileHasGoneMeanwhile() throws Exception {
    HttpResponse<byte[]> answer = get("bytes=10-9999");
    assertEquals(503, answer.statusCode());
    assertTrue(answer.headers().firstValue("Retry-After").isPresent());
    assertEquals(Optional.empty(), answer.headers().firstValue("Content-Range"));
    assertEquals(Optional.empty(), answer.headers().firstValue("Content-Disposition"));
    assertEquals(
        "STORE_UNAVAILABLE",
        new JsonObject(new String(answer.body(), StandardCharsets.UTF_8))
            .getJsonObject("error")
            .getString("code"));
  }
}
