package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.Verdict;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program in a process of its own: killed and started again, or told to stop. */
@Timeout(120)
class RestartTest {
  private static final Set<String> OPEN = Set.of("opened", "playable");
  private static final TestCard CARD =
      TestCard.builder().size(160, 120).bFrames(2).cardId(21).build();

  /** What may be lost of the newest media when the process is killed. */
  private static final long MAY_BE_LOST_US = 200_000;

  private static final long READY_LIMIT_MS = 20_000;
  private static final long STOP_LIMIT_MS = 20_000;

  @TempDir private Path folder;

  private String account;
  private JsonObject streamRow;
  private String sealedClip;
  private String openClip;
  private long heldUs;
  private CardPush before;

  @Test
  void goesOnWhereItWasKilled() throws Exception {
    try (ChildNode killed = ChildNode.start(folder);
        TestUser user = killed.user()) {
      publishUntilKilled(killed, user);
    }
    long startNs = System.nanoTime();
    try (ChildNode again = ChildNode.start(folder);
        TestUser user = again.user()) {
      long readyMs = Duration.ofNanos(System.nanoTime() - startNs).toMillis();
      assertTrue(readyMs < READY_LIMIT_MS, () -> "ready after " + readyMs + " ms");
      user.login(account);
      TestStream stream = user.follow(streamRow);
      assertEquals("idle", stream.row().getString("status"));
      assertTheOldClipIsThere(user);
      assertTheOpenClipWasFinished(user);
      assertWhatArrivedIsHeld(user, stream);
      assertAPublisherGoesOn(user, stream);
    }
  }

  private void publishUntilKilled(ChildNode node, TestUser user) throws Exception {
    account = user.register();
    TestStream stream = user.quietStream();
    streamRow = stream.row();
    before = CardPush.realTime(stream, CARD);
    stream.awaitHeld(2_000_000);
    sealedClip = stream.ready(stream.request(310_000, 1_490_000)).getString("id");
    openClip = stream.request(1_010_000, 60_000_000);
    stream.awaitHeld(3_500_000);
    heldUs = stream.heldToUs();
    node.kill();
    before.close();
  }

  private void assertTheOldClipIsThere(TestUser user) {
    JsonObject clip = user.client().clip(sealedClip);
    assertEquals("sealed", clip.getString("status"));
    before.assertExact(clip, user.judge(clip));
    assertTrue(
        user.client().get("/api/clips?status=sealed").encode().contains(sealedClip), sealedClip);
  }

  private void assertTheOpenClipWasFinished(TestUser user) {
    Deadline.until(
        "the clip that was open",
        () -> !OPEN.contains(user.client().clip(openClip).getString("status")));
    JsonObject clip = user.client().clip(openClip);
    assertEquals("sealed", clip.getString("status"), clip::encode);
    before.assertCutShort(clip, user.judge(clip));
  }

  private void assertWhatArrivedIsHeld(TestUser user, TestStream stream) {
    long toUs = heldUs - MAY_BE_LOST_US;
    assertTrue(stream.heldToUs() >= toUs, () -> stream.heldToUs() + " of " + heldUs);
    JsonObject clip = stream.ready(stream.request(500_000, toUs));
    before.assertExact(clip, user.judge(clip));
  }

  private void assertAPublisherGoesOn(TestUser user, TestStream stream) throws Exception {
    long endUs = stream.heldToUs();
    CardPush after = CardPush.fast(stream, CARD, 3_000_000);
    JsonObject started = stream.await("stream.started");
    assertEquals(1, started.getInteger("epoch"));
    after.await();
    JsonObject clip = stream.ready(stream.request(new JsonObject().put("last_s", 1)));
    JsonObject contract = TestUser.contract(clip);
    assertEquals(List.of(1), contract.getJsonArray("epochs").getList());
    assertTrue(contract.getLong("delivered_start_us") > endUs, contract::encode);
    Verdict verdict = user.judge(clip);
    int last = verdict.pictures().orElseThrow().lastFrame();
    CardPush.assertFrames(
        last - verdict.pictures().orElseThrow().presentedFrames() + 1, last, verdict);
  }

  @Test
  void sealsAndAnnouncesWhatIsOpenBeforeItStops() throws Exception {
    try (ChildNode node = ChildNode.start(folder);
        TestUser user = node.user()) {
      account = user.register();
      TestStream stream = user.quietStream();
      before = CardPush.realTime(stream, CARD);
      stream.awaitHeld(1_500_000);
      openClip = stream.request(510_000, 60_000_000);
      long tookMs = node.terminate();
      assertTrue(tookMs < STOP_LIMIT_MS, () -> "stopped after " + tookMs + " ms");
      assertEquals(openClip, stream.await("clip.ready").getString("id"));
      before.close();
    }
    try (ChildNode again = ChildNode.start(folder);
        TestUser user = again.user()) {
      user.login(account);
      JsonObject clip = user.client().clip(openClip);
      assertEquals("sealed", clip.getString("status"));
      before.assertCutShort(clip, user.judge(clip));
    }
  }
}
