package dev.halcyon.verticles.api;

import static dev.halcyon.verticles.api.TestServer.expect;
import static dev.halcyon.verticles.api.TestServer.expectError;
import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.access.Network;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.verticles.access.ShareKeys;
import dev.halcyon.verticles.access.TrustedProxies;
import dev.halcyon.verticles.api.TestServer.User;
import dev.halcyon.verticles.store.ClipPurges;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.ShareLink;
import dev.halcyon.verticles.store.ShareStore;
import dev.halcyon.verticles.store.SharedDatabase;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedDatabase.class)
class ShareApiTest {
  @TempDir Path folder;
  private final byte[] content = new byte[200_000];
  private TestServer server;
  private User user;
  private UUID stream;
  private Clip clip;

  @BeforeEach
  void start(Database database) throws IOException {
    new Random(3).nextBytes(content);
    server =
        TestServer.start(
            database,
            folder,
            new ApiOptions(
                "127.0.0.1",
                0,
                Set.of(),
                Set.of(),
                100,
                new TrustedProxies(List.of(Network.parse("127.0.0.1"))),
                Optional.empty(),
                new ShareOptions(Duration.ofDays(2))));
    user = server.user();
    stream = UUID.fromString(server.stream(user).getString("id"));
    clip = server.sealedClip(user, stream, content);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void showsTheClipToAnybodyWithTheLink() {
    JsonObject link = share("{}");
    String base = "http://127.0.0.1:" + server.port() + "/api/share/" + link.getString("id");
    assertTrue(link.getString("url").startsWith(base + "/media.mp4?exp="), link::encode);
    assertEquals(3, link.getInteger("max_downloads"));
    assertEquals(0, link.getDouble("downloads"));
    HttpResponse<Buffer> played = get(link, "url");
    assertEquals(200, played.statusCode());
    assertArrayEquals(content, played.body().getBytes());
    assertEquals("video/mp4", played.getHeader("Content-Type"));
    assertTrue(played.getHeader("Content-Disposition").startsWith("inline"));
    HttpResponse<Buffer> downloaded = get(link, "download_url");
    assertArrayEquals(content, downloaded.body().getBytes());
    assertTrue(downloaded.getHeader("Content-Disposition").startsWith("attachment"));

    JsonObject seen = expect(200, about(link));
    assertEquals("Tor! \"1:0\"", seen.getString("title"));
    assertEquals(content.length, seen.getLong("size_bytes"));
    assertEquals(2, seen.getDouble("downloads"));
    assertNull(seen.getString("workspace_id"));
    assertNull(seen.getString("clip_id"));
    assertEquals(200, server.get(seen.getString("play_url"), Optional.empty()).statusCode());
  }

  @Test
  void isGoodForSoManyDownloadsAndNoMore() {
    JsonObject link = share("{\"max_downloads\":2}");
    assertEquals(200, get(link, "url").statusCode());
    assertEquals(200, get(link, "download_url").statusCode());
    String message = expectError(ErrorCode.SHARE_USED_UP, get(link, "url"));
    assertTrue(message.contains("2 downloads"), message);
    expectError(ErrorCode.SHARE_USED_UP, get(link, "url", "Range", "bytes=0-99999"));
    expectError(ErrorCode.SHARE_USED_UP, about(link));
    JsonObject listed = list().getJsonArray("data").getJsonObject(0);
    assertEquals(2, listed.getDouble("downloads"));
    assertNotNull(listed.getString("last_used_at"));
  }

  /** As players do: a look at the first bytes, the file in parts, a part once more. */
  @Test
  void countsThePartsOfOnePlayingAsOne() {
    JsonObject link = share("{\"max_downloads\":1}");
    assertEquals(206, get(link, "url", "Range", "bytes=0-1").statusCode());
    for (int from = 0; from < content.length; from += 50_000) {
      HttpResponse<Buffer> part =
          get(link, "url", "Range", "bytes=" + from + "-" + (from + 49_999));
      assertEquals(206, part.statusCode());
      assertArrayEquals(Arrays.copyOfRange(content, from, from + 50_000), part.body().getBytes());
    }
    assertEquals(206, get(link, "url", "Range", "bytes=-100").statusCode());
    expectError(ErrorCode.SHARE_USED_UP, get(link, "url"));
  }

  @Test
  void chargesNothingForAnswersWithoutAFile() {
    JsonObject link = share("{\"max_downloads\":1}");
    String etag = '"' + TestServer.SHA256 + '"';
    for (int i = 0; i < 5; i++) {
      String path = path(link.getString("url"));
      assertEquals(200, server.send(HttpMethod.HEAD, path, Optional.empty()).statusCode());
      assertEquals(304, get(link, "url", "If-None-Match", etag).statusCode());
      expectError(ErrorCode.RANGE_NOT_SATISFIABLE, get(link, "url", "Range", "bytes=900000-"));
    }
    assertEquals(0, expect(200, about(link)).getDouble("downloads"));
    assertEquals(200, get(link, "url").statusCode());
  }

  @Test
  void requestsAtTheSameTimeCannotOverdraw() {
    JsonObject link = share("{\"max_downloads\":3}");
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      answers.add(CompletableFuture.supplyAsync(() -> get(link, "url").statusCode()));
    }
    List<Integer> codes = answers.stream().map(CompletableFuture::join).sorted().toList();
    assertEquals(3, codes.stream().filter(code -> code == 200).count(), codes::toString);
    assertEquals(9, codes.stream().filter(code -> code == 410).count(), codes::toString);
  }

  @Test
  void takesBackWhatAClientDidNotWaitFor() throws IOException {
    byte[] large = new byte[48 << 20];
    clip = server.sealedClip(user, stream, large);
    JsonObject link = share("{\"max_downloads\":1}");
    URI url = URI.create(link.getString("url"));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String request =
          "GET " + url.getRawPath() + "?" + url.getRawQuery() + " HTTP/1.1\r\nHost: x\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      assertEquals(1_000, in.readNBytes(1_000).length);
      assertTrue(downloads() > 0.99, () -> "charged before it is sent: " + downloads());
    }
    until(() -> downloads() < 0.9);
    assertTrue(downloads() > 0, "what was sent stays charged");
  }

  @Test
  void refusesWhatWasNotMadeHere() {
    JsonObject link = share("{}");
    JsonObject other = share("{}");
    String url = path(link.getString("url"));
    for (String forged :
        List.of(
            url.replace("exp=", "exp=9"),
            url.substring(0, url.length() - 2),
            url.substring(0, url.indexOf("&sig")),
            url.substring(0, url.indexOf('?')),
            url.replace(link.getString("id"), other.getString("id")),
            url.replace(link.getString("id"), UUID.randomUUID().toString()),
            url.replace(link.getString("id"), "x"))) {
      expectError(ErrorCode.SHARE_INVALID, server.get(forged, Optional.empty()));
      expectError(ErrorCode.SHARE_INVALID, server.get(forged, user.token()));
    }
  }

  @Test
  void endsWithItsTime() {
    JsonObject link = share("{\"expires_s\":60}");
    assertEquals(200, get(link, "url").statusCode());
    server.clock.advance(Duration.ofSeconds(61));
    expectError(ErrorCode.SHARE_EXPIRED, get(link, "url"));
    expectError(ErrorCode.SHARE_EXPIRED, about(link));
  }

  @Test
  void worksFromTheBoundAddressOnly() {
    JsonObject link = share("{\"bind_address\":\"2001:db8::7\",\"max_downloads\":9}");
    assertEquals("2001:db8:0:0:0:0:0:7", link.getString("bind_address"));
    expectError(ErrorCode.SHARE_ADDRESS, get(link, "url"));
    expectError(
        ErrorCode.SHARE_ADDRESS, get(link, "url", "X-Forwarded-For", "2001:db8::7, 192.0.2.1"));
    assertEquals(200, get(link, "url", "X-Forwarded-For", "192.0.2.1, 2001:DB8:0::7").statusCode());
    JsonObject own = share("{\"bind_address\":\"127.0.0.1\"}");
    assertEquals(200, get(own, "url").statusCode());
    expectError(ErrorCode.SHARE_ADDRESS, get(own, "url", "X-Forwarded-For", "192.0.2.1"));
  }

  @Test
  void isListedAndTakenBack() {
    JsonObject first = share("{}");
    server.clock.advance(Duration.ofSeconds(1));
    JsonObject second = share("{}");
    JsonObject listed = list();
    assertEquals(2, listed.getInteger("total"));
    assertEquals(second, listed.getJsonArray("data").getJsonObject(0));
    String path = "/api/clips/" + clip.id() + "/shares/" + first.getString("id");
    assertEquals(204, server.send(HttpMethod.DELETE, path, user.token()).statusCode());
    assertEquals(204, server.send(HttpMethod.DELETE, path, user.token()).statusCode());
    expectError(ErrorCode.SHARE_REVOKED, get(first, "url"));
    assertEquals(200, get(second, "url").statusCode());
    assertNotNull(list().getJsonArray("data").getJsonObject(1).getString("revoked_at"));
  }

  @Test
  void goesAndComesWithItsClip(Database database) {
    JsonObject link = share("{}");
    server.send(HttpMethod.DELETE, "/api/clips/" + clip.id(), user.token());
    expectError(ErrorCode.CLIP_NOT_FOUND, get(link, "url"));
    server.send(HttpMethod.POST, "/api/clips/" + clip.id() + "/restore", user.token());
    assertEquals(200, get(link, "url").statusCode());
    server.send(HttpMethod.DELETE, "/api/clips/" + clip.id(), user.token());
    await(new ClipPurges(database.pool()).purge(server.clock.now(), server.clock.now(), 1_000));
    expectError(ErrorCode.CLIP_NOT_FOUND, get(link, "url"));
  }

  @Test
  void keysAreRotatedUnderARunningServer() throws IOException {
    JsonObject link = share("{}");
    ShareKeys.rotate(folder.resolve("share-keys"));
    server.parts.shareKeys().refresh();
    assertEquals(200, get(link, "url").statusCode());
    ShareKeys.replace(folder.resolve("share-keys"));
    server.parts.shareKeys().refresh();
    expectError(ErrorCode.SHARE_INVALID, get(link, "url"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"expires_s\":59}",
        "{\"expires_s\":172801}",
        "{\"max_downloads\":0}",
        "{\"max_downloads\":1001}",
        "{\"bind_address\":\"localhost\"}",
        "{\"bind_address\":\"10.0.0.0/8\"}",
        "{\"bind_adress\":\"10.0.0.1\"}",
        "{\"version\":0}",
      })
  void refusesLinksThatMakeNoSense(String body) {
    expectError(ErrorCode.BAD_REQUEST, create(clip, user, new JsonObject(body)));
  }

  @Test
  void sharesOnlyWhatIsThere() {
    Clip open = server.requestedClip(user, stream, UUID.randomUUID());
    expectError(ErrorCode.NOT_READY, create(open, user, new JsonObject()));
    expectError(ErrorCode.NOT_FOUND, create(clip, user, new JsonObject().put("version", 2)));
    HttpResponse<Buffer> bare =
        server.send(HttpMethod.POST, "/api/clips/" + clip.id() + "/share", user.token());
    assertEquals(3, expect(201, bare).getInteger("max_downloads"));
  }

  @Test
  void anotherWorkspaceSharesNothing() {
    JsonObject link = share("{}");
    User stranger = server.user();
    String path = "/api/clips/" + clip.id();
    expectError(ErrorCode.CLIP_NOT_FOUND, create(clip, stranger, new JsonObject()));
    expectError(ErrorCode.CLIP_NOT_FOUND, server.get(path + "/shares", stranger.token()));
    expectError(
        ErrorCode.NOT_FOUND,
        server.send(HttpMethod.DELETE, path + "/shares/" + link.getString("id"), stranger.token()));
    assertEquals(200, get(link, "url").statusCode());
    expectError(
        ErrorCode.UNAUTHORIZED, server.post(path + "/share", Optional.empty(), new JsonObject()));
  }

  @Test
  void aClipHasOnlySoManyLinks() {
    for (int i = 0; i < ShareOptions.MAX_LINKS; i++) {
      share("{}");
    }
    expectError(ErrorCode.LIMIT_REACHED, create(clip, user, new JsonObject()));
  }

  @Test
  void aClipHasNoMoreLinksHoweverManyAreMadeAtOnce(Database database) {
    ShareStore shares = new ShareStore(database.pool());
    UUID first = UUID.fromString(share("{}").getString("id"));
    ShareLink link = await(shares.any(first)).orElseThrow();
    List<Future<Optional<ShareLink>>> asked =
        IntStream.range(0, 40).mapToObj(i -> shares.create(another(link), 3)).toList();
    assertEquals(2, asked.stream().map(SharedDatabase::await).filter(Optional::isPresent).count());
    assertEquals(3, list().getInteger("total"));
  }

  private static ShareLink another(ShareLink link) {
    return new ShareLink(
        UUID.randomUUID(),
        link.workspaceId(),
        link.clipId(),
        link.version(),
        link.sizeBytes(),
        link.boundAddress(),
        link.maxDownloads(),
        link.chargedBytes(),
        link.createdBy(),
        link.createdAt(),
        link.expiresAt(),
        link.lastUsedAt(),
        link.revokedAt());
  }

  private double downloads() {
    return list().getJsonArray("data").getJsonObject(0).getDouble("downloads");
  }

  private JsonObject list() {
    return expect(200, server.get("/api/clips/" + clip.id() + "/shares", user.token()));
  }

  private JsonObject share(String body) {
    return expect(201, create(clip, user, new JsonObject(body)));
  }

  private HttpResponse<Buffer> create(Clip shared, User by, JsonObject body) {
    return server.post("/api/clips/" + shared.id() + "/share", by.token(), body);
  }

  private HttpResponse<Buffer> about(JsonObject link) {
    return server.get(path(link.getString("url")).replace("/media.mp4", ""), Optional.empty());
  }

  private HttpResponse<Buffer> get(JsonObject link, String url) {
    return server.get(path(link.getString(url)), Optional.empty());
  }

  private HttpResponse<Buffer> get(JsonObject link, String url, String header, String value) {
    HttpRequest<Buffer> request =
        server.request(HttpMethod.GET, path(link.getString(url)), Optional.empty());
    return await(request.putHeader(header, value).send());
  }

  private static String path(String url) {
    return url.substring(url.indexOf("/api/"));
  }

  private static void until(BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadlineNs, "does not come");
      Thread.onSpinWait();
    }
  }
}
