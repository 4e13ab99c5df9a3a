package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Room, pause, deletion, and the walls between workspaces. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class StreamRulesTest {
  private static final long QUOTA_BYTES = 512L << 20;

  private static final TestCard CARD = TestCard.builder().size(160, 120).build();

  private TestNode node;
  private TestUser user;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = TestNode.start(folder, Map.of("HALCYON_RING_QUOTA_BYTES", String.valueOf(QUOTA_BYTES)));
    user = node.user();
  }

  @AfterAll
  void stop() throws Exception {
    node.close();
  }

  @Test
  void refusesAStreamForWhoseRingThereIsNoRoom() {
    JsonObject ring = new JsonObject().put("capacity_bytes", 2 * QUOTA_BYTES);
    JsonObject stream =
        new JsonObject()
            .put("name", "too large")
            .put("source", new JsonObject().put("type", "push"))
            .put("settings", new JsonObject().put("ring", ring));
    String refusal = TestUser.error(user.post("/api/streams", stream));
    assertTrue(refusal.startsWith("507 INSUFFICIENT_STORAGE"), refusal);
    assertTrue(refusal.contains("1,024 MiB") && refusal.contains("capacity_bytes"), refusal);
    assertFalse(user.client().get("/api/streams").encode().contains("too large"));
    user.quietStream();
  }

  @Test
  void aRingIsResizedWhileItsPublisherSends() throws Exception {
    TestStream stream = user.quietStream();
    CardPush push = CardPush.realTime(stream, CARD);
    stream.awaitHeld(500_000);
    long before = stream.health().getJsonObject("ring").getLong("from_us");
    for (long bytes : new long[] {64L << 20, 8L << 20, 48L << 20}) {
      JsonObject row = resized(stream, bytes);
      assertEquals(
          bytes, row.getJsonObject("settings").getJsonObject("ring").getLong("capacity_bytes"));
      Deadline.until("a ring of " + bytes, () -> capacityBytes(stream) == bytes);
    }
    String refusal = TestUser.error(user.patch(stream.path(), ring(2 * QUOTA_BYTES)));
    assertTrue(refusal.startsWith("507 INSUFFICIENT_STORAGE"), refusal);
    assertTrue(refusal.contains("missing") && refusal.contains("quota_bytes"), refusal);
    assertEquals(48L << 20, capacityBytes(stream));
    stream.awaitHeld(2_000_000);
    assertEquals(before, stream.health().getJsonObject("ring").getLong("from_us"));
    JsonObject clip = stream.ready(stream.request(200_000, 1_800_000));
    assertEquals(List.of(), user.judge(clip).faults());
    push.close();
    stream.awaitStatus("idle");
    resized(stream, 8L << 20);
    assertEquals(8L << 20, capacityBytes(stream), "nobody has to send for that");
  }

  private static JsonObject ring(long capacityBytes) {
    JsonObject ring = new JsonObject().put("capacity_bytes", capacityBytes).put("capacity_s", 600);
    return new JsonObject().put("settings", new JsonObject().put("ring", ring));
  }

  private JsonObject resized(TestStream stream, long capacityBytes) {
    HttpResponse<byte[]> answer = user.patch(stream.path(), ring(capacityBytes));
    assertEquals(200, answer.statusCode());
    return new JsonObject(Buffer.buffer(answer.body()));
  }

  private static long capacityBytes(TestStream stream) {
    return stream.health().getJsonObject("ring").getLong("capacity_bytes");
  }

  @Test
  void aPausedStreamHasNoPublisherUntilItIsResumed() throws Exception {
    TestStream stream = user.quietStream();
    CardPush push = CardPush.realTime(stream, CARD);
    stream.awaitHeld(500_000);
    assertEquals(200, user.post(stream.path() + "/pause", new JsonObject()).statusCode());
    assertNotEquals("it did not fail", push.failure());
    assertEquals("stopped", stream.row().getString("status"));
    assertEquals("stopped", stream.health().getString("status"));
    assertNotEquals("it did not fail", CardPush.realTime(stream, CARD).failure());
    JsonObject clip = stream.ready(stream.request(new JsonObject().put("last_s", 1)));
    assertEquals("sealed", clip.getString("status"));

    assertEquals(200, user.post(stream.path() + "/resume", new JsonObject()).statusCode());
    CardPush resumed = CardPush.realTime(stream, CARD);
    stream.await("stream.started", started -> started.getInteger("epoch") == 1);
    resumed.close();
    stream.awaitStatus("idle");
  }

  @Test
  void aDeletedStreamTakesItsRingAndItsPublisherAlong() throws Exception {
    TestStream stream = user.quietStream();
    CardPush push = CardPush.realTime(stream, CARD);
    stream.awaitHeld(1_200_000);
    JsonObject clip = stream.ready(stream.request(200_000, 900_000));
    assertTrue(Files.exists(node.ringFile(stream)));
    assertEquals(204, user.send("DELETE", stream.path()).statusCode());
    assertNotEquals("it did not fail", push.failure());
    assertTrue(Files.notExists(node.ringFile(stream)));
    assertEquals(404, user.send("GET", stream.path()).statusCode());
    assertNotEquals("it did not fail", CardPush.realTime(stream, CARD).failure());
    assertEquals(List.of(), user.judge(clip).faults());
  }

  @Test
  void aWorkspaceSeesNothingOfAnother() throws Exception {
    TestStream stream = user.quietStream();
    CardPush.fast(stream, CARD, 2_000_000).await();
    String id = stream.ready(stream.request(200_000, 900_000)).getString("id");
    String signed = user.client().clip(id).getString("download_url");
    TestUser stranger = node.user();
    for (String path :
        List.of(stream.path(), stream.path() + "/health", stream.path() + "/clips")) {
      String refusal = TestUser.error(stranger.send("GET", path));
      assertTrue(refusal.startsWith("404 STREAM_NOT_FOUND"), refusal);
    }
    String clip = "/api/clips/" + id;
    for (String path :
        List.of(clip, clip + "/download", clip + "/media.mp4", clip + "/poster.jpg")) {
      String refusal = TestUser.error(stranger.send("GET", path));
      assertTrue(refusal.startsWith("404 CLIP_NOT_FOUND"), refusal);
    }
    assertEquals(404, stranger.send("DELETE", clip).statusCode());
    assertEquals(404, stranger.send("DELETE", stream.path()).statusCode());
    assertEquals(404, stranger.post(stream.path() + "/pause", new JsonObject()).statusCode());
    JsonObject window = TestStream.window(200_000, 900_000);
    assertEquals(404, stranger.post(stream.path() + "/clips", window).statusCode());
    assertEquals(new JsonArray(), stranger.client().get("/api/clips").getJsonArray("data"));
    assertEquals(new JsonArray(), stranger.client().get("/api/streams").getJsonArray("data"));
    assertThrows(
        CompletionException.class, () -> stranger.client().listen(stream.id(), (m, at) -> {}));
    // The signature is the permission to see the file: it was given by one who may.
    assertEquals(200, stranger.send("GET", signed).statusCode());
    assertEquals(200, user.send("GET", clip).statusCode());
  }
}
