package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.verticles.ingest.rtmp.ForeignTool;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clips that are watched while their window is open, from a push over RTMP to what is shown. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class GrowingClipTest {
  private static final int REORDER_FRAMES = 2;
  private static final long MAX_SKEW_US = 5_000;

  private static final TestCard CARD =
      TestCard.builder().size(640, 360).gop(60).bFrames(REORDER_FRAMES).cardId(41).build();

  @TempDir private static Path folder;

  private TestNode node;
  private TestUser user;
  private TestStream stream;
  private CardPush push;

  @BeforeAll
  void publish() throws Exception {
    node = TestNode.start(folder, Map.of());
    user = node.user();
    stream = user.quietStream();
    push = CardPush.realTime(stream, CARD);
    stream.awaitHeld(4_000_000);
  }

  @AfterAll
  void stop() throws Exception {
    push.close();
    node.close();
  }

  private JsonObject playable(String id) {
    return stream.await("clip.playable", clip -> clip.getString("id").equals(id));
  }

  /** A window from before now into the future. */
  private String request(long beforeUs, long afterUs) {
    long nowUs = stream.heldToUs();
    return stream.request(nowUs - beforeUs, nowUs + afterUs);
  }

  /**
   * Begins with the very picture that the sealed clip begins with; ends with its last one, or with
   * one of those before it that need no picture from behind the end.
   */
  private void assertShows(JsonObject sealed, Verdict seen) {
    JsonObject contract = TestUser.contract(sealed);
    int first = push.firstFrameFrom(contract.getLong("requested_start_us"));
    int last = push.firstFrameFrom(contract.getLong("requested_end_us")) - 1;
    Verdict.Pictures pictures = seen.pictures().orElseThrow();
    assertEquals(List.of(), seen.faults(MAX_SKEW_US), seen::toString);
    assertEquals(first, pictures.firstFrame(), seen::toString);
    assertEquals(0, pictures.ptsUs().getFirst(), seen::toString);
    assertTrue(pictures.lastFrame() <= last, seen::toString);
    assertTrue(pictures.lastFrame() >= last - REORDER_FRAMES, seen::toString);
    assertTrue(seen.skew().isPresent(), "sound was compared with pictures");
  }

  @Test
  void tellsEachStateInTurnAndKeepsItInTheRow() {
    String id = request(1_500_000, 2_500_000);
    JsonObject opened = stream.await("clip.opened", clip -> clip.getString("id").equals(id));
    assertEquals("opened", opened.getString("status"));
    assertEquals(200, user.send("GET", "/api/clips/" + id).statusCode());
    JsonObject playable = playable(id);
    assertEquals("playable", playable.getString("status"));
    assertEquals("playable", user.client().clip(id).getString("status"));
    assertEquals(425, user.send("GET", "/api/clips/" + id + "/download").statusCode());
    JsonObject ready = stream.ready(id);
    assertEquals("sealed", ready.getString("status"));
    List<String> states =
        stream.saidOf(id).stream().map(message -> message.getString("type")).toList();
    assertEquals(List.of("clip.opened", "clip.playable", "clip.ready"), states);
  }

  @Test
  void tellsEachStateOfAWindowInThePastToo() {
    String id = stream.request(1_000_000, 2_000_000);
    stream.ready(id);
    List<String> states =
        stream.saidOf(id).stream().map(message -> message.getString("type")).toList();
    assertEquals(List.of("clip.opened", "clip.playable", "clip.ready"), states);
  }

  @Test
  void isWatchedWhileItGrowsAndFromTheSameAddressWhenItIsWhole() throws Exception {
    String id = request(1_700_000, 3_300_000);
    String url = playable(id).getString("play_url");
    Verdict seen;
    try (Watched viewer = user.watch(url, "Range", "bytes=0-")) {
      assertEquals(200, viewer.status());
      assertEquals("video/mp4", viewer.header("Content-Type"));
      assertEquals("none", viewer.header("Accept-Ranges"));
      assertEquals("no-store", viewer.header("Cache-Control"));
      assertEquals("chunked", viewer.header("Transfer-Encoding"));
      assertEquals("", viewer.header("ETag"));
      Deadline.until("the first bytes", () -> viewer.bytes() > 50_000);
      assertTrue(viewer.isOn());
      assertEquals(0, stream.said("clip.ready", id).size());
      seen = viewer.judge();
    }
    JsonObject sealed = stream.ready(id);
    assertShows(sealed, seen);
    Deadline.until("the row", () -> user.send("HEAD", url).statusCode() == 200);
    HttpResponse<byte[]> part = user.send("GET", url, "Range", "bytes=0-99");
    assertEquals(206, part.statusCode());
    String etag = '"' + TestUser.contract(sealed).getString("sha256") + '"';
    assertEquals(etag, part.headers().firstValue("ETag").orElse(""));
    assertEquals("bytes", part.headers().firstValue("Accept-Ranges").orElse(""));
    push.assertExact(sealed, user.judge(sealed));
  }

  @Test
  void answersHeadLikeGetButWithoutABody() {
    String id = request(1_000_000, 3_000_000);
    String url = playable(id).getString("play_url");
    HttpResponse<byte[]> head = user.send("HEAD", url);
    assertEquals(200, head.statusCode());
    assertEquals("none", head.headers().firstValue("Accept-Ranges").orElse(""));
    assertEquals(0, head.body().length);
    assertEquals(401, user.watch("/api/clips/" + id + "/media.mp4").status());
    stream.ready(id);
  }

  @Test
  void opensOverlappingWindowsToManyViewersAtOnce() throws Exception {
    List<String> ids = new ArrayList<>();
    List<Watched> viewers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ids.add(request(500_000 + i * 310_000L, 1_500_000 + i * 200_000L));
    }
    for (String id : ids) {
      String url = playable(id).getString("play_url");
      viewers.add(user.watch(url));
      viewers.add(user.watch(url));
    }
    for (int i = 0; i < viewers.size(); i++) {
      assertShows(stream.ready(ids.get(i / 2)), viewers.get(i).judge());
    }
    Deadline.until("no viewer", () -> node.metric("halcyon_clip_viewers") == 0);
  }

  @Test
  void sendsASlowViewerNoMoreThanItTakesAndAllOfIt() throws Exception {
    String id = request(2_500_000, 2_000_000);
    long pauseNs = TimeUnit.MILLISECONDS.toNanos(15);
    try (Watched slow = user.watch(playable(id).getString("play_url"), pauseNs)) {
      Verdict seen = slow.judge();
      assertShows(stream.ready(id), seen);
    }
  }

  @Test
  void forgetsAViewerWhoLeaves() throws Exception {
    String id = request(1_000_000, 4_000_000);
    String url = playable(id).getString("play_url");
    Watched viewer = user.watch(url);
    Deadline.until("the first bytes", () -> viewer.bytes() > 20_000);
    double before = node.metric("halcyon_clip_viewers");
    assertTrue(before >= 1);
    viewer.close();
    Deadline.until("one viewer less", () -> node.metric("halcyon_clip_viewers") < before);
    assertNotEquals("in order", viewer.failure());
    JsonObject sealed = stream.ready(id);
    push.assertExact(sealed, user.judge(sealed));
  }

  @Test
  void holdsARequestForAWindowThatIsAboutToBegin() throws Exception {
    long nowUs = stream.heldToUs();
    String id = stream.request(nowUs + 1_500_000, nowUs + 3_200_000);
    String url =
        stream.await("clip.opened", clip -> clip.getString("id").equals(id)).getString("play_url");
    assertEquals(0, stream.said("clip.playable", id).size());
    try (Watched viewer = user.watch(url)) {
      assertEquals(200, viewer.status());
      assertTrue(stream.heldToUs() >= nowUs + 1_500_000);
      Verdict seen = viewer.judge();
      assertShows(stream.ready(id), seen);
    }
  }

  @Test
  void saysWhenToComeBackForAWindowFarAhead() {
    long nowUs = stream.heldToUs();
    String id = stream.request(nowUs + 30_000_000, nowUs + 40_000_000);
    HttpResponse<byte[]> early = user.send("GET", "/api/clips/" + id + "/media.mp4");
    assertTrue(TestUser.error(early).startsWith("425 NOT_READY"), () -> TestUser.error(early));
    long waitS = Long.parseLong(early.headers().firstValue("Retry-After").orElse("0"));
    assertTrue(waitS > 20 && waitS <= 30, () -> "after " + waitS + " s");
    assertEquals(204, user.send("DELETE", "/api/clips/" + id).statusCode());
  }

  @Test
  void playsInDebiansFfmpeg() throws Exception {
    ForeignTool.require("ffmpeg", "-version");
    String id = request(1_900_000, 2_300_000);
    String url = user.url(playable(id).getString("play_url"));
    Path copy = folder.resolve("ffmpeg.mkv");
    String errors =
        ForeignTool.run(folder, "ffmpeg", "-v", "error", "-i", url, "-c", "copy", copy.toString());
    assertEquals("", errors);
    assertTrue(Files.size(copy) > 50_000);
    stream.ready(id);
  }

  @Test
  void makesAClipOfAllThatTheRingHolds() {
    JsonObject clip = stream.ready(stream.request(new JsonObject().put("last_s", 3_600)));
    JsonObject contract = TestUser.contract(clip);
    assertTrue(contract.getBoolean("clamped"), contract::encode);
    assertFalse(user.judge(clip).pictures().isEmpty());
  }

  /** The playlist, once there is one. */
  private String playlist(String url) {
    HttpResponse<byte[]> answer = user.send("GET", url);
    assertEquals(200, answer.statusCode(), () -> TestUser.error(answer));
    assertEquals(
        "application/vnd.apple.mpegurl", answer.headers().firstValue("Content-Type").orElse(""));
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static long segments(String playlist) {
    return playlist.lines().filter(line -> line.startsWith("#EXTINF:")).count();
  }

  @Test
  void isFollowedByAPlaylistThatOnlyGrowsAndEnds() {
    String id = request(1_900_000, 4_100_000);
    String url = playable(id).getString("hls_url");
    String first = playlist(url);
    assertTrue(first.contains("#EXT-X-PLAYLIST-TYPE:EVENT\n"), first);
    assertFalse(first.contains("#EXT-X-ENDLIST"), first);
    AtomicReference<String> seen = new AtomicReference<>(first);
    Deadline.until(
        "its end",
        () -> {
          String next = playlist(url);
          assertTrue(next.startsWith(seen.get()), () -> next + " after " + seen.get());
          seen.set(next);
          return next.contains("#EXT-X-ENDLIST");
        });
    String whole = seen.get();
    assertTrue(segments(whole) >= 2 && segments(whole) > segments(first), whole);
    JsonObject sealed = stream.ready(id);
    assertNull(sealed.getString("hls_url"));
    assertEquals(whole, playlist(url), "to be followed to its end");
  }

  @Test
  void isFollowedByDebiansFfmpeg() throws Exception {
    ForeignTool.require("ffmpeg", "-version");
    String id = request(1_900_000, 4_300_000);
    String url = user.url(playable(id).getString("hls_url"));
    Path copy = folder.resolve("followed.mkv");
    String errors =
        ForeignTool.run(
            folder,
            "ffmpeg",
            "-v",
            "error",
            "-live_start_index",
            "0",
            "-i",
            url,
            "-c",
            "copy",
            copy.toString());
    assertEquals("", errors);
    JsonObject contract = TestUser.contract(stream.ready(id));
    Verdict.Pictures seen = TestCardJudge.judge(copy).pictures().orElseThrow();
    int first = push.firstFrameFrom(contract.getLong("requested_start_us"));
    int last = push.firstFrameFrom(contract.getLong("requested_end_us")) - 1;
    assertEquals(first / 60 * 60, seen.firstFrame(), "the keyframe before the clip");
    assertEquals(List.of(), seen.missing());
    assertTrue(seen.lastFrame() <= last && seen.lastFrame() >= last - REORDER_FRAMES);
    Matcher start = Pattern.compile("TIME-OFFSET=([0-9.]+),").matcher(playlist(playlistPath(id)));
    assertTrue(start.find());
    long offsetUs = Math.round(Double.parseDouble(start.group(1)) * 1e6);
    long leadUs = push.framePtsUs(first) - push.framePtsUs(seen.firstFrame());
    assertTrue(Math.abs(leadUs - offsetUs) <= 2_000, () -> offsetUs + " of " + leadUs);
  }

  private static String playlistPath(String id) {
    return "/api/clips/" + id + "/index.m3u8";
  }

  @Test
  void letsOnlyThoseFollowWhoMayWatch() {
    String id = request(1_900_000, 2_500_000);
    String url = playable(id).getString("hls_url");
    String segment =
        playlist(url).lines().filter(line -> line.startsWith("hls/")).findFirst().orElseThrow();
    String base = "/api/clips/" + id + "/";
    assertEquals(200, user.watch(base + segment).status());
    assertEquals(401, user.watch(base + segment.replaceAll("\\?.*", "")).status());
    assertEquals(401, user.watch(playlistPath(id)).status());
    TestUser stranger = node.user();
    assertEquals(404, stranger.send("GET", playlistPath(id)).statusCode());
    assertEquals(404, stranger.send("GET", base + "hls/init.mp4").statusCode());
    for (String wrong : List.of("hls/999.m4s", "hls/x.m4s", "hls/init.mp5", "hls/-1.m4s")) {
      assertEquals(404, user.send("GET", base + wrong).statusCode(), wrong);
    }
    stream.ready(id);
  }

  @Test
  void leadsToTheWholeClipWhenNobodyFollowedIt() {
    String id = stream.request(1_000_000, 2_000_000);
    stream.ready(id);
    Deadline.until(
        "the row", () -> user.send("GET", "/api/clips/" + id + "/download").statusCode() == 200);
    Deadline.until("not made any more", () -> redirected(id).statusCode() == 302);
    String location = redirected(id).headers().firstValue("Location").orElseThrow();
    assertTrue(location.startsWith("/api/clips/" + id + "/media.mp4?exp="), location);
    assertEquals(200, user.watch(location).status());
  }

  private HttpResponse<byte[]> redirected(String id) {
    return user.send("GET", playlistPath(id));
  }
}
