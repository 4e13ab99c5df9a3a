package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.verticles.blob.s3.S3Server;
import dev.halcyon.verticles.blob.s3.S3Wire;
import dev.halcyon.verticles.blob.s3.S3Wire.Harm;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A whole node that keeps its clips in a bucket. */
@ExtendWith(S3Server.Shared.class)
@Timeout(120)
class S3NodeTest {
  private static final TestCard CARD =
      TestCard.builder().size(320, 180).gop(30).bFrames(2).cardId(17).build();

  @TempDir private Path folder;
  private final Map<String, String> settings = new HashMap<>();
  private S3Wire wire;
  private TestNode node;
  private TestUser user;
  private TestStream stream;

  @BeforeEach
  void prepare(S3Server s3) {
    wire = new S3Wire(s3);
    settings.put("HALCYON_BLOB_URL", "s3://" + s3.bucket() + "/clips");
    settings.put("HALCYON_BLOB_S3_ENDPOINT", wire.endpoint().toString());
    settings.put("HALCYON_BLOB_S3_PATH_STYLE", "true");
    settings.put("HALCYON_BLOB_S3_ACCESS_KEY", S3Server.ACCESS_KEY);
    settings.put("HALCYON_BLOB_S3_SECRET_KEY", S3Server.SECRET_KEY);
    settings.put("HALCYON_CLIPS_STRIP", "false"); // Two files a clip, then: itself and its poster.
  }

  @AfterEach
  void stop() throws IOException {
    if (node != null) {
      node.close();
    }
    wire.close();
  }

  private void start() throws Exception {
    node = TestNode.start(folder, settings);
    user = node.user();
    stream = user.quietStream();
  }

  @Test
  void clipsAreMadeWithoutTheStoreAndLiveOnInIt() throws Exception {
    settings.put("HALCYON_CLIPS_UNDO_S", "0");
    settings.put("HALCYON_CLIPS_HOUSEKEEPING_S", "1");
    wire.down();
    start();
    JsonObject clip;
    byte[] content;
    try (CardPush push = CardPush.realTime(stream, CARD)) {
      stream.awaitHeld(3_000_000);
      clip = stream.ready(stream.request(800_000, 2_200_000));
      push.assertExact(clip, user.judge(clip));
      content = user.send("GET", clip.getString("download_url")).body();
    }
    awaitPoster(clip);
    Deadline.until("the caution", () -> cautions().contains("does not answer as it should"));
    assertEquals("ready", node.manage("GET", "/ready").getString("status"));
    Deadline.until("its note", () -> node.manage("GET", "/uploads").getInteger("waiting") == 2);
    assertEquals("uploading", storage(clip));
    assertEquals(0, node.metric("halcyon_blob_store_up"));
    assertEquals(2, node.metric("halcyon_blob_uploads_waiting"));

    wire.up();
    Deadline.until("its arrival", () -> retried() == 0 && storage(clip).equals("remote"));
    assertEquals("", cautions());
    assertEquals(2, node.manage("POST", "/uploads?mode=evict").getInteger("evicted"));
    assertEquals(List.of(), node.clipFiles());
    assertServed(clip, content);
    assertVerified(clip);
    assertEquals(0, node.manage("POST", "/sweep?mode=repair").getInteger("orphans"));
    assertGoneWithTheClip(clip);
  }

  /** How many files wait; the pauses after failures are cut short. */
  private int retried() {
    return node.manage("POST", "/uploads?mode=retry").getInteger("waiting");
  }

  private String cautions() {
    return node.manage("GET", "/ready").getJsonArray("cautions", new JsonArray()).stream()
        .map(String::valueOf)
        .filter(text -> text.contains("blob.s3"))
        .findFirst()
        .orElse("");
  }

  private String storage(JsonObject clip) {
    return user.client()
        .clip(clip.getString("id"))
        .getJsonArray("versions")
        .getJsonObject(0)
        .getString("storage");
  }

  private void awaitPoster(JsonObject clip) {
    String poster = user.client().clip(clip.getString("id")).getString("poster_url");
    Deadline.until("the poster", () -> user.send("GET", poster).statusCode() == 200);
  }

  /** From the bucket, through the node. */
  private void assertServed(JsonObject clip, byte[] content) {
    String url = clip.getString("download_url");
    HttpResponse<byte[]> whole = user.send("GET", url);
    assertEquals(200, whole.statusCode());
    assertArrayEquals(content, whole.body());
    String etag = whole.headers().firstValue("ETag").orElseThrow();
    assertEquals('"' + TestUser.contract(clip).getString("sha256") + '"', etag);
    HttpResponse<byte[]> part = user.send("GET", url, "Range", "bytes=1000-4999");
    assertEquals(206, part.statusCode());
    assertArrayEquals(Arrays.copyOfRange(content, 1_000, 5_000), part.body());
    assertEquals(
        "bytes 1000-4999/" + content.length,
        part.headers().firstValue("Content-Range").orElseThrow());
    assertEquals(304, user.send("GET", url, "If-None-Match", etag).statusCode());
    assertEquals(
        content.length,
        user.send("HEAD", url).headers().firstValueAsLong("Content-Length").orElseThrow());
    wire.harm(
        1, new Harm.CutAnswer(content.length / 2), asked -> asked.method().equals(HttpMethod.GET));
    assertArrayEquals(content, user.send("GET", url).body());
    wire.down();
    HttpResponse<byte[]> away = user.send("GET", url);
    assertTrue(
        TestUser.error(away).startsWith("503 STORE_UNAVAILABLE"), () -> TestUser.error(away));
    wire.up();
    awaitPoster(clip);
  }

  private void assertVerified(JsonObject clip) {
    String path = "/api/clips/" + clip.getString("id") + "/verify";
    Deadline.until("the verification", () -> user.send("GET", path).statusCode() == 200);
    JsonObject verification = new JsonObject(Buffer.buffer(user.send("GET", path).body()));
    assertTrue(verification.getBoolean("ok"), verification::encodePrettily);
  }

  private void assertGoneWithTheClip(JsonObject clip) throws IOException {
    assertEquals(204, user.send("DELETE", "/api/clips/" + clip.getString("id")).statusCode());
    Deadline.until(
        "the end of its files",
        () ->
            wire.asked(asked -> asked.method().equals(HttpMethod.DELETE)).stream()
                    .filter(asked -> asked.path().contains(clip.getString("id")))
                    .count()
                == 2);
    assertEquals(List.of(), node.clipFiles());
  }

  @Test
  void sendsClientsToTheStoreWhenToldTo() throws Exception {
    settings.put("HALCYON_BLOB_S3_DOWNLOADS", "redirect");
    start();
    CardPush.fast(stream, CARD, 2_000_000).await();
    JsonObject clip = stream.ready(stream.request(500_000, 1_500_000));
    byte[] content = user.send("GET", clip.getString("download_url")).body();
    awaitPoster(clip);
    Deadline.until("its arrival", () -> node.manage("GET", "/uploads").getInteger("stored") == 2);
    node.manage("POST", "/uploads?mode=evict");
    HttpResponse<byte[]> answer = user.send("GET", clip.getString("download_url"));
    assertEquals(302, answer.statusCode());
    assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElseThrow());
    URI store = URI.create(answer.headers().firstValue("Location").orElseThrow());
    String policy =
        user.send("GET", "/").headers().firstValue("Content-Security-Policy").orElseThrow();
    for (String kind : List.of("img-src", "media-src")) {
      String sources = policy.substring(policy.indexOf(kind)).split(";", 2)[0];
      assertTrue(sources.endsWith(" http://" + store.getAuthority()), policy);
    }
    Path file = folder.resolve("from-the-store.mp4");
    Files.write(file, Links.get(answer.headers().firstValue("Location").orElseThrow()));
    assertArrayEquals(content, Files.readAllBytes(file));
    assertEquals(200, user.send("HEAD", clip.getString("download_url")).statusCode());
    HttpResponse<byte[]> shared =
        user.post("/api/clips/" + clip.getString("id") + "/share", new JsonObject());
    String share = new JsonObject(Buffer.buffer(shared.body())).getString("download_url");
    assertArrayEquals(content, Links.get(share));
  }
}
