package dev.halcyon.verticles.api;

import static dev.halcyon.verticles.api.TestServer.expect;
import static dev.halcyon.verticles.api.TestServer.expectError;
import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.api.TestServer.User;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.SharedDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedDatabase.class)
class MediaApiTest {
  private static final String ETAG = '"' + TestServer.SHA256 + '"';

  @TempDir Path folder;
  private final byte[] content = new byte[100_000];
  private TestServer server;
  private User user;
  private UUID stream;
  private Clip clip;

  @BeforeEach
  void start(Database database) throws IOException {
    new Random(1).nextBytes(content);
    server = TestServer.start(database, folder);
    user = server.user();
    stream = UUID.fromString(server.stream(user).getString("id"));
    clip = server.sealedClip(user, stream, content);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void sendsTheWholeFileAsAnAttachment() {
    HttpResponse<Buffer> whole = download(Map.of());
    assertEquals(200, whole.statusCode());
    assertArrayEquals(content, whole.body().getBytes());
    assertEquals("video/mp4", whole.getHeader("Content-Type"));
    assertEquals("bytes", whole.getHeader("Accept-Ranges"));
    assertEquals(ETAG, whole.getHeader("ETag"));
    assertEquals(
        "attachment; filename=\"Tor! _1_0_.mp4\"; filename*=UTF-8''Tor!%20_1_0_.mp4",
        whole.getHeader("Content-Disposition"));
    HttpResponse<Buffer> played = server.get(path("media.mp4"), user.token());
    assertArrayEquals(content, played.body().getBytes());
    assertTrue(played.getHeader("Content-Disposition").startsWith("inline"));
  }

  @Test
  void sendsTheAskedPart() {
    assertPart("bytes=0-0", 0, 1);
    assertPart("bytes=500-1499", 500, 1_500);
    assertPart("bytes=99990-", 99_990, 100_000);
    assertPart("bytes=-10", 99_990, 100_000);
    assertPart("bytes=99990-200000", 99_990, 100_000);
  }

  @Test
  void refusesAPartBehindTheEnd() {
    HttpResponse<Buffer> answer = download(Map.of("Range", "bytes=100000-"));
    expectError(ErrorCode.RANGE_NOT_SATISFIABLE, answer);
    assertEquals("bytes */100000", answer.getHeader("Content-Range"));
  }

  @Test
  void sendsAllWhenSeveralPartsAreAskedFor() {
    assertEquals(200, download(Map.of("Range", "bytes=0-1,4-5")).statusCode());
  }

  @Test
  void sendsAPartOnlyOfTheFileThatTheClientKnows() {
    String range = "bytes=0-9";
    assertEquals(206, download(Map.of("Range", range, "If-Range", ETAG)).statusCode());
    assertEquals(200, download(Map.of("Range", range, "If-Range", "\"other\"")).statusCode());
    assertEquals(200, download(Map.of("Range", range, "If-Range", "W/" + ETAG)).statusCode());
    assertEquals(
        200,
        download(Map.of("Range", range, "If-Range", "Fri, 20 Nov 2026 12:00:00 GMT")).statusCode());
  }

  @Test
  void sendsNothingToAClientThatHasTheFile() {
    HttpResponse<Buffer> answer = download(Map.of("If-None-Match", "\"x\", W/" + ETAG));
    assertEquals(304, answer.statusCode());
    assertNull(answer.body());
    assertEquals(ETAG, answer.getHeader("ETag"));
    assertEquals(200, download(Map.of("If-None-Match", "\"x\"")).statusCode());
  }

  @Test
  void knowsWhenTheFileWasMade() {
    String modified = download(Map.of()).getHeader("Last-Modified");
    String earlier = "Fri, 20 Nov 2020 12:00:00 GMT";
    assertEquals(304, download(Map.of("If-Modified-Since", modified)).statusCode());
    assertEquals(200, download(Map.of("If-Modified-Since", earlier)).statusCode());
    assertEquals(200, download(Map.of("If-Modified-Since", "yesterday")).statusCode());
    assertEquals(
        200,
        download(Map.of("If-Modified-Since", modified, "If-None-Match", "\"x\"")).statusCode());
    assertEquals(200, download(Map.of("If-Unmodified-Since", modified)).statusCode());
    expectError(ErrorCode.PRECONDITION_FAILED, download(Map.of("If-Unmodified-Since", earlier)));
    assertEquals(206, download(Map.of("Range", "bytes=0-9", "If-Range", modified)).statusCode());
    assertEquals(200, download(Map.of("Range", "bytes=0-9", "If-Range", earlier)).statusCode());
  }

  @Test
  void refusesAnotherFileThanTheClientWants() {
    assertEquals(200, download(Map.of("If-Match", "\"x\", " + ETAG)).statusCode());
    assertEquals(200, download(Map.of("If-Match", "*")).statusCode());
    expectError(ErrorCode.PRECONDITION_FAILED, download(Map.of("If-Match", "W/" + ETAG)));
    expectError(ErrorCode.PRECONDITION_FAILED, download(Map.of("If-Match", "\"x\"")));
  }

  @Test
  void answersHeadWithoutABody() {
    HttpResponse<Buffer> head = server.send(HttpMethod.HEAD, path("download"), user.token());
    assertEquals(200, head.statusCode());
    assertEquals("100000", head.getHeader("Content-Length"));
    assertEquals(ETAG, head.getHeader("ETag"));
    assertNull(head.body());
    HttpRequest<Buffer> known = server.request(HttpMethod.HEAD, path("download"), user.token());
    assertEquals(304, await(known.putHeader("If-None-Match", ETAG).send()).statusCode());
    HttpRequest<Buffer> part = server.request(HttpMethod.HEAD, path("download"), user.token());
    assertEquals(200, await(part.putHeader("Range", "bytes=0-9").send()).statusCode());
  }

  @Test
  void opensWithTheSignedUrlAlone() {
    JsonObject json = expect(200, server.get("/api/clips/" + clip.id(), user.token()));
    String download = json.getString("download_url");
    assertEquals(200, server.get(download, Optional.empty()).statusCode());
    assertEquals(200, server.get(json.getString("play_url"), Optional.empty()).statusCode());
    HttpResponse<Buffer> poster = server.get(json.getString("poster_url"), Optional.empty());
    assertArrayEquals(new byte[] {1, 2, 3}, poster.body().getBytes());
    assertEquals("image/jpeg", poster.getHeader("Content-Type"));
    String version = json.getJsonArray("versions").getJsonObject(0).getString("download_url");
    assertEquals(200, server.get(version, Optional.empty()).statusCode());
    expectError(
        ErrorCode.NOT_FOUND, server.get(version.replace("version=1", "version=2"), user.token()));

    expectError(
        ErrorCode.UNAUTHORIZED,
        server.get(download.replace("/download", "/media.mp4"), Optional.empty()));
    expectError(
        ErrorCode.UNAUTHORIZED, server.get(download.replace("exp=", "exp=9"), Optional.empty()));
    expectError(
        ErrorCode.UNAUTHORIZED, server.get(download.replace("sig=", "sig=x"), Optional.empty()));
    expectError(ErrorCode.UNAUTHORIZED, server.get(path("download"), Optional.empty()));
    server.clock.advance(Duration.ofHours(26));
    expectError(ErrorCode.UNAUTHORIZED, server.get(download, Optional.empty()));
  }

  @Test
  void waitsForAPosterInTheMaking() throws IOException {
    BlobKey key = BlobKey.parse(clip.workspaceId(), clip.posterKey().orElseThrow());
    byte[] picture = Files.readAllBytes(server.blobs.fileOf(key));
    server.blobs.delete(key);
    CompletableFuture<HttpResponse<Buffer>> answer =
        CompletableFuture.supplyAsync(() -> server.get(path("poster.jpg"), user.token()));
    assertThrows(TimeoutException.class, () -> answer.get(500, TimeUnit.MILLISECONDS));
    Path staged = server.blobs.stage(key);
    Files.write(staged, picture);
    server.blobs.commit(staged, key);
    assertArrayEquals(picture, answer.join().body().getBytes());
  }

  @Test
  void saysThatAPosterIsGoneWhenItDoesNotCome() throws IOException {
    server.blobs.deleteClip(user.workspaceId(), clip.id());
    expectError(ErrorCode.NOT_FOUND, server.get(path("poster.jpg"), user.token()));
  }

  @Test
  void asksToComeBackUntilTheClipIsSealed() {
    Clip open = server.requestedClip(user, stream, UUID.randomUUID());
    for (String name : new String[] {"download", "media.mp4", "poster.jpg"}) {
      HttpResponse<Buffer> answer =
          server.get("/api/clips/" + open.id() + "/" + name, user.token());
      expectError(ErrorCode.NOT_READY, answer);
      assertEquals("1", answer.getHeader("Retry-After"));
    }
  }

  @Test
  void saysThatAFormIsBeingMade() {
    for (String name :
        new String[] {
          "download?format=mkv",
          "download?format=gif",
          "strip.vtt",
          "strip.jpg",
          "poster.jpg?format=webp"
        }) {
      HttpResponse<Buffer> answer = server.get(path(name), user.token());
      assertEquals("making", expect(202, answer).getString("status"), name);
      assertEquals("2", answer.getHeader("Retry-After"), name);
      assertEquals("no-store", answer.getHeader("Cache-Control"), name);
    }
    // A poster is no worse for being a JPEG.
    assertEquals(
        "image/jpeg",
        server
            .get(path("poster.jpg"), user.token(), Map.of("Accept", "image/webp,*/*"))
            .getHeader("Content-Type"));
    server.node.refusal.set(new HalcyonException(ErrorCode.RATE_LIMITED, "too much waits"));
    HttpResponse<Buffer> refused = server.get(path("download?format=ts"), user.token());
    expectError(ErrorCode.RATE_LIMITED, refused);
    assertEquals("1", refused.getHeader("Retry-After"));
  }

  @Test
  void saysWhyAFailedClipHasNoFile() {
    Clip failed =
        server.requestedClip(user, stream, UUID.randomUUID()).failed("the ring was overrun");
    await(server.parts.clips().update(failed));
    String message =
        expectError(
            ErrorCode.NOT_FOUND,
            server.get("/api/clips/" + failed.id() + "/download", user.token()));
    assertTrue(message.contains("the ring was overrun"), message);
  }

  @Test
  void saysWhenTheFileIsGone() throws IOException {
    server.blobs.deleteClip(user.workspaceId(), clip.id());
    expectError(ErrorCode.NOT_FOUND, download(Map.of()));
  }

  private void assertPart(String range, int from, int to) {
    HttpResponse<Buffer> part = download(Map.of("Range", range));
    assertEquals(206, part.statusCode(), range);
    assertEquals(
        "bytes " + from + "-" + (to - 1) + "/100000", part.getHeader("Content-Range"), range);
    assertEquals(Integer.toString(to - from), part.getHeader("Content-Length"), range);
    assertArrayEquals(Arrays.copyOfRange(content, from, to), part.body().getBytes(), range);
  }

  private HttpResponse<Buffer> download(Map<String, String> headers) {
    return server.get(path("download"), user.token(), headers);
  }

  private String path(String name) {
    return "/api/clips/" + clip.id() + "/" + name;
  }
}
