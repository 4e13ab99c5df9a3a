package dev.halcyon.verticles.api;

import static dev.halcyon.verticles.api.TestServer.expect;
import static dev.halcyon.verticles.api.TestServer.expectError;
import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.event.ClipEvent;
import dev.halcyon.verticles.api.TestServer.User;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.store.ClipPurges;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.SharedDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedDatabase.class)
class ClipEditApiTest {
  private final BlockingQueue<ClipEvent> events = new LinkedBlockingQueue<>();
  @TempDir Path folder;
  private TestServer server;
  private User user;
  private UUID stream;
  private Clip clip;

  @BeforeEach
  void start(Database database) throws IOException {
    server = TestServer.start(database, folder);
    user = server.user();
    stream = UUID.fromString(server.stream(user).getString("id"));
    clip = server.sealedClip(user, stream, new byte[] {1});
    server.parts.bus().<ClipEvent>onFact(Addresses.CLIP_EVENT, events::add);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void changesOnlyWhatIsNamed() throws Exception {
    JsonObject all =
        expect(
            200,
            change(
                """
                {"title":" Last minute ","description":"Line one\\nline two",
                 "hashtags":["#Goal","final","#goal"]}
                """));
    assertEquals("Last minute", all.getString("title"));
    assertEquals("Line one\nline two", all.getString("description"));
    assertEquals(new JsonArray(List.of("#Goal", "final")), all.getJsonArray("hashtags"));
    assertEquals(1, all.getLong("revision"));
    assertNotNull(all.getString("edited_at"));
    ClipEvent.Updated told = assertInstanceOf(ClipEvent.Updated.class, next());
    assertEquals("Last minute", told.clip().title());

    JsonObject cleared = expect(200, change("{\"hashtags\":[],\"description\":\"\"}"));
    assertEquals("Last minute", cleared.getString("title"));
    assertEquals("", cleared.getString("description"));
    assertEquals(new JsonArray(), cleared.getJsonArray("hashtags"));
    assertEquals(cleared, get(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"titel\":\"x\"}",
        "{\"title\":7}",
        "{\"title\":\"a\\u0000b\"}",
        "{\"description\":\"a\\u0007b\"}",
        "{\"hashtags\":\"#a\"}",
        "{\"hashtags\":[\"two words\"]}",
        "{\"hashtags\":[\"\"]}",
        "{\"approval\":\"maybe\"}",
        "{\"status\":\"ready\"}",
      })
  void refusesWhatIsNoChange(String body) {
    expectError(ErrorCode.BAD_REQUEST, change(body));
  }

  @Test
  void refusesWhatIsTooLong() {
    for (JsonObject body :
        List.of(
            new JsonObject().put("title", "x".repeat(201)),
            new JsonObject().put("description", "x".repeat(2_201)),
            new JsonObject().put("hashtags", new JsonArray(List.of("x".repeat(61)))),
            new JsonObject().put("hashtags", new JsonArray(List.of("x ".repeat(31).split(" ")))))) {
      expectError(ErrorCode.BAD_REQUEST, change(body.encode()));
    }
  }

  @Test
  void changesFromTheRevisionThatWasReadOrNotAtAll() {
    String read = server.get(path(""), user.token()).getHeader("ETag");
    HttpResponse<Buffer> first = change("{\"title\":\"A\"}", read);
    assertEquals("A", expect(200, first).getString("title"));
    String message = expectError(ErrorCode.EDIT_CONFLICT, change("{\"title\":\"B\"}", read));
    assertTrue(message.contains("revision is 1"), message);
    expectError(ErrorCode.EDIT_CONFLICT, change("{\"title\":\"B\"}", "\"made up\""));
    expectError(
        ErrorCode.EDIT_CONFLICT,
        server.send(
            HttpMethod.DELETE, path(""), user.token(), new JsonObject(), Map.of("If-Match", read)));
    assertEquals(
        "C", expect(200, change("{\"title\":\"C\"}", first.getHeader("ETag"))).getString("title"));
    assertEquals("D", expect(200, change("{\"title\":\"D\"}", "*")).getString("title"));
  }

  @Test
  void saysWhoApprovedAndWhen() {
    JsonObject approved = expect(200, post("/approve"));
    assertEquals("approved", approved.getString("approval"));
    assertEquals(user.id().toString(), approved.getJsonObject("reviewed_by").getString("id"));
    assertEquals("Ada", approved.getJsonObject("reviewed_by").getString("name"));
    String at = approved.getString("reviewed_at");
    assertNotNull(at);
    server.clock.advance(Duration.ofMinutes(1));
    assertEquals(at, expect(200, post("/approve")).getString("reviewed_at"));
    JsonObject rejected = expect(200, post("/reject"));
    assertEquals("rejected", rejected.getString("approval"));
    assertTrue(rejected.getString("reviewed_at").compareTo(at) > 0);
    JsonObject pending = expect(200, change("{\"approval\":\"pending\"}"));
    assertEquals("pending", pending.getString("approval"));
    assertNull(pending.getJsonObject("reviewed_by"));
    assertNull(pending.getString("reviewed_at"));
  }

  @Test
  void hidesADeletedClipUntilItIsTakenBack() throws Exception {
    String url = get("").getString("download_url");
    assertEquals(204, server.send(HttpMethod.DELETE, path(""), user.token()).statusCode());
    ClipEvent.Deleted told = assertInstanceOf(ClipEvent.Deleted.class, next());
    assertEquals(clip.id(), told.clipId());
    assertEquals(Duration.ofDays(1), Duration.between(told.at(), told.restorableUntil()));

    for (String route : List.of("", "/versions", "/download", "/media.mp4", "/poster.jpg")) {
      expectError(ErrorCode.CLIP_NOT_FOUND, server.get(path(route), user.token()));
    }
    expectError(ErrorCode.CLIP_NOT_FOUND, server.get(url, java.util.Optional.empty()));
    expectError(ErrorCode.CLIP_NOT_FOUND, server.send(HttpMethod.DELETE, path(""), user.token()));
    expectError(ErrorCode.CLIP_NOT_FOUND, change("{\"title\":\"x\"}"));
    assertEquals(0, total(""));
    JsonObject deleted = expect(200, server.get("/api/clips?deleted=true", user.token()));
    assertEquals(1, deleted.getInteger("total"));
    JsonObject hidden = deleted.getJsonArray("data").getJsonObject(0);
    assertNotNull(hidden.getString("deleted_at"));
    assertNotNull(hidden.getString("restorable_until"));

    JsonObject restored = expect(200, post("/restore"));
    assertNull(restored.getString("deleted_at"));
    assertInstanceOf(ClipEvent.Updated.class, next());
    assertEquals(200, server.get(url, java.util.Optional.empty()).statusCode());
    assertEquals(1, total(""));
    expectError(ErrorCode.CLIP_NOT_FOUND, post("/restore"));
  }

  @Test
  void aPurgedClipDoesNotComeBack(Database database) {
    server.send(HttpMethod.DELETE, path(""), user.token());
    await(new ClipPurges(database.pool()).purge(server.clock.now(), server.clock.now(), 1_000));
    expectError(ErrorCode.CLIP_NOT_FOUND, post("/restore"));
    assertEquals(0, total("?deleted=true"));
    assertEquals(List.of(), await(server.parts.clips().update(clip)).stream().toList());
  }

  @Test
  void doesManyAtOnceAndSaysWhichWereNotThere() throws IOException {
    Clip second = server.sealedClip(user, stream, new byte[] {2});
    Clip foreign = foreignClip();
    UUID unknown = UUID.randomUUID();
    JsonArray ids = ids(clip.id(), second.id(), clip.id(), foreign.id(), unknown);

    JsonObject approved = batch("approve", ids);
    assertEquals(List.of(clip.id(), second.id()), sorted(approved, "done"));
    assertEquals(List.of(foreign.id(), unknown), sorted(approved, "not_found"));
    assertEquals(2, total("?approval=approved"));
    batch("reject", ids(second.id()));
    assertEquals(1, total("?approval=rejected"));
    assertEquals(2, sorted(batch("delete", ids), "done").size());
    assertEquals(0, total(""));
    assertEquals(2, sorted(batch("restore", ids), "done").size());
    assertEquals(2, total(""));
    assertTrue(await(server.parts.clips().any(foreign.id())).isPresent());
    assertEquals(0, await(server.parts.clips().any(foreign.id())).get().curation().revision());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"ids\":[]}", "{\"ids\":[\"x\"]}", "{\"ids\":[1]}"})
  void refusesABatchOfNothing(String body) {
    expectError(
        ErrorCode.BAD_REQUEST,
        server.post("/api/clips/batch/delete", user.token(), new JsonObject(body)));
  }

  @Test
  void refusesABatchWithoutEnd() {
    UUID[] many = new UUID[101];
    java.util.Arrays.setAll(many, i -> UUID.randomUUID());
    expectError(
        ErrorCode.BAD_REQUEST,
        server.post(
            "/api/clips/batch/delete", user.token(), new JsonObject().put("ids", ids(many))));
  }

  @Test
  void listsVersions() {
    JsonArray versions = get("/versions").getJsonArray("data");
    assertEquals(1, versions.size());
    assertEquals(get("").getJsonArray("versions"), versions);
  }

  @Test
  void anotherWorkspaceChangesNothing() throws IOException {
    Clip foreign = foreignClip();
    String path = "/api/clips/" + foreign.id();
    for (String route : List.of("/approve", "/reject", "/restore")) {
      expectError(
          ErrorCode.CLIP_NOT_FOUND, server.send(HttpMethod.POST, path + route, user.token()));
    }
    expectError(ErrorCode.CLIP_NOT_FOUND, server.get(path + "/versions", user.token()));
    expectError(ErrorCode.CLIP_NOT_FOUND, server.send(HttpMethod.DELETE, path, user.token()));
    expectError(
        ErrorCode.CLIP_NOT_FOUND,
        server.send(
            HttpMethod.PATCH,
            path,
            user.token(),
            new JsonObject().put("title", "x"),
            Map.of("If-Match", "\"0\"")));
    for (String batch : List.of("approve", "reject", "delete", "restore")) {
      assertEquals(List.of(), sorted(batch(batch, ids(foreign.id())), "done"));
    }
    assertEquals(foreign, await(server.parts.clips().any(foreign.id())).orElseThrow());
  }

  @Test
  void findsByWhatPeopleSaid() throws IOException {
    expect(200, change("{\"title\":\"100% goal_keeper\",\"hashtags\":[\"#Save\"]}"));
    Clip other = server.sealedClip(user, stream, new byte[] {2});
    assertEquals(1, total("?q=GOAL_keep"));
    assertEquals(1, total("?q=100%25"));
    assertEquals(0, total("?q=goalxkeeper"));
    assertEquals(0, total("?q=%5C"));
    assertEquals(1, total("?tag=save"));
    assertEquals(1, total("?tag=%23SAVE"));
    assertEquals(0, total("?tag=sav"));
    assertEquals(1, total("?approval=pending&q=tor"));
    assertEquals(2, total("?min_score=0.5"));
    assertEquals(0, total("?min_score=0.51"));
    assertEquals(2, total("?from=2026-11-20T12:00:00.5Z&to=2026-11-20T12:00:01Z"));
    assertEquals(0, total("?to=2026-11-20T12:00:00.5Z"));
    assertEquals(0, total("?from=2026-11-20T12:00:00.500001Z"));
    assertEquals(clip.id().toString(), firstBy("title"));
    assertEquals(other.id().toString(), firstBy("-title"));
    for (String refused :
        List.of(
            "?sort=size",
            "?approval=yes",
            "?min_score=2",
            "?from=yesterday",
            "?deleted=maybe",
            "?q=",
            "?q=%00",
            "?q=" + "x".repeat(256),
            "?from=%25")) {
      expectError(ErrorCode.BAD_REQUEST, server.get("/api/clips" + refused, user.token()));
    }
  }

  private String firstBy(String sort) {
    return expect(200, server.get("/api/clips?sort=" + sort, user.token()))
        .getJsonArray("data")
        .getJsonObject(0)
        .getString("id");
  }

  private Clip foreignClip() throws IOException {
    User stranger = server.user();
    UUID strange = UUID.fromString(server.stream(stranger).getString("id"));
    return server.sealedClip(stranger, strange, new byte[] {9});
  }

  private JsonObject batch(String what, JsonArray ids) {
    return expect(
        200,
        server.post("/api/clips/batch/" + what, user.token(), new JsonObject().put("ids", ids)));
  }

  private static JsonArray ids(UUID... ids) {
    JsonArray array = new JsonArray();
    for (UUID id : ids) {
      array.add(id.toString());
    }
    return array;
  }

  /** In the order asked, which the server need not keep. */
  private List<UUID> sorted(JsonObject answer, String field) {
    List<UUID> got =
        answer.getJsonArray(field).stream().map(id -> UUID.fromString((String) id)).toList();
    return got.stream()
        .sorted(java.util.Comparator.comparing((UUID id) -> !id.equals(clip.id())))
        .toList();
  }

  private int total(String query) {
    return expect(200, server.get("/api/clips" + query, user.token())).getInteger("total");
  }

  private HttpResponse<Buffer> change(String body) {
    return change(body, "*");
  }

  private HttpResponse<Buffer> change(String body, String ifMatch) {
    return server.send(
        HttpMethod.PATCH,
        path(""),
        user.token(),
        new JsonObject(body),
        Map.of("If-Match", ifMatch));
  }

  private HttpResponse<Buffer> post(String route) {
    return server.send(HttpMethod.POST, path(route), user.token());
  }

  private JsonObject get(String route) {
    return expect(200, server.get(path(route), user.token()));
  }

  private String path(String route) {
    return "/api/clips/" + clip.id() + route;
  }

  private ClipEvent next() throws InterruptedException {
    ClipEvent event = events.poll(10, TimeUnit.SECONDS);
    assertNotNull(event, "no news");
    return event;
  }
}
