package dev.halcyon.verticles.api;

import static dev.halcyon.verticles.api.TestServer.expect;
import static dev.halcyon.verticles.api.TestServer.expectError;
import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.stream.RingSettings;
import dev.halcyon.core.stream.StreamCommand;
import dev.halcyon.core.stream.StreamStatus;
import dev.halcyon.verticles.access.AccessOptions;
import dev.halcyon.verticles.api.TestServer.User;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.SharedDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedDatabase.class)
class StreamApiTest {
  @TempDir Path folder;
  private TestServer server;
  private User user;

  @BeforeEach
  void start(Database database) throws IOException {
    server = TestServer.start(database, folder);
    user = server.user();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aNewStreamAnswersWithKeyAndIngestUrls() {
    JsonObject stream = server.stream(user);
    String key = stream.getString("stream_key");
    assertEquals("idle", stream.getString("status"));
    assertEquals("Stage", stream.getString("name"));
    assertEquals(
        "rtmp://127.0.0.1:1935/live/" + key, stream.getJsonObject("ingest").getString("rtmp"));
    assertEquals(
        "rtsp://127.0.0.1:8554/live/" + key, stream.getJsonObject("ingest").getString("rtsp"));
    assertTrue(stream.getJsonObject("ingest").containsKey("srt"));
    assertEquals(
        new JsonObject(
            """
            {"ring":{"capacity_s":600,"capacity_bytes":2147483648},"recording":"off",
             "epochs":"stitch","takeover":"refuse","detection":{"enabled":true,"threshold":0.5,"pre_roll_s":8.0,"post_roll_s":4.0,
                          "merge_window_s":6.0,"cooldown_s":10.0,"min_signals":1}}\
            """),
        stream.getJsonObject("settings"));
    StreamCommand.Reserve reserve =
        assertInstanceOf(StreamCommand.Reserve.class, server.node.commands.getFirst());
    assertEquals(stream.getString("id"), reserve.streamId().toString());
    assertEquals(user.workspaceId(), reserve.workspaceId());
    assertEquals(stream, expect(200, server.get(path(stream, ""), user.token())));
  }

  @Test
  void refusesAStreamForWhichThereIsNoRoomAndLeavesNoRow() {
    server.node.refusal.set(
        new HalcyonException(ErrorCode.INSUFFICIENT_STORAGE, "2 GiB are missing"));
    String message = expectError(ErrorCode.INSUFFICIENT_STORAGE, create(Map.of()));
    assertEquals("2 GiB are missing", message);
    assertEquals(0, expect(200, server.get("/api/streams", user.token())).getInteger("total"));
  }

  @Test
  void aWorkspaceHasOnlySoManyStreams(Database database) throws IOException {
    AccessOptions two = AccessOptions.DEFAULT.withStreamsPerWorkspace(2);
    try (TestServer small = TestServer.start(database, folder.resolve("small"), two)) {
      User owner = small.user();
      small.stream(owner);
      JsonObject second = small.stream(owner);
      String message =
          expectError(ErrorCode.LIMIT_REACHED, small.post("/api/streams", owner.token(), push()));
      assertTrue(message.contains("2 streams"), message);
      assertEquals(2, small.node.commands.size());
      small.stream(small.user());
      small.send(HttpMethod.DELETE, path(second, ""), owner.token());
      expect(201, small.post("/api/streams", owner.token(), push()));
    }
  }

  @Test
  void aFailureOfTheServerDoesNotTellItsPaths() {
    server.node.refusal.set(
        new HalcyonException(ErrorCode.IO_FAILED, "cannot make the ring file: /srv/rings/a.ring"));
    assertEquals(
        "cannot make the ring file: …", expectError(ErrorCode.IO_FAILED, create(Map.of())));
  }

  @Test
  void pagesAList() {
    for (int i = 0; i < 3; i++) {
      server.stream(user);
    }
    JsonObject page = expect(200, server.get("/api/streams?page=2&limit=2", user.token()));
    assertEquals(3, page.getInteger("total"));
    assertEquals(2, page.getInteger("page"));
    assertEquals(2, page.getInteger("pages"));
    assertEquals(1, page.getJsonArray("data").size());
    String message =
        expectError(ErrorCode.BAD_REQUEST, server.get("/api/streams?limit=101", user.token()));
    assertTrue(message.contains("limit"), message);
    expectError(ErrorCode.BAD_REQUEST, server.get("/api/streams?page=0", user.token()));
    expectError(ErrorCode.BAD_REQUEST, server.get("/api/streams?page=x", user.token()));
  }

  @Test
  void repeatsTheAnswerUnderTheSameIdempotencyKey() {
    String key = UUID.randomUUID().toString();
    JsonObject first = expect(201, create(Map.of("Idempotency-Key", key)));
    HttpResponse<Buffer> again = create(Map.of("Idempotency-Key", key));
    assertEquals(first, expect(201, again));
    assertEquals("true", again.getHeader("Idempotency-Replayed"));
    assertEquals(1, expect(200, server.get("/api/streams", user.token())).getInteger("total"));
    expectError(
        ErrorCode.IDEMPOTENCY_CONFLICT,
        server.send(
            HttpMethod.POST,
            "/api/streams",
            user.token(),
            push().put("name", "Another"),
            Map.of("Idempotency-Key", key)));
    assertNotEquals(
        first.getString("id"),
        expect(201, create(Map.of("Idempotency-Key", key + "2"))).getString("id"));
  }

  @Test
  void aFailedCreationFreesItsIdempotencyKey() {
    server.node.refusal.set(new HalcyonException(ErrorCode.INSUFFICIENT_STORAGE, "full"));
    expectError(ErrorCode.INSUFFICIENT_STORAGE, create(Map.of("Idempotency-Key", "k")));
    server.node.refusal.set(null);
    expect(201, create(Map.of("Idempotency-Key", "k")));
  }

  @Test
  void pausesAndResumes() {
    JsonObject stream = server.stream(user);
    UUID id = UUID.fromString(stream.getString("id"));
    JsonObject paused =
        expect(200, server.send(HttpMethod.POST, path(stream, "/pause"), user.token()));
    assertEquals("stopped", paused.getString("status"));
    assertEquals(new StreamCommand.Pause(id), server.node.commands.getLast());
    await(server.parts.streams().setStatus(id, StreamStatus.IDLE, Optional.empty()));
    assertEquals(
        "stopped", expect(200, server.get(path(stream, ""), user.token())).getString("status"));
    JsonObject resumed =
        expect(200, server.send(HttpMethod.POST, path(stream, "/resume"), user.token()));
    assertEquals("idle", resumed.getString("status"));
    assertEquals(new StreamCommand.Resume(id), server.node.commands.getLast());
  }

  @Test
  void changesOnlyTheSettingsThatAreNamed() {
    JsonObject stream = server.stream(user);
    JsonObject change = new JsonObject("{\"settings\":{\"detection\":{\"threshold\":0.2}}}");
    JsonObject changed = expect(200, patch(stream, change));
    JsonObject expected = stream.copy().getJsonObject("settings");
    expected.getJsonObject("detection").put("threshold", 0.2);
    assertEquals(expected, changed.getJsonObject("settings"));
    StreamCommand.Reconfigure command =
        assertInstanceOf(StreamCommand.Reconfigure.class, server.node.commands.getLast());
    assertEquals(0.2, command.settings().detection().threshold());
    assertEquals(
        "Final",
        expect(200, patch(stream, new JsonObject().put("name", "Final"))).getString("name"));
  }

  @Test
  void keepsTheSettingsWhenTheNodeRefusesNewOnes() {
    JsonObject stream = server.stream(user);
    server.node.refusal.set(new HalcyonException(ErrorCode.INSUFFICIENT_STORAGE, "full"));
    JsonObject change = new JsonObject("{\"settings\":{\"detection\":{\"threshold\":0.2}}}");
    expectError(ErrorCode.INSUFFICIENT_STORAGE, patch(stream, change));
    assertEquals(
        stream.getJsonObject("settings"),
        expect(200, server.get(path(stream, ""), user.token())).getJsonObject("settings"));
  }

  @Test
  void aRingCanBeResized() {
    JsonObject stream = server.stream(user);
    JsonObject change = new JsonObject("{\"settings\":{\"ring\":{\"capacity_bytes\":1073741824}}}");
    JsonObject ring =
        expect(200, patch(stream, change)).getJsonObject("settings").getJsonObject("ring");
    assertEquals(new JsonObject("{\"capacity_s\":600,\"capacity_bytes\":1073741824}"), ring);
    StreamCommand.Reconfigure command =
        assertInstanceOf(StreamCommand.Reconfigure.class, server.node.commands.getLast());
    assertEquals(new RingSettings(600, 1L << 30), command.settings().ring());
    for (String outside : List.of("{\"capacity_s\":9}", "{\"capacity_bytes\":1000}")) {
      JsonObject refused =
          new JsonObject().put("settings", new JsonObject().put("ring", new JsonObject(outside)));
      expectError(ErrorCode.BAD_REQUEST, patch(stream, refused));
    }
  }

  @Test
  void setsWhetherSessionsAreRecorded() {
    JsonObject created =
        expect(
            201,
            server.post(
                "/api/streams",
                user.token(),
                push().put("settings", new JsonObject().put("recording", "session"))));
    assertEquals("session", created.getJsonObject("settings").getString("recording"));
    JsonObject off = new JsonObject().put("settings", new JsonObject().put("recording", "off"));
    JsonObject changed = expect(200, patch(created, off));
    assertEquals("off", changed.getJsonObject("settings").getString("recording"));
    String message =
        expectError(
            ErrorCode.BAD_REQUEST,
            server.post(
                "/api/streams",
                user.token(),
                push().put("settings", new JsonObject().put("recording", "always"))));
    assertTrue(message.contains("settings.recording"), message);
  }

  @Test
  void refusesControlCharactersInEveryText() {
    JsonObject stream = server.stream(user);
    for (String text : new String[] {"a\u0000b", "a\u001bb", "a\n"}) {
      expectError(
          ErrorCode.BAD_REQUEST,
          server.post("/api/streams", user.token(), push().put("name", text)));
      expectError(
          ErrorCode.BAD_REQUEST,
          server.post("/api/streams", user.token(), push().put("platform", text)));
      expectError(ErrorCode.BAD_REQUEST, patch(stream, new JsonObject().put("name", text)));
      String message =
          expectError(
              ErrorCode.BAD_REQUEST,
              server.post(
                  path(stream, "/clips"),
                  user.token(),
                  new JsonObject().put("last_s", 5).put("title", text)));
      assertTrue(message.contains("title"), message);
    }
    assertTrue(server.node.requests.isEmpty());
    expect(
        201,
        server.post("/api/streams", user.token(), push().put("name", "Grüße 👏 \"x\" \\u0000")));
  }

  @Test
  void namesTheSettingThatIsOutOfRange() {
    JsonObject stream = server.stream(user);
    JsonObject change = new JsonObject("{\"settings\":{\"detection\":{\"threshold\":2}}}");
    String message = expectError(ErrorCode.BAD_REQUEST, patch(stream, change));
    assertTrue(message.contains("settings.detection.threshold"), message);
    JsonObject typo = new JsonObject("{\"settings\":{\"detection\":{\"treshold\":0.2}}}");
    String unknown = expectError(ErrorCode.BAD_REQUEST, patch(stream, typo));
    assertTrue(unknown.contains("treshold"), unknown);
  }

  @Test
  void deletesAStream() {
    JsonObject stream = server.stream(user);
    assertEquals(204, server.send(HttpMethod.DELETE, path(stream, ""), user.token()).statusCode());
    assertEquals(
        new StreamCommand.Delete(UUID.fromString(stream.getString("id"))),
        server.node.commands.getLast());
    expectError(ErrorCode.STREAM_NOT_FOUND, server.get(path(stream, ""), user.token()));
  }

  @Test
  void tellsHealth() {
    JsonObject stream = server.stream(user);
    assertEquals(
        new JsonObject(
            """
            {"status":"active",
             "ring":{"from_us":1000,"to_us":9001000,"bytes":123456,"capacity_bytes":1048576,
               "target_capacity_bytes":2097152,"is_shrunk":false,
               "ranges":[
                 {"epoch":3,"from_us":1000,"to_us":4000000,
                  "from":"2026-11-21T12:00:00.001000Z","to":"2026-11-21T12:00:04.000000Z"},
                 {"epoch":4,"from_us":6500000,"to_us":9001000,
                  "from":"2026-11-21T12:00:06.500000Z","to":"2026-11-21T12:00:09.001000Z"}],
               "gaps":[{"at_us":4000000,"length_us":2500000}],
               "lost":[{"at_us":2000000,"length_us":400000,"bytes":50000}],
               "overrun_bytes":777,"force_lag_ms":12,"force_failures":0,
               "leases":{"held":2,"revoked":1}},
             "ingest":{"bitrate_bps":2500000,"fps":29.97,"last_packet_age_ms":40},
             "taps":{"audio":{"lag_us":20000},"video":{"lag_us":null}},
             "recording":{"state":"paused","reason":"full","from_us":5,"to_us":9000000,
                          "bytes":777,"lag_us":1001,"missed_us":30,"failures":2}}\
            """),
        expect(200, server.get(path(stream, "/health"), user.token())));
  }

  @Test
  void anotherWorkspaceFindsNothing() {
    JsonObject stream = server.stream(user);
    User stranger = server.user();
    for (String suffix : new String[] {"", "/health", "/clips"}) {
      expectError(ErrorCode.STREAM_NOT_FOUND, server.get(path(stream, suffix), stranger.token()));
    }
    for (String suffix : new String[] {"/pause", "/resume"}) {
      expectError(
          ErrorCode.STREAM_NOT_FOUND,
          server.send(HttpMethod.POST, path(stream, suffix), stranger.token()));
    }
    expectError(
        ErrorCode.STREAM_NOT_FOUND,
        server.send(HttpMethod.DELETE, path(stream, ""), stranger.token()));
    expectError(
        ErrorCode.STREAM_NOT_FOUND,
        server.send(
            HttpMethod.PATCH,
            path(stream, ""),
            stranger.token(),
            new JsonObject().put("name", "mine"),
            Map.of()));
    expectError(
        ErrorCode.STREAM_NOT_FOUND,
        server.post(path(stream, "/clips"), stranger.token(), new JsonObject().put("last_s", 5)));
    assertEquals(0, expect(200, server.get("/api/streams", stranger.token())).getInteger("total"));
    assertTrue(server.node.requests.isEmpty());
  }

  @Test
  void viewersReadButDoNotChangeAndDoNotSeeTheKey(Database database) {
    JsonObject stream = server.stream(user);
    await(
        database
            .pool()
            .preparedQuery("UPDATE workspace_members SET role = 'viewer' WHERE user_id = $1")
            .execute(Tuple.of(user.id())));
    String viewer =
        expect(
                200,
                server.post(
                    "/api/auth/refresh",
                    Optional.empty(),
                    new JsonObject().put("refresh_token", user.refreshToken())))
            .getString("access_token");
    JsonObject seen = expect(200, server.get(path(stream, ""), Optional.of(viewer)));
    assertNull(seen.getString("stream_key"));
    assertFalse(seen.containsKey("ingest"));
    expectError(
        ErrorCode.FORBIDDEN, server.send(HttpMethod.DELETE, path(stream, ""), Optional.of(viewer)));
    expectError(ErrorCode.FORBIDDEN, server.post("/api/streams", Optional.of(viewer), push()));
    expectError(
        ErrorCode.FORBIDDEN,
        server.post(
            path(stream, "/clips"), Optional.of(viewer), new JsonObject().put("last_s", 5)));
  }

  @Test
  void pullsOnlyWhatThisNodeCan() {
    JsonObject rtsp = pull("rtsp://camera.example/1").put("platform", "twitch");
    JsonObject stream = expect(201, server.post("/api/streams", user.token(), rtsp));
    assertEquals("twitch", stream.getString("platform"));
    assertEquals("rtsp://camera.example/1", stream.getJsonObject("source").getString("url"));
    expectError(
        ErrorCode.UNSUPPORTED_MEDIA,
        server.post("/api/streams", user.token(), pull("file:///etc/passwd")));
    expectError(ErrorCode.BAD_REQUEST, server.post("/api/streams", user.token(), pull("ht tp://")));
  }

  @Test
  void answersOddRequestsInTheErrorShape(Database database) throws IOException {
    expectError(ErrorCode.NOT_FOUND, server.get("/api/nothing", user.token()));
    expectError(ErrorCode.STREAM_NOT_FOUND, server.get("/api/streams/42", user.token()));
    HttpResponse<Buffer> method = server.send(HttpMethod.PUT, "/api/streams", user.token());
    expectError(ErrorCode.METHOD_NOT_ALLOWED, method);
    assertEquals("GET, POST", method.getHeader("Allow"));
    HttpResponse<Buffer> malformed =
        await(
            server
                .request(HttpMethod.POST, "/api/streams", user.token())
                .putHeader("Content-Type", "application/json")
                .sendBuffer(Buffer.buffer("{\"name\":")));
    expectError(ErrorCode.BAD_REQUEST, malformed);
    HttpResponse<Buffer> large =
        server.post("/api/streams", user.token(), push().put("name", "x".repeat(100_000)));
    expectError(ErrorCode.PAYLOAD_TOO_LARGE, large);
    assertEquals("nosniff", large.getHeader("X-Content-Type-Options"));
    HttpResponse<Buffer> text =
        await(
            server
                .request(HttpMethod.POST, "/api/streams", user.token())
                .putHeader("Content-Type", "text/plain")
                .sendBuffer(Buffer.buffer("hello")));
    assertEquals(400, text.statusCode(), text.bodyAsString());
    assertEquals(200, server.get("/api/health", Optional.empty()).statusCode());
  }

  @Test
  void otherOriginsAreRefusedUnlessConfigured(Database database) throws IOException {
    Map<String, String> origin = Map.of("Origin", "https://page.example");
    assertNull(
        server
            .get("/api/health", Optional.empty(), origin)
            .getHeader("Access-Control-Allow-Origin"));
    ApiOptions open = new ApiOptions("127.0.0.1", 0, Set.of("https://page.example"), Set.of());
    try (TestServer configured = TestServer.start(database, folder.resolve("cors"), open)) {
      assertEquals(
          "https://page.example",
          configured
              .get("/api/health", Optional.empty(), origin)
              .getHeader("Access-Control-Allow-Origin"));
    }
  }

  private HttpResponse<Buffer> create(Map<String, String> headers) {
    return server.send(HttpMethod.POST, "/api/streams", user.token(), push(), headers);
  }

  private HttpResponse<Buffer> patch(JsonObject stream, JsonObject change) {
    return server.send(HttpMethod.PATCH, path(stream, ""), user.token(), change, Map.of());
  }

  private static JsonObject push() {
    return new JsonObject()
        .put("name", "Stage")
        .put("source", new JsonObject().put("type", "push"));
  }

  private static JsonObject pull(String url) {
    return new JsonObject()
        .put("name", "Camera")
        .put("source", new JsonObject().put("type", "pull").put("url", url));
  }

  private static String path(JsonObject stream, String suffix) {
    return "/api/streams/" + stream.getString("id") + suffix;
  }
}
