package dev.halcyon.verticles.api;

import static dev.halcyon.verticles.api.TestServer.expect;
import static dev.halcyon.verticles.api.TestServer.expectError;
import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.api.TestServer.User;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.SharedDatabase;
import dev.halcyon.verticles.upload.SourceUploads;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedDatabase.class)
class UploadApiTest {
  private static final String TYPE = "video/mp4";

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
  void aVideoThatCurlPutsIsLookedIntoAndCanBeOpened() throws Exception {
    Path video = folder.resolve("card.mp4");
    TestCardFile.write(TestCard.builder().size(320, 180).build(), 1_000_000, video);
    JsonObject agreed = presign("/home/ada/My card.mp4", TYPE, Files.size(video));
    String key = agreed.getString("file_key");
    assertEquals("PUT", agreed.getString("method"));
    assertTrue(key.startsWith(user.workspaceId() + "/uploads/"), key);
    expectError(ErrorCode.NOT_READY, confirm(user, key));

    Process curl =
        new ProcessBuilder(
                "curl",
                "-sS",
                "-T",
                video.toString(),
                "-H",
                "Content-Type: " + TYPE,
                "-H",
                "Expect: 100-continue",
                agreed.getString("upload_url"))
            .redirectErrorStream(true)
            .start();
    String said = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, curl.waitFor(), said);
    assertEquals("received", new JsonObject(said).getString("status"), said);

    JsonObject confirmed = expect(200, confirm(user, key));
    assertEquals("confirmed", confirmed.getString("status"));
    assertEquals("My card.mp4", confirmed.getString("filename"));
    JsonObject media = confirmed.getJsonObject("media");
    assertTrue(Math.abs(media.getLong("duration_us") - 1_000_000) < 50_000, media::encode);
    assertEquals(320, media.getJsonObject("picture").getInteger("display_width_px"));
    assertEquals(confirmed, expect(200, confirm(user, key)), "asked once more");

    SourceUploads files = server.parts.uploads();
    assertEquals("My card.mp4", files.open(user.workspaceId(), key).name());
    assertEquals(-1, Files.mismatch(video, files.open(user.workspaceId(), key).path()));
    expectError(ErrorCode.UPLOAD_CLOSED, put(agreed, Files.readAllBytes(video), TYPE));
    User stranger = server.user();
    expectError(ErrorCode.NOT_FOUND, confirm(stranger, key));
    String stolen = key.replace(user.workspaceId().toString(), stranger.workspaceId().toString());
    expectError(ErrorCode.NOT_FOUND, confirm(stranger, stolen));
    assertThrows(HalcyonException.class, () -> files.open(stranger.workspaceId(), stolen));

    server.clock.advance(Duration.ofDays(2));
    await(files.sweep());
    assertEquals(-1, Files.mismatch(video, files.open(user.workspaceId(), key).path()));
    server.clock.advance(Duration.ofDays(8));
    await(files.sweep());
    assertThrows(HalcyonException.class, () -> files.open(user.workspaceId(), key));
    assertEquals(List.of(), stored());
  }

  @Test
  void takesOnlyWhatWasAgreedOn() throws Exception {
    byte[] bytes = new byte[1_000];
    JsonObject agreed = presign("a.mp4", TYPE, bytes.length);
    String url = agreed.getString("upload_url");
    expectError(ErrorCode.FORBIDDEN, put(agreed, new byte[999], TYPE));
    expectError(ErrorCode.FORBIDDEN, put(agreed, new byte[1_001], TYPE));
    expectError(ErrorCode.FORBIDDEN, put(agreed, bytes, "video/webm"));
    expectError(ErrorCode.FORBIDDEN, put(url.replaceFirst("exp=\\d", "exp=9"), bytes, TYPE));
    expectError(ErrorCode.FORBIDDEN, put(url.replaceFirst("sig=.", "sig=!"), bytes, TYPE));
    expectError(ErrorCode.FORBIDDEN, put(url.replaceFirst("\\?.*", ""), bytes, TYPE));
    String other = presign("b.mp4", TYPE, bytes.length).getString("upload_url");
    String crossed = other.replaceFirst("\\?.*", "") + url.substring(url.indexOf('?'));
    expectError(ErrorCode.FORBIDDEN, put(crossed, bytes, TYPE));
    assertEquals(List.of(), stored());

    server.clock.advance(Duration.ofMinutes(61));
    expectError(ErrorCode.UPLOAD_EXPIRED, put(agreed, bytes, TYPE));
    server.clock.advance(Duration.ofHours(24));
    await(server.parts.uploads().sweep());
    HalcyonException gone =
        assertThrows(
            HalcyonException.class,
            () ->
                await(
                    server
                        .parts
                        .uploads()
                        .confirm(user.workspaceId(), agreed.getString("file_key"))));
    assertEquals(ErrorCode.NOT_FOUND, gone.code());
  }

  @Test
  void aPutThatBreaksOffLeavesNothingAndCanBeRepeated() throws Exception {
    byte[] bytes = "no video at all".repeat(20_000).getBytes(StandardCharsets.UTF_8);
    JsonObject agreed = presign("a.mp4", "video/mp4", bytes.length);
    URI url = URI.create(agreed.getString("upload_url"));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      OutputStream out = socket.getOutputStream();
      String head =
          "PUT %s?%s HTTP/1.1\r\nHost: here\r\nContent-Type: video/mp4\r\nContent-Length: %d\r\n\r\n"
              .formatted(url.getRawPath(), url.getRawQuery(), bytes.length);
      out.write(head.getBytes(StandardCharsets.UTF_8));
      out.write(bytes, 0, bytes.length / 2);
      out.flush();
      until(() -> !unfinished().isEmpty());
    }
    until(() -> unfinished().isEmpty());
    assertEquals(List.of(), stored());
    expectError(ErrorCode.NOT_READY, confirm(user, agreed.getString("file_key")));

    assertEquals("received", expect(200, put(agreed, bytes, TYPE)).getString("status"));
    assertEquals(1, stored().size());
    HttpResponse<Buffer> refused = confirm(user, agreed.getString("file_key"));
    assertTrue(refused.statusCode() == 415 || refused.statusCode() == 422, refused::bodyAsString);
    HttpResponse<Buffer> again = confirm(user, agreed.getString("file_key"));
    assertEquals(
        refused.bodyAsJsonObject().getJsonObject("error").getString("message"),
        again.bodyAsJsonObject().getJsonObject("error").getString("message"));
    until(() -> stored().isEmpty());
  }

  @Test
  void whatDidNotGetItsPlaceCanBePutAgain() throws Exception {
    JsonObject agreed = presign("a.mp4", TYPE, 10);
    String key = agreed.getString("file_key");
    Path place = folder.resolve("uploads").resolve(key.substring(key.lastIndexOf('/') + 1));
    Path inTheWay = Files.createDirectories(place.resolve("in the way"));
    assertEquals(500, put(agreed, new byte[10], TYPE).statusCode());
    expectError(ErrorCode.NOT_READY, confirm(user, key));
    Files.delete(inTheWay);
    Files.delete(place);
    assertEquals("received", expect(200, put(agreed, new byte[10], TYPE)).getString("status"));
    expectError(ErrorCode.UPLOAD_CLOSED, put(agreed, new byte[10], TYPE));
    until(() -> unfinished().isEmpty());
  }

  @Test
  void refusesWhatIsTooMuch() {
    expectError(ErrorCode.MEDIA_TOO_LARGE, asked("a.mp4", TYPE, (2L << 30) + 1));
    expectError(ErrorCode.BAD_REQUEST, asked("a.pdf", "application/pdf", 10));
    expectError(ErrorCode.BAD_REQUEST, asked("a.mp4", TYPE, 0));
    expectError(ErrorCode.BAD_REQUEST, asked("a\nb", TYPE, 1));
    for (int i = 0; i < 20; i++) {
      expect(200, asked("a.mp4", "Video/MP4", 10));
    }
    expectError(ErrorCode.LIMIT_REACHED, asked("a.mp4", TYPE, 10));
    expect(
        200,
        server.post(
            "/api/upload/presign",
            server.user().token(),
            new JsonObject()
                .put("filename", "a.mp4")
                .put("content_type", TYPE)
                .put("size_bytes", 10)));
    server.clock.advance(Duration.ofMinutes(61));
    await(server.parts.uploads().expect(user.workspaceId(), user.id(), "late.mp4", TYPE, 10));
  }

  private JsonObject presign(String name, String type, long bytes) {
    return expect(200, asked(name, type, bytes));
  }

  private HttpResponse<Buffer> asked(String name, String type, long bytes) {
    return server.post(
        "/api/upload/presign",
        user.token(),
        new JsonObject().put("filename", name).put("content_type", type).put("size_bytes", bytes));
  }

  private HttpResponse<Buffer> confirm(User who, String key) {
    return server.post("/api/upload/confirm", who.token(), new JsonObject().put("file_key", key));
  }

  private HttpResponse<Buffer> put(JsonObject agreed, byte[] bytes, String type) {
    return put(agreed.getString("upload_url"), bytes, type);
  }

  private HttpResponse<Buffer> put(String url, byte[] bytes, String type) {
    return await(
        WebClient.create(server.vertx)
            .putAbs(url)
            .putHeader("Content-Type", type)
            .sendBuffer(Buffer.buffer(bytes)));
  }

  private List<Path> stored() {
    return filesIn(folder.resolve("uploads"));
  }

  private List<Path> unfinished() {
    return filesIn(folder.resolve("uploads").resolve(".unfinished"));
  }

  private static List<Path> filesIn(Path dir) {
    try (Stream<Path> files = Files.list(dir)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void until(BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertFalse(System.nanoTime() > deadlineNs, "it never came to be");
      Thread.onSpinWait();
    }
  }
}
