package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.Verdict;
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

/** What happens to clips, and to those who watch them, when something happens while they grow. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class OpenClipFaultsTest {
  private static final long MAX_SKEW_US = 5_000;
  private static final TestCard CARD = TestCard.builder().size(320, 180).gop(60).cardId(51).build();

  /** More than a megabyte a second. */
  private static final TestCard HEAVY =
      TestCard.builder().size(640, 360).gop(30).videoBitrate(12_000_000).cardId(52).build();

  private TestNode node;
  private TestUser user;

  /** Deleted clips cannot be taken back on this node. */
  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node =
        TestNode.start(
            folder, Map.of("HALCYON_CLIPS_UNDO_S", "0", "HALCYON_CLIPS_RECONNECT_WAIT_MS", "300"));
    user = node.user();
  }

  @AfterAll
  void stop() throws Exception {
    node.close();
  }

  private Watched watch(TestStream stream, String id) {
    JsonObject clip =
        stream.await("clip.playable", playable -> playable.getString("id").equals(id));
    Watched viewer = user.watch(clip.getString("play_url"));
    assertEquals(200, viewer.status());
    Deadline.until("the first bytes", () -> viewer.bytes() > 10_000);
    return viewer;
  }

  private static long now(TestStream stream) {
    return stream.heldToUs();
  }

  @Test
  void aPublisherThatVanishesEndsTheClipAndItsView() throws Exception {
    TestStream stream = user.quietStream();
    CardPush push = CardPush.realTime(stream, CARD);
    stream.awaitHeld(1_500_000);
    String id = stream.request(700_000, 60_000_000);
    Watched viewer = watch(stream, id);
    push.abort();
    Verdict seen = viewer.judge();
    assertEquals(List.of(), seen.faults(MAX_SKEW_US), seen::toString);
    assertEquals(push.firstFrameFrom(700_000), seen.pictures().orElseThrow().firstFrame());
    JsonObject clip = stream.ready(id);
    Verdict sealed = user.judge(clip);
    push.assertCutShort(clip, sealed);
    assertEquals(
        sealed.pictures().orElseThrow().lastFrame(), seen.pictures().orElseThrow().lastFrame());
  }

  @Test
  void aPublisherWhoComesBackBeginsAnotherEpochAndEndsTheView() throws Exception {
    TestStream stream = user.quietStream();
    CardPush push = CardPush.realTime(stream, CARD);
    stream.awaitHeld(1_500_000);
    String id = stream.request(700_000, 60_000_000);
    Watched viewer = watch(stream, id);
    push.close();
    try (CardPush next = CardPush.realTime(stream, CARD)) {
      stream.await("stream.started", started -> started.getInteger("epoch") == 1);
      Verdict seen = viewer.judge();
      assertEquals(List.of(), seen.faults(MAX_SKEW_US), seen::toString);
      push.assertCutShort(stream.ready(id), user.judge(stream.ready(id)));
      assertTrue(next.isOn());
    }
  }

  @Test
  void aClipThatIsDeletedForGoodWhileItIsOpenLeavesNothing() throws Exception {
    TestStream stream = user.quietStream();
    try (CardPush push = CardPush.realTime(stream, CARD)) {
      stream.awaitHeld(1_500_000);
      String kept = stream.request(500_000, 1_000_000);
      stream.ready(kept);
      long nowUs = now(stream);
      String id = stream.request(700_000, nowUs + 2_000_000);
      Watched viewer = watch(stream, id);
      assertEquals(204, user.send("DELETE", "/api/clips/" + id).statusCode());
      assertNotEquals("in order", viewer.failure());
      HttpResponse<byte[]> gone = user.send("GET", "/api/clips/" + id + "/media.mp4");
      assertEquals(404, gone.statusCode(), () -> TestUser.error(gone));
      stream.awaitHeld(nowUs + 2_500_000);
      stream.ready(stream.request(500_000, 900_000));
      assertEquals(0, stream.said("clip.ready", id).size());
      assertEquals(0, stream.said("clip.failed", id).size());
      assertTrue(
          node.clipFiles().stream().noneMatch(file -> file.toString().contains(id)),
          () -> "files of " + id);
      assertFalse(node.clipFiles().isEmpty());
      assertTrue(push.isOn());
    }
  }

  @Test
  void aStreamThatIsDeletedEndsTheView() throws Exception {
    TestStream stream = user.quietStream();
    CardPush push = CardPush.realTime(stream, CARD);
    stream.awaitHeld(1_500_000);
    String id = stream.request(700_000, 60_000_000);
    Watched viewer = watch(stream, id);
    assertEquals(204, user.send("DELETE", stream.path()).statusCode());
    viewer.failure();
    assertFalse(viewer.isOn());
    push.failure();
    Deadline.until("no viewer", () -> node.metric("halcyon_clip_viewers") == 0);
  }

  /** The ring is overwritten under a window: what is left of it is delivered, and it is said. */
  @Test
  void aWindowThatTheRingCannotKeepIsShortenedAndSaysSo() throws Exception {
    TestStream stream =
        user.stream(
            new JsonObject().put("enabled", false),
            new JsonObject().put("capacity_bytes", 8 << 20).put("capacity_s", 60));
    try (CardPush push = CardPush.realTime(stream, HEAVY)) {
      stream.awaitHeld(1_000_000);
      String id = stream.request(500_000, 14_000_000);
      JsonObject clip = stream.ready(id);
      JsonObject contract = TestUser.contract(clip);
      assertTrue(contract.getBoolean("clamped"), contract::encode);
      assertTrue(contract.getLong("delivered_start_us") > 1_000_000, contract::encode);
      int lastFrame = push.firstFrameFrom(14_000_000) - 1;
      assertEquals(lastFrame, user.judge(clip).pictures().orElseThrow().lastFrame());
      assertTrue(node.metric("halcyon_clip_leases_revoked_total") >= 1);
    }
  }
}
