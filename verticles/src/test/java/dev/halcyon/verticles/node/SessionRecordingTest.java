package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions recorded beyond what the ring holds, on a whole node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class SessionRecordingTest {
  private static final TestCard CARD =
      TestCard.builder().size(160, 120).gop(30).bFrames(2).cardId(31).build();

  /** Of the card: longer than the ring. */
  private static final long LENGTH_US = 24_000_000;

  private static final long MAX_SKEW_US = 5_000;

  private Path folder;
  private TestNode node;
  private TestUser user;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    this.folder = folder;
    node = TestNode.start(folder, Map.of());
    user = node.user();
  }

  @AfterAll
  void stop() throws Exception {
    node.close();
  }

  private static JsonObject recording(TestStream stream) {
    return stream.health().getJsonObject("recording");
  }

  private static void awaitRecorded(TestStream stream, long toUs) {
    Deadline.until(
        "recorded up to " + toUs + " us", () -> recording(stream).getLong("to_us") >= toUs);
  }

  private List<Path> files(TestStream stream) throws IOException {
    try (Stream<Path> tree = Files.walk(TestNode.dataDir(folder).resolve("sessions"))) {
      return tree.filter(path -> path.getParent().endsWith(stream.id())).sorted().toList();
    }
  }

  @Test
  void keepsWhatTheRingHasDropped() throws Exception {
    TestStream stream = user.recordedStream();
    try (CardPush push = CardPush.fast(stream, CARD, LENGTH_US)) {
      push.await();
      awaitRecorded(stream, LENGTH_US - 1_000_000);
      JsonObject health = stream.health();
      assertTrue(health.getJsonObject("ring").getLong("from_us") > 5_000_000, health::encode);
      assertEquals("recording", recording(stream).getString("state"));
      assertEquals(0, recording(stream).getLong("missed_us"));
    }
    Deadline.until("all of it", () -> recording(stream).getLong("lag_us") == 0);
    List<Path> files = files(stream);
    assertEquals(1, files.size());
    Verdict verdict = TestCardJudge.judge(files.getFirst());
    assertEquals(List.of(), verdict.faults(MAX_SKEW_US), verdict::toString);
    assertEquals(0, verdict.pictures().orElseThrow().firstFrame());
    assertEquals(LENGTH_US * 30 / 1_000_000, verdict.pictures().orElseThrow().presentedFrames());
  }

  @Test
  void isSwitchedWhileTheStreamIsLive() throws Exception {
    TestStream stream = user.quietStream();
    try (CardPush push = CardPush.realTime(stream, CARD)) {
      stream.awaitHeld(2_000_000);
      assertTrue(push.isOn());
      assertEquals("off", recording(stream).getString("state"));
      switchTo(stream, "session");
      awaitRecorded(stream, 4_000_000);
      long fromUs = recording(stream).getLong("from_us");
      assertTrue(fromUs >= 1_000_000, () -> "from now on, not " + fromUs);
      switchTo(stream, "off");
      JsonObject off = recording(stream);
      assertEquals("off", off.getString("state"));
      stream.awaitHeld(stream.heldToUs() + 1_000_000);
      assertEquals(off.getLong("to_us"), recording(stream).getLong("to_us"));
    }
    Verdict verdict = TestCardJudge.judge(files(stream).getFirst());
    Verdict.Pictures pictures = verdict.pictures().orElseThrow();
    assertTrue(pictures.firstFrame() >= 30, verdict::toString);
    // It was switched off between a picture and those that are shown before it.
    int settled = pictures.lastFrame() - 3;
    assertEquals(List.of(), pictures.missing().stream().filter(frame -> frame < settled).toList());
    assertEquals(0, verdict.decodeErrors(), verdict::toString);
  }

  private void switchTo(TestStream stream, String mode) {
    JsonObject settings = new JsonObject().put("settings", new JsonObject().put("recording", mode));
    assertEquals(200, user.patch(stream.path(), settings).statusCode());
  }

  @Test
  void isDeletedWithItsStream() throws Exception {
    TestStream stream = user.recordedStream();
    try (CardPush push = CardPush.fast(stream, CARD, 4_000_000)) {
      push.await();
      awaitRecorded(stream, 1_000_000);
    }
    assertEquals(1, files(stream).size());
    assertEquals(204, user.send("DELETE", stream.path()).statusCode());
    assertEquals(List.of(), files(stream));
  }
}
