package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.media.FrameRate;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clips whose publisher went and came back inside of their window. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class ReconnectTest {
  private static final long LENGTH_US = 3_000_000;
  private static final long MAX_SKEW_US = 5_000;

  @TempDir private static Path folder;
  private TestNode node;
  private TestUser user;

  /** A stream to which two publishers have sent, one after the other. */
  private record Both(TestStream stream, CardPush before, CardPush after, long jointUs) {
    /** From inside of the first one's pictures to inside of the second one's. */
    JsonObject window() {
      return TestStream.window(1_510_000, jointUs + 1_490_000);
    }
  }

  @BeforeAll
  void start() throws Exception {
    node = TestNode.start(folder, Map.of("HALCYON_CLIPS_RECONNECT_WAIT_MS", "20000"));
    user = node.user();
  }

  @AfterAll
  void stop() throws Exception {
    node.close();
  }

  private static TestCard.Builder card(int id) {
    return TestCard.builder().size(320, 180).gop(30).bFrames(2).cardId(id);
  }

  private Both both(TestCard first, TestCard second) throws Exception {
    TestStream stream = user.quietStream();
    CardPush before = CardPush.fast(stream, first, LENGTH_US);
    before.await();
    stream.await("stream.ended");
    CardPush after = CardPush.fast(stream, second, LENGTH_US);
    after.await();
    Deadline.until("both have left", () -> stream.said("stream.ended").size() == 2);
    return new Both(stream, before, after, joint(stream, after));
  }

  /** Tells the second push where its epoch lies; stream time of its first picture. */
  private static long joint(TestStream stream, CardPush after) {
    JsonArray ranges = stream.health().getJsonObject("ring").getJsonArray("ranges");
    assertEquals(2, ranges.size(), ranges::encode);
    long fromUs = ranges.getJsonObject(1).getLong("from_us");
    JsonObject beginning = TestStream.window(fromUs, fromUs + 500_000).put("epochs", "refuse");
    JsonObject clip = stream.ready(stream.request(beginning));
    long jointUs = TestUser.contract(clip).getLong("delivered_start_us");
    after.epochAt(jointUs - after.framePtsUs(0));
    return jointUs;
  }

  private void assertVerified(JsonObject clip) {
    Deadline.until(
        "the clip is kept",
        () -> user.send("GET", "/api/clips/" + clip.getString("id")).statusCode() == 200);
    HttpResponse<byte[]> answer =
        user.send("GET", "/api/clips/" + clip.getString("id") + "/verify");
    JsonObject verification = new JsonObject(Buffer.buffer(answer.body()));
    assertTrue(verification.getBoolean("ok", false), verification::encodePrettily);
  }

  /** Both sides have exactly the frames of the window, at their stream times, with their sound. */
  private void assertStitched(Both both, JsonObject clip, Path file) {
    JsonObject contract = TestUser.contract(clip);
    assertEquals(List.of(0, 1), contract.getJsonArray("epochs").getList());
    assertEquals(1, contract.getJsonArray("gaps").size(), contract::encode);
    long startUs = contract.getLong("delivered_start_us");
    long jointUs = both.jointUs() - startUs;
    long fromUs = contract.getLong("requested_start_us");
    long toUs = contract.getLong("requested_end_us");
    Verdict earlier = TestCardJudge.judge(file, 0, gapUs(contract));
    int lastSent = earlier.pictures().orElseThrow().lastFrame();
    CardPush.assertFrames(both.before().firstFrameFrom(fromUs), lastSent, earlier);
    assertTrue(lastSent >= LENGTH_US * 30 / 1_000_000 - 3, earlier::toString);
    Verdict later = TestCardJudge.judge(file, jointUs - 1_000, Long.MAX_VALUE - 1);
    CardPush.assertFrames(0, both.after().firstFrameFrom(toUs) - 1, later);
    assertEquals(
        jointUs, later.pictures().orElseThrow().ptsUs().getFirst(), () -> later + " " + contract);
  }

  /** Where the gap begins in the file; a marker that it cuts off is none. */
  private static long gapUs(JsonObject contract) {
    return contract.getJsonArray("gaps").getJsonObject(0).getLong("at_us")
        - contract.getLong("delivered_start_us");
  }

  private void assertStitched(Both both) {
    JsonObject clip = both.stream().ready(both.stream().request(both.window()));
    assertStitched(both, clip, user.download(clip));
    assertVerified(clip);
  }

  @Test
  void stitchesTheSameSettings() throws Exception {
    assertStitched(both(card(1).build(), card(2).build()));
  }

  @Test
  void stitchesAnotherPictureSizeAndFrameRate() throws Exception {
    TestCard other = card(2).size(480, 270).frameRate(new FrameRate(50, 1)).build();
    assertStitched(both(card(1).build(), other));
  }

  @Test
  void makesTwoClipsWhereTheSoundIsAnother() throws Exception {
    assertApart(both(card(1).build(), card(2).sampleRate(44_100).build()), new JsonObject());
  }

  @Test
  void makesTwoClipsWhereTheSoundIsGone() throws Exception {
    assertApart(both(card(1).build(), card(2).noAudio().build()), new JsonObject());
  }

  @Test
  void makesTwoClipsOrNoneWhereItIsToldTo() throws Exception {
    Both both = both(card(1).build(), card(2).build());
    assertApart(both, new JsonObject().put("epochs", "split").put("title", "Final"));
    String refused = both.stream().refusal(both.window().put("epochs", "refuse"));
    assertTrue(refused.startsWith("409 EPOCH_CROSSED"), refused);
    JsonObject settings =
        new JsonObject().put("settings", new JsonObject().put("epochs", "refuse"));
    assertEquals(200, user.patch(both.stream().path(), settings).statusCode());
    refused = both.stream().refusal(both.window());
    assertTrue(refused.startsWith("409 EPOCH_CROSSED"), refused);
  }

  private void assertApart(Both both, JsonObject how) {
    TestStream stream = both.stream();
    JsonObject first = stream.ready(stream.request(both.window().mergeIn(how)));
    String id = first.getString("id");
    JsonObject second = stream.await("clip.ready", clip -> id.equals(clip.getString("continues")));
    assertEquals(null, first.getString("continues"));
    assertEquals(first.getString("title") + " (2)", second.getString("title"));
    assertEquals(List.of(0), TestUser.contract(first).getJsonArray("epochs").getList());
    assertEquals(List.of(1), TestUser.contract(second).getJsonArray("epochs").getList());
    long toUs = TestUser.contract(second).getLong("requested_end_us");
    Verdict seen = user.judge(second);
    assertEquals(List.of(), seen.faults(MAX_SKEW_US), seen::toString);
    assertEquals(0, seen.pictures().orElseThrow().firstFrame());
    assertEquals(both.after().firstFrameFrom(toUs) - 1, seen.pictures().orElseThrow().lastFrame());
    Verdict before = user.judge(first);
    assertEquals(List.of(), before.faults(MAX_SKEW_US), before::toString);
    assertEquals(
        both.before().firstFrameFrom(1_510_000), before.pictures().orElseThrow().firstFrame());
    assertVerified(first);
    assertVerified(second);
    JsonObject stored = user.client().clip(second.getString("id"));
    assertEquals(id, stored.getString("continues"));
  }

  /** The connection breaks while a clip's window is open and somebody watches it. */
  @Test
  void goesOnInTheSameClipWhenALostPublisherIsBack() throws Exception {
    TestStream stream = user.quietStream();
    TestCard other = card(4).size(480, 270).build();
    String id;
    Watched viewer;
    try (CardPush before = CardPush.realTime(stream, card(3).build())) {
      stream.awaitHeld(2_000_000);
      long nowUs = stream.heldToUs();
      id = stream.request(nowUs - 1_000_000, nowUs + 6_000_000);
      viewer =
          user.watch(
              stream
                  .await("clip.playable", clip -> clip.getString("id").equals(id))
                  .getString("play_url"));
      stream.awaitHeld(nowUs + 1_000_000);
      before.abort();
      stream.await("stream.ended");
      try (CardPush after = CardPush.realTime(stream, other);
          viewer) {
        JsonObject clip = stream.ready(id);
        long jointUs = joint(stream, after);
        Both both = new Both(stream, before, after, jointUs);
        assertStitchedLive(both, clip, viewer.whole());
      }
    }
  }

  private void assertStitchedLive(Both both, JsonObject clip, Path grown) {
    JsonObject contract = TestUser.contract(clip);
    Path sealed = user.download(clip);
    assertEquals(List.of(0, 1), contract.getJsonArray("epochs").getList());
    long jointUs = both.jointUs() - contract.getLong("delivered_start_us");
    long toUs = contract.getLong("requested_end_us");
    int firstFrame = both.before().firstFrameFrom(contract.getLong("requested_start_us"));
    for (Path file : List.of(sealed, grown)) {
      Verdict earlier = TestCardJudge.judge(file, 0, gapUs(contract));
      CardPush.assertFrames(firstFrame, earlier.pictures().orElseThrow().lastFrame(), earlier);
      Verdict later = TestCardJudge.judge(file, jointUs - 1_000, Long.MAX_VALUE - 1);
      int lastFrame = both.after().firstFrameFrom(toUs) - 1;
      int seen = later.pictures().orElseThrow().lastFrame();
      CardPush.assertFrames(0, seen, later);
      assertTrue(
          seen <= lastFrame && seen >= lastFrame - (file.equals(grown) ? 2 : 0), later::toString);
      assertEquals(List.of("480x270"), later.pictures().orElseThrow().sizes());
    }
    assertVerified(clip);
    assertNotEquals(List.of(), contract.getJsonArray("gaps").getList());
  }
}
