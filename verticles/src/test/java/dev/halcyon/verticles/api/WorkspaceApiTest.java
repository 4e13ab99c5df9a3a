package dev.halcyon.verticles.api;

import static dev.halcyon.verticles.api.TestServer.expect;
import static dev.halcyon.verticles.api.TestServer.expectError;
import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.access.Role;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.derive.DerivedFile;
import dev.halcyon.core.clip.derive.DerivedForm;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.verticles.api.TestServer.User;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.DerivedStore;
import dev.halcyon.verticles.store.SharedDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedDatabase.class)
class WorkspaceApiTest {
  private static final String RETENTION = "/api/workspace/retention";

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

  private void derived(Clip clip, long sizeBytes) {
    DerivedForm form = new DerivedForm.Remuxed(DerivedForm.Container.MKV);
    DerivedFile file =
        new DerivedFile(
            clip.id(),
            1,
            form,
            BlobKey.fresh(clip.workspaceId(), clip.id(), form.extension()).text(),
            sizeBytes,
            "0".repeat(64),
            Optional.empty(),
            server.clock.now());
    assertEquals(
        new DerivedStore.Kept.Now(Optional.empty()), await(server.parts.derived().put(file)));
  }

  @Test
  void tellsWhatTheWorkspaceTakes() throws IOException {
    JsonObject empty = storage();
    assertEquals(0, empty.getJsonObject("clips").getLong("bytes"));
    assertEquals(0, empty.getJsonObject("rings").getLong("count"));
    JsonObject made = server.stream(user);
    UUID stream = UUID.fromString(made.getString("id"));
    derived(server.sealedClip(user, stream, new byte[1_000]), 30);
    Clip deleted = server.sealedClip(user, stream, new byte[300]);
    derived(deleted, 4);
    server.requestedClip(user, stream, UUID.randomUUID());
    server.send(HttpMethod.DELETE, "/api/clips/" + deleted.id(), user.token());

    User stranger = server.user();
    UUID strange = UUID.fromString(server.stream(stranger).getString("id"));
    server.sealedClip(stranger, strange, new byte[7]);

    JsonObject full = storage();
    assertEquals(
        new JsonObject()
            .put("count", 2)
            .put("versions", 1)
            .put("bytes", 1_030)
            .put("derived_files", 1)
            .put("derived_bytes", 30)
            .put("faults", 0),
        full.getJsonObject("clips"));
    assertEquals(new JsonObject().put("count", 1).put("bytes", 304), full.getJsonObject("deleted"));
    long capacity = made.getJsonObject("settings").getJsonObject("ring").getLong("capacity_bytes");
    assertEquals(
        new JsonObject().put("count", 1).put("capacity_bytes", capacity).encode(),
        full.getJsonObject("rings").encode());
  }

  @Test
  void keepsClipsForEverUntilTheOwnerSaysOtherwise() {
    JsonObject byDefault = expect(200, server.get(RETENTION, user.token()));
    assertNull(byDefault.getInteger("days"));
    assertNull(byDefault.getLong("max_bytes"));
    assertTrue(byDefault.getBoolean("keep_approved"));
    JsonObject wanted =
        new JsonObject()
            .put("days", 30)
            .put("max_bytes", 5_000_000_000L)
            .put("keep_approved", false);
    assertEquals(wanted, expect(200, set(user.token(), wanted)));
    assertEquals(wanted, expect(200, server.get(RETENTION, user.token())));
    JsonObject cleared = expect(200, set(user.token(), new JsonObject().putNull("days")));
    assertNull(cleared.getInteger("days"));
    assertNull(cleared.getLong("max_bytes"));
    User other = server.user();
    assertNull(expect(200, server.get(RETENTION, other.token())).getInteger("days"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Role.class,
      names = {"VIEWER", "EDITOR", "ADMIN"})
  void onlyOwnersDecideWhatIsDeleted(Role role) {
    await(
        server
            .parts
            .database()
            .pool()
            .preparedQuery("UPDATE workspace_members SET role = $2 WHERE user_id = $1")
            .execute(Tuple.of(user.id(), role.wire())));
    JsonObject session =
        expect(
            200,
            server.post(
                "/api/auth/login",
                Optional.empty(),
                new JsonObject().put("email", user.email()).put("password", "correct horse")));
    Optional<String> token = Optional.of(session.getString("access_token"));
    expectError(ErrorCode.FORBIDDEN, set(token, new JsonObject().put("days", 1)));
    expect(200, server.get(RETENTION, token));
    expect(200, server.get("/api/workspace/storage", token));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"days\":0}",
        "{\"days\":36501}",
        "{\"days\":1.5}",
        "{\"max_bytes\":0}",
        "{\"max_bytes\":\"1\"}",
        "{\"keep_approved\":null}",
        "{\"keep\":true}",
      })
  void refusesWhatIsNoPolicy(String body) {
    expectError(ErrorCode.BAD_REQUEST, set(user.token(), new JsonObject(body)));
  }

  @Test
  void asksWhoCalls() {
    expectError(ErrorCode.UNAUTHORIZED, set(Optional.empty(), new JsonObject()));
    expectError(ErrorCode.UNAUTHORIZED, server.get("/api/workspace/storage", Optional.empty()));
  }

  private JsonObject storage() {
    return expect(200, server.get("/api/workspace/storage", user.token()));
  }

  private HttpResponse<Buffer> set(Optional<String> token, JsonObject policy) {
    return server.send(HttpMethod.PUT, RETENTION, token, policy, Map.of());
  }
}
