package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardProgramme;
import dev.halcyon.codecs.testcard.TestCardProgramme.Moment;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.verticles.api.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * From a push over RTMP to clips in hand: a test card that runs for as long as the tests, and
 * another in which a crowd bursts out.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class SpineTest {
  private static final TestCard CARD =
      TestCard.builder().size(640, 360).gop(60).bFrames(2).cardId(7).build();

  private static final Moment BURST = Moment.crowdBurst(7_000_000, 1_500_000);
  private static final TestCard CROWD =
      TestCard.builder()
          .size(160, 120)
          .bFrames(2)
          .cardId(8)
          .programme(TestCardProgramme.talkWith(List.of(BURST)))
          .build();

  private static final JsonObject CROWD_DETECTION =
      new JsonObject().put("pre_roll_s", 2).put("post_roll_s", 2).put("merge_window_s", 2);

  private TestNode node;
  private TestUser user;
  private TestStream stream;
  private TestStream crowd;
  private CardPush push;
  private CardPush crowdPush;

  @BeforeAll
  void publish(@TempDir Path folder) throws Exception {
    node = TestNode.start(folder, Map.of());
    user = node.user();
    crowd = user.stream(CROWD_DETECTION);
    stream = user.quietStream();
    crowdPush = CardPush.realTime(crowd, CROWD);
    push = CardPush.realTime(stream, CARD);
    stream.awaitHeld(5_000_000);
  }

  @AfterAll
  void stop() throws Exception {
    push.close();
    crowdPush.close();
    node.close();
  }

  @Test
  void saysThatTheStreamStartedAndWithWhat() {
    JsonObject started = stream.await("stream.started");
    assertEquals(0, started.getInteger("epoch"));
    JsonArray tracks = started.getJsonArray("tracks");
    assertEquals(2, tracks.size());
    assertEquals("h264", tracks.getJsonObject(0).getString("codec"));
    assertEquals(640, tracks.getJsonObject(0).getInteger("width"));
    assertEquals(360, tracks.getJsonObject(0).getInteger("height"));
    assertEquals("aac", tracks.getJsonObject(1).getString("codec"));
    assertEquals(48_000, tracks.getJsonObject(1).getInteger("sample_rate"));
    stream.awaitStatus("active");
  }

  @Test
  void tellsHowTheStreamDoes() {
    long beforeUs = nowUs();
    JsonObject health = stream.health();
    long heldUs = health.getJsonObject("ring").getLong("to_us");
    long pushedUs = beforeUs - push.startWallUs();
    assertEquals("active", health.getString("status"));
    assertTrue(health.getJsonObject("ring").getLong("from_us") <= push.framePtsUs(0));
    assertTrue(Math.abs(heldUs - pushedUs) < 1_000_000, () -> heldUs + " of " + pushedUs);
    assertTrue(health.getJsonObject("ring").getLong("bytes") > 100_000, health::encode);
    JsonObject ingest = health.getJsonObject("ingest");
    assertEquals(30, ingest.getDouble("fps"), 3, health::encode);
    assertTrue(ingest.getLong("bitrate_bps") > 100_000, health::encode);
    assertTrue(ingest.getLong("last_packet_age_ms") < 1_000, health::encode);
    JsonObject taps = health.getJsonObject("taps");
    assertTrue(taps.getJsonObject("audio").getLong("lag_us") < 1_500_000, health::encode);
    assertTrue(taps.getJsonObject("video").getLong("lag_us") < 3_500_000, health::encode);
  }

  /** From each place in the pattern of B-frames to each other, and just beside. */
  @Test
  void deliversExactlyTheFramesOfAWindowInTheMiddleOfGops() {
    List<String> clips = new ArrayList<>();
    for (int place = 0; place < 6; place++) {
      long fromUs = push.framePtsUs(40 + place) + place % 3 - 1;
      long toUs = push.framePtsUs(105 + place) + (place + 1) % 3 - 1;
      clips.add(stream.request(fromUs, toUs));
    }
    for (String id : clips) {
      JsonObject clip = stream.ready(id);
      push.assertExact(clip, user.judge(clip));
    }
  }

  @Test
  void deliversTheLastSeconds() {
    long beforeUs = stream.heldToUs();
    JsonObject clip = stream.ready(stream.request(new JsonObject().put("last_s", 1.5)));
    JsonObject contract = TestUser.contract(clip);
    long endUs = contract.getLong("requested_end_us");
    assertEquals(1_500_000, endUs - contract.getLong("requested_start_us"));
    assertTrue(endUs >= beforeUs && endUs <= stream.heldToUs(), contract::encode);
    push.assertExact(clip, user.judge(clip));
  }

  @Test
  void deliversAWindowGivenByTheWallClock() {
    long fromUs = 1_700_000;
    long toUs = 3_210_000;
    JsonObject window =
        new JsonObject()
            .put("from", Times.text(atUs(push.startWallUs() + fromUs)))
            .put("to", Times.text(atUs(push.startWallUs() + toUs)));
    JsonObject clip = stream.ready(stream.request(window));
    JsonObject contract = TestUser.contract(clip);
    long lateUs = fromUs - contract.getLong("requested_start_us");
    assertTrue(Math.abs(lateUs) < 100_000, contract::encode);
    assertEquals(toUs - lateUs, contract.getLong("requested_end_us"));
    push.assertExact(clip, user.judge(clip));
  }

  @Test
  void waitsForAWindowThatEndsInTheFuture() {
    long fromUs = stream.heldToUs() - 700_000;
    long toUs = fromUs + 2_500_000;
    String id = stream.request(fromUs, toUs);
    assertEquals("opened", stream.await("clip.opened", isClip(id)).getString("status"));
    HttpResponse<byte[]> tooSoon = user.send("GET", "/api/clips/" + id + "/download");
    assertEquals(425, tooSoon.statusCode());
    assertTrue(tooSoon.headers().firstValue("Retry-After").isPresent());
    JsonObject clip = stream.ready(id);
    assertTrue(stream.heldToUs() >= toUs);
    assertEquals("sealed", clip.getString("status"));
    push.assertExact(clip, user.judge(clip));
  }

  @Test
  void servesTheFileThatTheContractNames() throws Exception {
    String id = stream.request(1_000_000, 2_000_000);
    JsonObject clip = stream.ready(id);
    byte[] file = Files.readAllBytes(user.download(clip));
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
    assertEquals(HexFormat.of().formatHex(digest), TestUser.contract(clip).getString("sha256"));
    assertEquals(
        file.length, clip.getJsonArray("versions").getJsonObject(0).getInteger("size_bytes"));
    assertSaysAllOfItsFile(TestUser.contract(clip));
    HttpResponse<byte[]> part =
        user.send("GET", "/api/clips/" + id + "/media.mp4", "Range", "bytes=100-299");
    assertEquals(206, part.statusCode());
    assertEquals(
        "bytes 100-299/" + file.length, part.headers().firstValue("Content-Range").orElse(""));
    assertTrue(Arrays.equals(Arrays.copyOfRange(file, 100, 300), part.body()));
  }

  private static void assertSaysAllOfItsFile(JsonObject contract) {
    assertEquals(
        contract.getInteger("requested_start_frame"), contract.getInteger("delivered_start_frame"));
    assertEquals(
        contract.getInteger("requested_end_frame"), contract.getInteger("delivered_end_frame"));
    assertEquals(30, frames(contract), contract::encode);
    JsonObject video = contract.getJsonArray("tracks").getJsonObject(0);
    assertEquals(contract.getLong("trim_us"), video.getLong("trim_start_us"), contract::encode);
    assertTrue(video.getJsonArray("codecs").getString(0).startsWith("avc1."), video::encode);
    JsonObject audio = contract.getJsonArray("tracks").getJsonObject(1);
    assertEquals("mp4a.40.2", audio.getJsonArray("codecs").getString(0));
    assertTrue(contract.getLong("latency_from_close_us") > 0, contract::encode);
    assertNull(contract.getLong("latency_from_trigger_us"));
  }

  private static int frames(JsonObject contract) {
    return contract.getInteger("delivered_end_frame")
        - contract.getInteger("delivered_start_frame");
  }

  @Test
  void addsAPoster() throws Exception {
    JsonObject clip = stream.ready(stream.request(500_000, 1_500_000));
    String url = Objects.requireNonNull(clip.getString("poster_url"));
    Deadline.until("the poster", () -> user.send("GET", url).statusCode() == 200);
    HttpResponse<byte[]> poster = user.send("GET", url);
    assertEquals("image/jpeg", poster.headers().firstValue("Content-Type").orElse(""));
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(poster.body()));
    assertNotNull(image);
    assertEquals(640.0 / 360, (double) image.getWidth() / image.getHeight(), 0.02);
  }

  @Test
  void listsAClipUntilItIsDeleted() {
    String id = stream.request(2_000_000, 2_500_000);
    JsonObject announced = stream.ready(id);
    JsonObject stored = user.client().clip(id);
    assertEquals(
        announced.getJsonArray("versions").getJsonObject(0).getJsonObject("contract"),
        TestUser.contract(stored));
    assertEquals("manual", stored.getJsonObject("reason").getString("kind"));
    assertTrue(isListed(id));
    assertEquals(204, user.send("DELETE", "/api/clips/" + id).statusCode());
    assertFalse(isListed(id));
    assertEquals(404, user.send("GET", "/api/clips/" + id).statusCode());
    assertEquals(404, user.send("GET", announced.getString("download_url")).statusCode());
  }

  @Test
  void announcesAClipOfACrowdThatBurstsOut() {
    JsonObject highlight = crowd.await("highlight.detected");
    assertTrue(highlight.getDouble("score") >= 0.5, highlight::encode);
    JsonObject clip = crowd.await("clip.ready");
    JsonObject reason = clip.getJsonObject("reason");
    assertEquals("highlight", reason.getString("kind"));
    List<String> kinds =
        reason.getJsonArray("signals").stream()
            .map(signal -> ((JsonObject) signal).getString("kind"))
            .toList();
    assertTrue(kinds.contains("crowd_reaction"), reason::encode);
    JsonObject contract = TestUser.contract(clip);
    long burstStartUs = crowdPush.streamUs(BURST.atUs());
    long burstEndUs = crowdPush.streamUs(BURST.endUs());
    assertTrue(contract.getLong("delivered_start_us") <= burstStartUs, contract::encode);
    assertTrue(contract.getLong("delivered_end_us") >= burstEndUs, contract::encode);
    Verdict verdict = user.judge(clip);
    crowdPush.assertExact(clip, verdict);
    assertEquals(clip.getString("id"), listed(crowd).getFirst());
  }

  private boolean isListed(String clipId) {
    return listed(stream).contains(clipId);
  }

  private List<String> listed(TestStream of) {
    return user.client().get(of.path() + "/clips?limit=100").getJsonArray("data").stream()
        .map(clip -> ((JsonObject) clip).getString("id"))
        .toList();
  }

  private static Predicate<JsonObject> isClip(String id) {
    return clip -> clip.getString("id").equals(id);
  }

  private static long nowUs() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  private static Instant atUs(long wallUs) {
    return Instant.EPOCH.plus(wallUs, ChronoUnit.MICROS);
  }
}
