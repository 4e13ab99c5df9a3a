package dev.halcyon.verticles.api;

import static dev.halcyon.verticles.api.TestServer.expect;
import static dev.halcyon.verticles.api.TestServer.expectError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipRequested;
import dev.halcyon.core.clip.ClipWindow;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.verticles.api.TestServer.User;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.SharedDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedDatabase.class)
class ClipApiTest {
  @TempDir Path folder;
  private TestServer server;
  private User user;
  private UUID stream;

  @BeforeEach
  void start(Database database) throws IOException {
    server = TestServer.start(database, folder);
    user = server.user();
    stream = UUID.fromString(server.stream(user).getString("id"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void asksForTheLastSecondsClampedToWhatIsHeld() {
    JsonObject answer = expect(202, create("{\"last_s\":2.5,\"title\":\" Goal \"}"));
    assertEquals("requested", answer.getString("status"));
    ClipRequested request = server.node.requests.getFirst();
    assertEquals(new ClipWindow.Last(2_500_000), request.window());
    assertTrue(request.clampsToHeld());
    assertEquals("Goal", request.title());
    assertEquals(user.workspaceId(), request.workspaceId());
    assertEquals(stream, request.streamId());
    assertEquals(ClipReason.manual(), request.reason());
    JsonObject clip = expect(200, server.get("/api/clips/" + answer.getString("id"), user.token()));
    assertEquals("opened", clip.getString("status"));
  }

  @Test
  void asksForStreamTimeAndWallClock() {
    expect(202, create("{\"from_us\":1000000,\"to_us\":3000000}"));
    assertEquals(
        new ClipWindow.StreamTime(1_000_000, 3_000_000), server.node.requests.get(0).window());
    assertFalse(server.node.requests.get(0).clampsToHeld());
    expect(
        202,
        create(
            "{\"from\":\"2026-11-20T13:00:00.000001+01:00\",\"to\":\"2026-11-20T12:00:05Z\","
                + "\"allow_partial\":true}"));
    assertEquals(
        new ClipWindow.WallClock(1_795_176_000_000_001L, 1_795_176_005_000_000L),
        server.node.requests.get(1).window());
    assertTrue(server.node.requests.get(1).clampsToHeld());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"last_s\":0}",
        "{\"last_s\":\"5\"}",
        "{\"last_s\":5,\"from_us\":0,\"to_us\":1}",
        "{\"from_us\":5}",
        "{\"from_us\":5,\"to_us\":5}",
        "{\"from_us\":-1,\"to_us\":5}",
        "{\"from\":\"yesterday\",\"to\":\"2026-11-20T12:00:05Z\"}",
        "{\"from\":\"2026-11-20T12:00:05Z\"}",
      })
  void refusesWindowsThatMeanNothing(String body) {
    expectError(ErrorCode.BAD_REQUEST, create(body));
    assertTrue(server.node.requests.isEmpty());
  }

  @Test
  void passesOnWhatTheRingDoesNotHold() {
    String message =
        expectError(ErrorCode.RANGE_NOT_HELD, create("{\"from_us\":666,\"to_us\":777}"));
    assertTrue(message.contains("held: 0..1"), message);
  }

  @Test
  void makesOneClipForOneIdempotencyKey() {
    JsonObject body = new JsonObject().put("last_s", 5);
    Map<String, String> key = Map.of("Idempotency-Key", "once");
    String path = "/api/streams/" + stream + "/clips";
    JsonObject first = expect(202, server.send(HttpMethod.POST, path, user.token(), body, key));
    assertEquals(first, expect(202, server.send(HttpMethod.POST, path, user.token(), body, key)));
    assertEquals(1, server.node.requests.size());
  }

  @Test
  void showsAClipInTheShapeOfTheContract() throws IOException {
    Clip clip = server.sealedClip(user, stream, new byte[] {1});
    JsonObject json = expect(200, server.get("/api/clips/" + clip.id(), user.token()));
    assertEquals(stream.toString(), json.getString("stream_id"));
    assertEquals("sealed", json.getString("status"));
    assertEquals(1_000_000, json.getLong("start_us"));
    assertEquals(3_000_000, json.getLong("end_us"));
    assertEquals("manual", json.getJsonObject("reason").getString("kind"));
    assertEquals("2026-11-20T12:00:00.500000Z", json.getString("created_at"));
    JsonObject version = json.getJsonArray("versions").getJsonObject(0);
    assertEquals(1, version.getInteger("version"));
    assertEquals("instant", version.getString("kind"));
    assertEquals("mp4", version.getString("container"));
    assertEquals(TestServer.SHA256, version.getJsonObject("contract").getString("sha256"));
    assertTrue(
        json.getString("play_url").startsWith("/api/clips/" + clip.id() + "/media.mp4?exp="));
    assertTrue(
        json.getString("download_url").startsWith("/api/clips/" + clip.id() + "/download?exp="));
  }

  @Test
  void filtersLists() throws IOException {
    Clip sealed = server.sealedClip(user, stream, new byte[] {1});
    server.requestedClip(user, stream, UUID.randomUUID());
    UUID other = UUID.fromString(server.stream(user).getString("id"));
    server.requestedClip(user, other, UUID.randomUUID());
    assertEquals(3, total("/api/clips"));
    assertEquals(2, total("/api/clips?stream=" + stream));
    assertEquals(2, total("/api/streams/" + stream + "/clips"));
    assertEquals(1, total("/api/clips?status=sealed"));
    assertEquals(0, total("/api/clips?status=sealed&stream=" + other));
    assertEquals(0, total("/api/clips?job=" + UUID.randomUUID()));
    JsonObject page = expect(200, server.get("/api/clips?status=sealed", user.token()));
    assertEquals(
        sealed.id().toString(), page.getJsonArray("data").getJsonObject(0).getString("id"));
    expectError(ErrorCode.BAD_REQUEST, server.get("/api/clips?status=lost", user.token()));
    expectError(ErrorCode.BAD_REQUEST, server.get("/api/clips?stream=1", user.token()));
  }

  @Test
  void anotherWorkspaceFindsNothing() throws IOException {
    Clip clip = server.sealedClip(user, stream, new byte[] {1});
    User stranger = server.user();
    String path = "/api/clips/" + clip.id();
    for (String suffix : new String[] {"", "/download", "/media.mp4", "/poster.jpg"}) {
      expectError(ErrorCode.CLIP_NOT_FOUND, server.get(path + suffix, stranger.token()));
    }
    expectError(ErrorCode.CLIP_NOT_FOUND, server.get(path + "/versions", stranger.token()));
    assertEquals(0, expect(200, server.get("/api/clips", stranger.token())).getInteger("total"));
    assertEquals(
        0,
        expect(200, server.get("/api/clips?stream=" + stream, stranger.token()))
            .getInteger("total"));
  }

  private int total(String path) {
    return expect(200, server.get(path, user.token())).getInteger("total");
  }

  private HttpResponse<Buffer> create(String body) {
    return server.post("/api/streams/" + stream + "/clips", user.token(), new JsonObject(body));
  }
}
