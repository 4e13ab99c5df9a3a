package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.verticles.ingest.rtmp.ForeignTool;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a recording is good for once the ring has moved on: clips of it, and ranges of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class RecordedClipsTest {
  private static final TestCard CARD =
      TestCard.builder().size(160, 120).gop(30).bFrames(2).cardId(37).build();

  /** Of the card; the ring holds ten seconds. */
  private static final long LENGTH_US = 24_000_000;

  private static final long MAX_SKEW_US = 5_000;

  private Path folder;
  private TestNode node;
  private TestUser user;
  private TestStream stream;
  private CardPush push;

  @BeforeAll
  void record(@TempDir Path folder) throws Exception {
    this.folder = folder;
    node =
        TestNode.start(
            folder,
            Map.of("HALCYON_CLIP_RECORDED_MAX_S", "15", "HALCYON_RECORDING_DOWNLOAD_MAX_S", "60"));
    user = node.user();
    stream = user.recordedStream();
    push = CardPush.fast(stream, CARD, LENGTH_US);
    push.await();
    Deadline.until(
        "all of it", () -> recorded().getLong("to_us", 0L) >= stream.heldToUs() - 100_000);
    assertTrue(ringFromUs() > 8_000_000, () -> "the ring holds from " + ringFromUs());
  }

  @AfterAll
  void stop() throws Exception {
    push.close();
    node.close();
  }

  private JsonObject recorded() {
    return user.client().get(stream.path() + "/recording");
  }

  private long ringFromUs() {
    return stream.health().getJsonObject("ring").getLong("from_us");
  }

  @Test
  void cutsFromTheRecordingWhatTheRingHasDropped() {
    for (long fromUs : new long[] {0, 1_230_000, 3_456_789}) {
      JsonObject clip = stream.ready(stream.request(fromUs, fromUs + 3_210_000));
      push.assertExact(clip, user.judge(clip));
      String verify = "/api/clips/" + clip.getString("id") + "/verify";
      Deadline.until("the verification", () -> user.send("GET", verify).statusCode() == 200);
      JsonObject verified = user.client().get(verify);
      assertTrue(verified.getBoolean("ok"), verified::encode);
      Deadline.until(
          "its poster", () -> user.send("GET", clip.getString("poster_url")).statusCode() == 200);
    }
  }

  @Test
  void cutsFromTheRecordingAWindowThatTheRingHoldsInPart() {
    long ringFromUs = ringFromUs();
    JsonObject clip = stream.ready(stream.request(ringFromUs - 2_000_000, ringFromUs + 2_000_000));
    push.assertExact(clip, user.judge(clip));
  }

  @Test
  void findsAWindowByTheWallClock() {
    JsonObject range = recorded().getJsonArray("ranges").getJsonObject(0);
    Instant from = Instant.parse(range.getString("from"));
    JsonObject window =
        new JsonObject()
            .put("from", from.plusMillis(1_500).toString())
            .put("to", from.plusMillis(3_500).toString());
    JsonObject clip = stream.ready(stream.request(window));
    push.assertExact(clip, user.judge(clip));
    assertEquals(
        range.getLong("from_us") + 1_500_000,
        TestUser.contract(clip).getLong("requested_start_us"));
  }

  @Test
  void saysWhatBothHoldOfAWindowThatNeitherHolds() {
    String refusal = stream.refusal(TestStream.window(2_000_000, 99_000_000));
    assertTrue(refusal.startsWith("409 RANGE_NOT_HELD"), refusal);
    assertTrue(refusal.contains("held: [" + ringFromUs() + ","), refusal);
    assertTrue(refusal.contains("recorded: [" + recorded().getLong("from_us") + ","), refusal);
  }

  @Test
  void shortensToTheRecordingOnlyWhenAllowed() {
    JsonObject window = TestStream.window(12_000_000, 99_000_000).put("allow_partial", true);
    JsonObject clip = stream.ready(stream.request(window));
    JsonObject contract = TestUser.contract(clip);
    assertTrue(contract.getBoolean("clamped"), contract::encode);
    Verdict verdict = user.judge(clip);
    assertEquals(List.of(), verdict.faults(MAX_SKEW_US), verdict::toString);
    assertEquals(push.firstFrameFrom(12_000_000), verdict.pictures().orElseThrow().firstFrame());
  }

  @Test
  void boundsAClipOfTheRecording() {
    String refusal = stream.refusal(TestStream.window(1_000_000, 17_000_000));
    assertTrue(refusal.startsWith("413 PAYLOAD_TOO_LARGE"), refusal);
    assertTrue(refusal.contains("15 s"), refusal);
  }

  @Test
  void tellsWhatIsRecorded() {
    JsonObject recording = recorded();
    assertEquals(1, recording.getJsonArray("ranges").size(), recording::encode);
    assertEquals(new JsonArray(), recording.getJsonArray("gaps"));
    JsonObject range = recording.getJsonArray("ranges").getJsonObject(0);
    assertEquals(recording.getLong("to_us"), range.getLong("to_us"));
    JsonObject video = range.getJsonArray("tracks").getJsonObject(0);
    assertEquals("video", video.getString("kind"));
    assertTrue(video.getString("codec").startsWith("avc1.4d40"), video::encode);
    assertEquals(160, video.getInteger("width_px"));
    assertEquals(
        48_000, range.getJsonArray("tracks").getJsonObject(1).getInteger("sample_rate_hz"));
    JsonObject file = recording.getJsonArray("files").getJsonObject(0);
    assertEquals(recording.getLong("bytes"), file.getLong("bytes"));
    assertFalse(recording.getBoolean("truncated"));
  }

  private Path fetched(String query) throws IOException {
    HttpResponse<byte[]> answer = user.send("GET", media(query));
    assertEquals(200, answer.statusCode(), () -> TestUser.error(answer));
    Path file = Files.createTempFile(folder, "range", ".mp4");
    Files.write(file, answer.body());
    return file;
  }

  private String media(String query) {
    return stream.path() + "/recording/media.mp4" + query;
  }

  @Test
  void givesAllOfItToDownload() throws Exception {
    Verdict verdict = TestCardJudge.judge(fetched(""));
    assertEquals(List.of(), verdict.faults(MAX_SKEW_US), verdict::toString);
    assertEquals(0, verdict.pictures().orElseThrow().firstFrame());
    assertEquals(LENGTH_US * 30 / 1_000_000, verdict.pictures().orElseThrow().presentedFrames());
  }

  @Test
  void givesARangeExactly() throws Exception {
    Path file = fetched("?from_us=4321000&to_us=9876000");
    Verdict verdict = TestCardJudge.judge(file);
    assertEquals(List.of(), verdict.faults(MAX_SKEW_US), verdict::toString);
    assertEquals(push.firstFrameFrom(4_321_000), verdict.pictures().orElseThrow().firstFrame());
    assertEquals(0, verdict.pictures().orElseThrow().ptsUs().getFirst());
    HttpResponse<byte[]> head = user.send("HEAD", media("?from_us=4321000&to_us=9876000"));
    assertEquals(
        push.framePtsUs(push.firstFrameFrom(4_321_000)),
        Long.parseLong(head.headers().firstValue("X-Start-Us").orElseThrow()));
    assertEquals(Files.size(file), head.headers().firstValueAsLong("Content-Length").orElse(-1));
  }

  @Test
  void answersRangesAndConditions() {
    String url = media("?from_us=1000000&to_us=7000000");
    HttpResponse<byte[]> whole = user.send("GET", url);
    String etag = whole.headers().firstValue("ETag").orElseThrow();
    HttpResponse<byte[]> part =
        user.send("GET", url, "Range", "bytes=70000-169999", "If-Range", etag);
    assertEquals(206, part.statusCode());
    assertTrue(Arrays.equals(part.body(), Arrays.copyOfRange(whole.body(), 70_000, 170_000)));
    assertEquals(
        "bytes 70000-169999/" + whole.body().length,
        part.headers().firstValue("Content-Range").orElse(""));
    assertEquals(
        200, user.send("GET", url, "Range", "bytes=5-9", "If-Range", "\"x\"").statusCode());
    assertEquals(304, user.send("GET", url, "If-None-Match", etag).statusCode());
    assertEquals(412, user.send("GET", url, "If-Match", "\"x\"").statusCode());
    HttpResponse<byte[]> behind = user.send("GET", url, "Range", "bytes=999999999-");
    assertEquals(416, behind.statusCode());
    assertEquals(
        "bytes */" + whole.body().length, behind.headers().firstValue("Content-Range").orElse(""));
  }

  @Test
  void isPlayedByDebiansFfmpegFromItsSignedAddress() throws Exception {
    ForeignTool.require("ffmpeg", "-version");
    String url = user.url(recorded().getString("media_url")) + "&from_us=2000000&to_us=5000000";
    String errors =
        ForeignTool.run(folder, "ffmpeg", "-v", "error", "-ss", "1", "-i", url, "-f", "null", "-");
    assertEquals("", errors);
  }

  @Test
  void isForThoseOfItsWorkspace() {
    TestUser stranger = node.user();
    for (String path : List.of("/recording", "/recording/media.mp4")) {
      HttpResponse<byte[]> answer = stranger.send("GET", stream.path() + path);
      assertTrue(TestUser.error(answer).startsWith("404 STREAM_NOT_FOUND"));
    }
    assertEquals(404, stranger.send("DELETE", stream.path() + "/recording").statusCode());
    assertEquals(401, user.watch(media("")).status());
    String other = recorded().getString("media_url").replace("/recording/", "/recording/../");
    assertNotEquals(200, user.watch(other).status());
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertRefused("400 BAD_REQUEST", "?from_us=abc");
    assertRefused("400 BAD_REQUEST", "?from_us=1&to=2026-01-01T00:00:00Z");
    assertRefused("400 BAD_REQUEST", "?from=yesterday");
    assertRefused("409 RANGE_NOT_HELD", "?from_us=99000000");
    assertRefused("409 RANGE_NOT_HELD", "?from_us=5000000&to_us=4000000");
    assertRefused("409 RANGE_NOT_HELD", "?to_us=-9223372036854775808");
  }

  private void assertRefused(String error, String query) {
    String answer = TestUser.error(user.send("GET", media(query)));
    assertTrue(answer.startsWith(error), () -> query + ": " + answer);
  }

  @Test
  void endsADownloadWhoseClientLeaves() throws Exception {
    String url = recorded().getString("media_url");
    Watched leaving = user.watch(url, 50_000_000);
    Deadline.until("the first bytes", () -> leaving.bytes() > 0);
    leaving.close();
    Deadline.until("no download", () -> node.metric("halcyon_recording_downloads") == 0);
  }

  private void switchTo(TestStream other, String mode) {
    JsonObject settings = new JsonObject().put("settings", new JsonObject().put("recording", mode));
    assertEquals(200, user.patch(other.path(), settings).statusCode());
  }

  @Test
  void tellsWhereRecordingWasOffAndBridgesItOnlyWhenAllowed() throws Exception {
    TestStream other = user.recordedStream();
    try (CardPush burst = CardPush.fast(other, CARD, LENGTH_US)) {
      other.awaitHeld(3_000_000);
      switchTo(other, "off");
      other.awaitHeld(5_000_000);
      switchTo(other, "session");
      burst.await();
    }
    Deadline.until("two ranges", () -> recordedOf(other).getJsonArray("ranges").size() == 2);
    JsonObject gap = recordedOf(other).getJsonArray("gaps").getJsonObject(0);
    assertEquals("off", gap.getString("reason"));
    JsonObject over =
        TestStream.window(gap.getLong("at_us") - 500_000, gap.getLong("at_us") + 500_000);
    String refusal = other.refusal(over);
    assertTrue(refusal.startsWith("409 RANGE_NOT_HELD"), refusal);
    long endUs = gap.getLong("at_us") + gap.getLong("length_us");
    JsonObject clip =
        other.ready(
            other.request(
                TestStream.window(gap.getLong("at_us") - 500_000, endUs + 500_000)
                    .put("allow_partial", true)));
    JsonObject stated = TestUser.contract(clip).getJsonArray("gaps").getJsonObject(0);
    assertTrue(Math.abs(stated.getLong("length_us") - gap.getLong("length_us")) < 200_000);
  }

  @Test
  void isDeletedByPeople() throws Exception {
    TestStream other = user.recordedStream();
    try (CardPush burst = CardPush.fast(other, CARD, 6_000_000)) {
      burst.await();
      Deadline.until(
          "recorded", () -> recordedOf(other).getLong("to_us", 0L) >= other.heldToUs() - 100_000);
    }
    JsonObject before = recordedOf(other);
    HttpResponse<byte[]> none = user.send("DELETE", other.path() + "/recording?before_us=5");
    assertEquals(0, new JsonObject(Buffer.buffer(none.body())).getInteger("deleted_files"));
    HttpResponse<byte[]> all = user.send("DELETE", other.path() + "/recording");
    JsonObject gone = new JsonObject(Buffer.buffer(all.body()));
    assertEquals(1, gone.getInteger("deleted_files"), gone::encode);
    assertTrue(gone.getLong("deleted_bytes") >= before.getLong("bytes"), gone::encode);
    JsonObject after = recordedOf(other);
    assertEquals(new JsonArray(), after.getJsonArray("ranges"), after::encode);
    assertEquals(null, after.getString("media_url"));
    String refused = TestUser.error(user.send("GET", other.path() + "/recording/media.mp4"));
    assertTrue(refused.startsWith("409 RANGE_NOT_HELD"), refused);
  }

  private JsonObject recordedOf(TestStream other) {
    return user.client().get(other.path() + "/recording");
  }
}
