package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.verticles.ingest.rtmp.ForeignTool;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's ffmpeg publishes, the program is killed meanwhile: what is recorded can be clipped. */
@Timeout(120)
class RecordingAfterKillTest {
  private static final int FPS = 30;
  private static final TestCard CARD =
      TestCard.builder().size(160, 120).gop(30).bFrames(2).cardId(53).build();

  /** So long that the ring, of ten seconds, holds nothing of the first windows. */
  private static final long KILLED_AT_US = 17_000_000;

  private static final long MAX_SKEW_US = 5_000;

  @TempDir private Path folder;

  private String account;
  private JsonObject streamRow;
  private long heldUs;

  /** Stream time of frame 0. */
  private long originUs;

  @Test
  void clipsWhatWasRecordedBeforeItWasKilled() throws Exception {
    ForeignTool.require("ffmpeg", "-version");
    Path card = folder.resolve("card.mp4");
    TestCardFile.write(CARD, 40_000_000, card);
    try (ChildNode killed = ChildNode.start(folder);
        TestUser user = killed.user()) {
      account = user.register();
      user.login(account);
      publishUntilKilled(killed, user, card);
    }
    try (ChildNode again = ChildNode.start(folder);
        TestUser user = again.user()) {
      user.login(account);
      TestStream stream = user.follow(streamRow);
      assertTheRecordingIsWhole(user, stream);
      originUs = TestUser.contract(clip(stream, 0, 1_000_000)).getLong("delivered_start_us");
      assertExact(user, stream, 37, 151);
      assertExact(user, stream, 250, 333);
      assertGivenToDownload(user, stream);
      publishAgain(user, stream, card);
      assertExact(user, stream, 91, 200);
    }
  }

  private ForeignTool publisher(TestStream stream, Path card) throws Exception {
    String publish = "ffmpeg -v error -readrate 3 -i " + card + " -c copy -f flv ";
    return ForeignTool.start(folder, (publish + stream.rtmpUrl()).split(" "));
  }

  private void publishUntilKilled(ChildNode node, TestUser user, Path card) throws Exception {
    TestStream stream = user.recordedStream();
    streamRow = stream.row();
    try (ForeignTool publisher = publisher(stream, card)) {
      stream.awaitHeld(KILLED_AT_US);
      heldUs = stream.heldToUs();
      node.kill();
      assertFalse(publisher.output().contains("not found"), publisher.output());
    }
  }

  private static JsonObject recorded(TestUser user, TestStream stream) {
    return user.client().get(stream.path() + "/recording");
  }

  /** What the ring still held behind the last fragment was recorded at the start. */
  private void assertTheRecordingIsWhole(TestUser user, TestStream stream) {
    Deadline.until(
        "recorded to the end of the ring",
        () ->
            stream.heldToUs() > 0
                && recorded(user, stream).getLong("to_us", 0L) >= stream.heldToUs() - 100_000);
    JsonObject recording = recorded(user, stream);
    assertEquals("[]", recording.getJsonArray("gaps").encode());
    assertTrue(recording.getLong("to_us") > heldUs - 400_000, recording::encode);
    long ringFromUs = stream.health().getJsonObject("ring").getLong("from_us");
    assertTrue(ringFromUs > 5_100_000, () -> "the ring holds from " + ringFromUs);
  }

  private JsonObject clip(TestStream stream, long fromUs, long toUs) {
    return stream.ready(stream.request(fromUs, toUs));
  }

  /** Frames of a window whose ends lie between two of them. */
  private void assertExact(TestUser user, TestStream stream, int first, int end) {
    JsonObject clip = clip(stream, beforeFrame(first), beforeFrame(end));
    CardPush.assertFrames(first, end - 1, user.judge(clip));
    JsonObject contract = TestUser.contract(clip);
    assertFalse(contract.getBoolean("clamped"), contract::encode);
    assertEquals("[]", contract.getJsonArray("gaps").encode());
    CardPush.assertMeasured(contract, user.judge(clip));
  }

  private long beforeFrame(int frame) {
    return originUs + frame * 1_000_000L / FPS - 10_000;
  }

  private void assertGivenToDownload(TestUser user, TestStream stream) throws Exception {
    String query = "?from_us=" + beforeFrame(45) + "&to_us=" + beforeFrame(300);
    HttpResponse<byte[]> answer = user.send("GET", stream.path() + "/recording/media.mp4" + query);
    assertEquals(200, answer.statusCode());
    Path file = Files.write(folder.resolve("range.mp4"), answer.body());
    Verdict verdict = TestCardJudge.judge(file);
    assertEquals(List.of(), verdict.faults(MAX_SKEW_US), verdict::toString);
    assertEquals(45, verdict.pictures().orElseThrow().firstFrame());
  }

  private void publishAgain(TestUser user, TestStream stream, Path card) throws Exception {
    try (ForeignTool publisher = publisher(stream, card)) {
      stream.await("stream.started", started -> started.getInteger("epoch") == 1);
      Deadline.until(
          "the second epoch is recorded",
          () -> recorded(user, stream).getJsonArray("ranges").size() == 2);
      assertEquals("", publisher.output());
    }
    JsonObject gap = recorded(user, stream).getJsonArray("gaps").getJsonObject(0);
    assertEquals("reconnect", gap.getString("reason"), gap::encode);
  }
}
