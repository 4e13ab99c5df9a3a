package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpHandler;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.verticles.fetch.MediaServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams that a node pulls from a server of the test's own; clips of them are judged. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class PullTest {
  private static final TestCard CARD =
      TestCard.builder().size(160, 120).gop(30).bFrames(2).cardId(21).start(1_000_000).build();

  /** Four seconds before 33 bits of 90 kHz begin anew. */
  private static final long BEFORE_WRAP_US = (1L << 33) * 100 / 9 - 4_000_000;

  private Path folder;
  private TestNode node;
  private TestUser user;
  private MediaServer server;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    server = new MediaServer();
    Files.createDirectories(folder.resolve("films"));
    node =
        TestNode.start(
            folder,
            Map.of(
                "HALCYON_INGEST_PULL_ALLOW", "127.0.0.1",
                "HALCYON_INGEST_PULL_FOLDER", folder.resolve("films").toString(),
                "HALCYON_INGEST_PULL_RETRY_MS", "100",
                "HALCYON_JOBS_SOURCES_HOSTS", "pages.test",
                "HALCYON_JOBS_SOURCES_TOOL_PATH", folder.toString()));
    user = node.user();
  }

  @AfterAll
  void stop() throws Exception {
    node.close();
    server.close();
  }

  private TestStream pull(String url, String pace) {
    JsonObject body =
        new JsonObject()
            .put("name", "pulled")
            .put("source", JsonObject.of("type", "pull", "url", url, "pace", pace))
            .put(
                "settings",
                new JsonObject()
                    .put("ring", JsonObject.of("capacity_bytes", 16 << 20, "capacity_s", 120))
                    .put("detection", JsonObject.of("enabled", false)));
    var answer = user.post("/api/streams", body);
    assertEquals(201, answer.statusCode(), () -> TestUser.error(answer));
    return user.follow(new JsonObject(Buffer.buffer(answer.body())));
  }

  private void serve(String path, byte[] body) {
    server.on(path, MediaServer.giving(200, "application/octet-stream", body));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Frames 20 to 49, each once, in time with the sound. */
  private void assertClip(TestStream stream, CardSegments card, long epochUs) {
    long fromUs = epochUs + card.framePtsUs(20) - 5_000;
    long toUs = epochUs + card.framePtsUs(50) - 5_000;
    Deadline.until("media to " + toUs, () -> stream.heldToUs() > toUs + 100_000);
    JsonObject clip = stream.ready(stream.request(fromUs, toUs));
    CardPush.assertFrames(20, 49, user.judge(clip));
  }

  /** Two programmes behind each other, the second one encrypted, in a master playlist. */
  @Test
  void aFinishedHlsStreamIsClippedToTheFrameOnBothSidesOfADiscontinuity() throws Exception {
    CardSegments first = CardSegments.ts(CARD, 3_000_000, folder);
    TestCard other = TestCard.builder().size(176, 144).gop(30).cardId(22).start(500_000).build();
    CardSegments second = CardSegments.ts(other, 3_000_000, folder);
    byte[] key = bytes("sixteen byte key");
    StringBuilder list = new StringBuilder("#EXTM3U\n#EXT-X-TARGETDURATION:1\n");
    for (int i = 0; i < first.segments().size(); i++) {
      serve("/hls/a" + i + ".ts", first.segments().get(i));
      list.append("#EXTINF:1,\na").append(i).append(".ts\n");
    }
    list.append("#EXT-X-DISCONTINUITY\n#EXT-X-KEY:METHOD=AES-128,URI=\"key\"\n");
    serve("/hls/key", key);
    for (int i = 0; i < second.segments().size(); i++) {
      long sequence = (long) first.segments().size() + i;
      serve("/hls/b" + i + ".ts", encrypted(second.segments().get(i), key, sequence));
      list.append("#EXTINF:1,\nb").append(i).append(".ts\n");
    }
    serve("/hls/media.m3u8", bytes(list + "#EXT-X-ENDLIST\n"));
    serve(
        "/hls/index.m3u8",
        bytes(
            "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=9,RESOLUTION=9x9\nno.m3u8\n"
                + "#EXT-X-STREAM-INF:BANDWIDTH=99,RESOLUTION=160x120\nmedia.m3u8\n"));
    TestStream stream = pull(server.uri("/hls/index.m3u8").toString(), "full");
    Deadline.until("two epochs", () -> ranges(stream).size() == 2);
    assertClip(stream, first, 0);
    JsonArray ranges = ranges(stream);
    long epochUs = ranges.getJsonObject(1).getLong("from_us");
    long gapUs = epochUs - ranges.getJsonObject(0).getLong("to_us");
    assertTrue(gapUs < 1_500_000, () -> "a gap of " + gapUs + " us");
    assertClip(stream, second, epochUs);
    Deadline.until("the end", () -> stream.row().getString("status").equals("idle"));
    assertEquals("unpublished", stream.await("stream.ended").getString("reason"));
  }

  private static byte[] encrypted(byte[] segment, byte[] key, long sequence) throws Exception {
    byte[] iv = ByteBuffer.allocate(16).putLong(8, sequence).array();
    Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
    return cipher.doFinal(segment);
  }

  private static JsonArray ranges(TestStream stream) {
    return stream.health().getJsonObject("ring").getJsonArray("ranges");
  }

  /** The playlist grows under the reader; the stamps begin anew on the way. */
  @Test
  void aLiveHlsStreamIsFollowedFromItsEdgeAndOverTheWrapOfItsClock() throws Exception {
    TestCard card =
        TestCard.builder().size(160, 120).gop(30).cardId(23).start(BEFORE_WRAP_US).build();
    CardSegments segments = CardSegments.ts(card, 7_000_000, folder);
    AtomicReference<String> list = new AtomicReference<>(live(0, 3));
    server.on(
        "/live/index.m3u8",
        exchange ->
            MediaServer.giving(200, "application/vnd.apple.mpegurl", bytes(list.get()))
                .handle(exchange));
    for (int i = 0; i < segments.segments().size(); i++) {
      serve("/live/" + i + ".ts", segments.segments().get(i));
    }
    TestStream stream = pull(server.uri("/live/index.m3u8").toString(), "real_time");
    Deadline.until("the edge", () -> server.requests().contains("/live/2.ts"));
    assertFalse(server.requests().contains("/live/1.ts"), "it began before the edge");
    for (int end = 4; end <= segments.segments().size(); end++) {
      String newest = "/live/" + (end - 1) + ".ts";
      list.set(live(end - 3, end));
      Deadline.until(newest, () -> server.requests().contains(newest));
    }
    long frames60Us = segments.framePtsUs(60);
    Deadline.until("all of it", () -> stream.heldToUs() > segments.framePtsUs(200) - frames60Us);
    assertEquals(1, ranges(stream).size(), () -> ranges(stream).encode());
    long fromUs = segments.framePtsUs(100) - frames60Us;
    JsonObject clip = stream.ready(stream.request(fromUs - 5_000, fromUs + 2_000_000 - 5_000));
    Verdict verdict = user.judge(clip);
    Verdict.Pictures pictures = verdict.pictures().orElseThrow();
    assertEquals(List.of(), verdict.faults(5_000), verdict::toString);
    assertTrue(Math.abs(pictures.firstFrame() - 100) <= 3, verdict::toString);
    assertEquals(60, pictures.presentedFrames(), verdict::toString);
    list.set(live(4, 7) + "#EXT-X-ENDLIST\n");
    Deadline.until("the end", () -> stream.row().getString("status").equals("idle"));
  }

  private static String live(int from, int end) {
    StringBuilder list = new StringBuilder("#EXTM3U\n#EXT-X-TARGETDURATION:1\n");
    list.append("#EXT-X-MEDIA-SEQUENCE:").append(from).append('\n');
    for (int i = from; i < end; i++) {
      list.append("#EXTINF:1,\n").append(i).append(".ts\n");
    }
    return list.toString();
  }

  @Test
  void fragmentedMp4IsTakenWithItsInitialization() throws Exception {
    CardSegments card = CardSegments.fragmentedMp4(CARD, 3_000_000, folder);
    serve("/fmp4/init.mp4", card.head().toArray());
    StringBuilder list =
        new StringBuilder("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MAP:URI=\"init.mp4\"\n");
    for (int i = 0; i < card.segments().size(); i++) {
      serve("/fmp4/" + i + ".m4s", card.segments().get(i));
      list.append("#EXTINF:1,\n").append(i).append(".m4s\n");
    }
    serve("/fmp4/index.m3u8", bytes(list + "#EXT-X-ENDLIST\n"));
    TestStream stream = pull(server.uri("/fmp4/index.m3u8").toString(), "full");
    assertClip(stream, card, 0);
  }

  /** Its index is at its end: the demuxer goes there, by range. */
  @Test
  void aFileIsPulledOverHttpAndFromTheFolder() throws Exception {
    Path film = folder.resolve("films/film.mp4");
    TestCardFile.write(CARD, 3_000_000, film);
    byte[] bytes = Files.readAllBytes(film);
    server.on("/film.mp4", ranged(bytes));
    CardSegments card = CardSegments.ts(CARD, 100_000, folder);
    assertClip(pull(server.uri("/film.mp4").toString(), "full"), card, 0);
    assertTrue(
        server.requests().stream().anyMatch(request -> request.startsWith("/film.mp4 bytes=")));
    long startNs = System.nanoTime();
    TestStream paced = pull("file:///film.mp4", "real_time");
    assertClip(paced, card, 0);
    assertTrue(System.nanoTime() - startNs > 1_500_000_000L, "it was not taken as it plays");
  }

  /** By range; and the first answer breaks off in the middle. */
  private static HttpHandler ranged(byte[] file) {
    AtomicInteger answers = new AtomicInteger();
    return exchange -> {
      String range = exchange.getRequestHeaders().getFirst("Range");
      int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
      exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, file.length - from);
      boolean isBroken = answers.incrementAndGet() == 3;
      int length = isBroken ? (file.length - from) / 2 : file.length - from;
      exchange.getResponseBody().write(file, from, length);
      if (isBroken) {
        throw new IOException("broken off on purpose");
      }
    };
  }

  /** What streamlink finds is connected to like any other address. */
  @Test
  void thePageOfAStreamIsAskedOfStreamlink() throws Exception {
    CardSegments card = CardSegments.ts(CARD, 2_000_000, folder);
    serve("/found/0.ts", card.segments().getFirst());
    serve("/found/1.ts", card.segments().getLast());
    serve(
        "/found/index.m3u8",
        bytes("#EXTM3U\n#EXTINF:1,\n0.ts\n#EXTINF:1,\n1.ts\n#EXT-X-ENDLIST\n"));
    Path tool = folder.resolve("streamlink");
    Files.writeString(tool, "#!/bin/sh\necho " + server.uri("/found/index.m3u8") + "\n");
    assertTrue(tool.toFile().setExecutable(true));
    assertClip(pull("https://pages.test/somebody", "full"), card, 0);
  }

  @Test
  void whatMayNotBeConnectedToSaysSoAndIsLeftAlone() {
    server.on(
        "/inside",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "http://169.254.169.254/latest/");
          exchange.sendResponseHeaders(302, -1);
        });
    serve("/evil.m3u8", bytes("#EXTM3U\n#EXTINF:1,\nhttp://169.254.169.254/a.ts\n"));
    for (String url :
        List.of(
            server.uri("/evil.m3u8").toString(),
            "http://169.254.169.254/latest/meta-data",
            "http://[::1]:" + server.port() + "/film.mp4",
            server.uri("/inside").toString(),
            "file:///../data/secret",
            "file:///" + folder.resolve("data/secret"))) {
      TestStream stream = pull(url, "full");
      Deadline.until(url, () -> stream.row().getString("status").equals("error"));
      String why = stream.row().getString("last_error");
      assertTrue(why.matches(".*(not on the public internet|no such file|outside).*"), why);
    }
    JsonObject other =
        new JsonObject()
            .put("name", "x")
            .put("source", JsonObject.of("type", "pull", "url", "gopher://127.0.0.1/"));
    assertEquals(415, user.post("/api/streams", other).statusCode());
  }

  /** Who pushes takes its place, where it may, and is left alone by the pull. */
  @Test
  void comesBackWhenThePublisherThatTookItsPlaceHasLeft() throws Exception {
    TestCardFile.write(CARD, 60_000_000, folder.resolve("films/long.mp4"));
    TestStream stream = pull("file:///long.mp4", "real_time");
    stream.await("stream.started");
    JsonObject replacing = new JsonObject().put("takeover", "replace");
    user.patch(stream.path(), new JsonObject().put("settings", replacing));
    CardPush push = CardPush.realTime(stream, CARD);
    try {
      assertEquals("disconnected", stream.await("stream.ended").getString("reason"));
      Deadline.until("the push", () -> stream.said("stream.started").size() == 2);
      stream.awaitHeld(stream.heldToUs() + 2_000_000);
      assertEquals(2, stream.said("stream.started").size(), "the pull threw the push out");
    } finally {
      push.close();
    }
    Deadline.until("the pull again", () -> stream.said("stream.started").size() == 3);
    assertEquals(204, user.send("DELETE", stream.path()).statusCode());
  }

  @Test
  void comesBackWhenTheSourceDoesAndStopsWhenItIsPaused() throws Exception {
    CardSegments card = CardSegments.ts(CARD, 2_000_000, folder);
    AtomicInteger asked = new AtomicInteger();
    server.on(
        "/camera.ts",
        exchange -> {
          if (asked.incrementAndGet() < 3) {
            exchange.sendResponseHeaders(503, -1);
            return;
          }
          exchange.sendResponseHeaders(200, 0);
          for (byte[] segment : card.segments()) {
            exchange.getResponseBody().write(segment);
          }
        });
    TestStream stream = pull(server.uri("/camera.ts").toString(), "real_time");
    Deadline.until("an error", () -> stream.row().getString("last_error") != null);
    assertEquals("127.0.0.1 answered 503", stream.row().getString("last_error"));
    stream.await("stream.started");
    assertEquals("the source broke off", stream.await("stream.ended").getString("reason"));
    Deadline.until("another connection", () -> asked.get() > 3);
    assertEquals(200, user.send("POST", stream.path() + "/pause").statusCode());
    assertEquals("stopped", stream.row().getString("status"));
    int before = asked.get();
    assertEquals(200, user.send("POST", stream.path() + "/resume").statusCode());
    Deadline.until("another connection", () -> asked.get() > before);
    assertEquals(204, user.send("DELETE", stream.path()).statusCode());
  }
}
