package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Publishers that do wrong, beside one that does right and must not notice. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class PublisherFaultsTest {
  private static final long IDLE_LIMIT_MS = 1_500;
  private static final long SEED = 20_261_120;

  private static final TestCard CARD =
      TestCard.builder().size(160, 120).bFrames(2).cardId(11).build();

  private TestNode node;
  private TestUser user;
  private TestStream good;
  private CardPush goodPush;

  @BeforeAll
  void publish(@TempDir Path folder) throws Exception {
    node =
        TestNode.start(
            folder,
            Map.of(
                "HALCYON_RTMP_IDLE_TIMEOUT_MS",
                String.valueOf(IDLE_LIMIT_MS),
                "HALCYON_CLIPS_RECONNECT_WAIT_MS",
                "300"));
    user = node.user();
    good = user.quietStream();
    goodPush = CardPush.realTime(good, CARD);
    good.awaitHeld(1_000_000);
  }

  @AfterAll
  void theGoodPublisherNoticedNothing() throws Exception {
    assertTrue(goodPush.isOn());
    JsonObject clip = good.ready(good.request(500_000, good.heldToUs() - 100_000));
    goodPush.assertExact(clip, user.judge(clip));
    goodPush.close();
    node.close();
  }

  @Test
  void refusesAKeyThatNoStreamHas() throws Exception {
    CardPush push = CardPush.realTime(user.rtmpUrl("nobody-has-this-key"), CARD);
    assertNotEquals("it did not fail", push.failure());
    assertEquals(1, good.said("stream.started").size());
  }

  @Test
  void refusesASecondPublisher() throws Exception {
    CardPush second = CardPush.realTime(good, CARD);
    assertNotEquals("it did not fail", second.failure());
    assertEquals(1, good.said("stream.started").size());
    assertEquals("active", good.health().getString("status"));
  }

  @Test
  void hangsUpOnGarbage() throws IOException {
    byte[] garbage = new byte[64 << 10];
    Random random = new Random(SEED);
    for (int attempt = 0; attempt < 4; attempt++) {
      random.nextBytes(garbage);
      // The version, so that some of the garbage gets past the first byte.
      if (attempt % 2 == 0) {
        garbage[0] = 3;
      }
      assertTrue(isClosedAfter(garbage), "still open after garbage; seed " + SEED);
    }
  }

  private boolean isClosedAfter(byte[] garbage) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.rtmpPort())) {
      socket.setSoTimeout(15_000);
      socket.getOutputStream().write(garbage);
      socket.getInputStream().readAllBytes();
      return true;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Test
  void makesTheClipThatWasOpenWhenThePublisherVanished() {
    TestStream stream = user.quietStream();
    CardPush push = CardPush.realTime(stream, CARD);
    stream.awaitHeld(1_500_000);
    String id = stream.request(700_000, 60_000_000);
    push.abort();
    JsonObject clip = stream.ready(id);
    push.assertCutShort(clip, user.judge(clip));
    assertNotEquals("unpublished", stream.await("stream.ended").getString("reason"));
    stream.awaitStatus("error");
    assertEquals("idle", stream.health().getString("status"));
  }

  @Test
  void makesTheClipThatWasOpenWhenTheWireWentSilent() throws IOException {
    TestStream stream = user.quietStream();
    try (SilentWire wire = new SilentWire(node.rtmpPort())) {
      String url = stream.rtmpUrl().replace(":" + node.rtmpPort(), ":" + wire.port());
      CardPush push = CardPush.realTime(url, CARD);
      stream.awaitHeld(1_500_000);
      String id = stream.request(700_000, 60_000_000);
      wire.cut();
      assertFalse(stream.said("stream.ended").stream().findAny().isPresent());
      JsonObject clip = stream.ready(id);
      push.assertCutShort(clip, user.judge(clip));
      assertTrue(push.isOn());
      push.abort();
    }
    TestStream again = stream;
    CardPush next = CardPush.realTime(again, CARD);
    again.await("stream.started", started -> started.getInteger("epoch") == 1);
    Deadline.until(
        "both epochs in what is held",
        () -> {
          JsonObject ring = again.health().getJsonObject("ring");
          return ring.getJsonArray("ranges").size() == 2
              && ring.getJsonArray("gaps").getJsonObject(0).getLong("length_us") > 0;
        });
    next.close();
  }

  @Test
  void closesAClipInTimeWhenOneTrackFallsSilent() throws Exception {
    TestStream stream = user.quietStream();
    TestCard lateSound = TestCard.builder().size(160, 120).audioOffset(2_500_000).build();
    CardPush push = CardPush.fast(stream, lateSound, 6_000_000);
    push.await();
    JsonObject clip = stream.ready(stream.request(1_000_000, 2_000_000));
    JsonObject contract = TestUser.contract(clip);
    assertEquals(1, contract.getJsonArray("gaps").size(), contract::encode);
    assertEquals(30, user.judge(clip).pictures().orElseThrow().presentedFrames());
  }
}
