package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.Verdict;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What publishers send that is unusual and right. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class SourceShapesTest {
  private static final long LENGTH_US = 4_000_000;
  private static final Pattern HELD = Pattern.compile("\\[(\\d+), (\\d+)\\)");

  private TestNode node;
  private TestUser user;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = TestNode.start(folder, Map.of());
    user = node.user();
  }

  @AfterAll
  void stop() throws Exception {
    node.close();
  }

  private static TestCard.Builder card() {
    return TestCard.builder().size(160, 120).bFrames(2);
  }

  @Test
  void clipsSoundAlone() throws Exception {
    TestStream stream = user.quietStream();
    CardPush.fast(stream, card().noVideo().build(), LENGTH_US).await();
    JsonObject clip = stream.ready(stream.request(1_000_000, 2_500_000));
    JsonObject contract = TestUser.contract(clip);
    assertEquals(1_000_000, contract.getLong("delivered_start_us"));
    assertEquals(2_500_000, contract.getLong("delivered_end_us"));
    Verdict verdict = user.judge(clip);
    assertEquals(List.of(), verdict.faults(), verdict::toString);
    assertTrue(verdict.pictures().isEmpty());
    assertTrue(verdict.sound().orElseThrow().markers() >= 14, verdict::toString);
    assertEquals(null, clip.getString("poster_url"));
  }

  @Test
  void clipsPicturesAlone() throws Exception {
    TestStream stream = user.quietStream();
    CardPush push = CardPush.fast(stream, card().noAudio().build(), LENGTH_US);
    push.await();
    JsonObject clip = stream.ready(stream.request(1_010_000, 2_490_000));
    Verdict verdict = user.judge(clip);
    assertEquals(List.of(), verdict.faults(), verdict::toString);
    Verdict.Pictures pictures = verdict.pictures().orElseThrow();
    assertEquals(push.firstFrameFrom(1_010_000), pictures.firstFrame());
    assertEquals(push.firstFrameFrom(2_490_000) - 1, pictures.lastFrame());
    assertTrue(verdict.sound().isEmpty());
  }

  @Test
  void startsAtZeroWhateverTheSourcesClockSays() throws Exception {
    TestStream stream = user.quietStream();
    CardPush push = CardPush.fast(stream, card().start(36_000_000_000L).build(), LENGTH_US);
    push.await();
    JsonObject clip = stream.ready(stream.request(1_010_000, 2_490_000));
    push.assertExact(clip, user.judge(clip));
  }

  @Test
  void clipsAcrossAChangeOfPictureSize() throws Exception {
    TestStream stream = user.quietStream();
    CardPush push = CardPush.fast(stream, card().sizeChange(60, 320, 240).build(), LENGTH_US);
    push.await();
    JsonObject clip = stream.ready(stream.request(1_010_000, 3_010_000));
    Verdict verdict = user.judge(clip);
    push.assertExact(clip, verdict);
    assertEquals(List.of("160x120", "320x240"), verdict.pictures().orElseThrow().sizes());
    assertEquals(1, stream.said("stream.started").size());
  }

  @Test
  void saysThatASourceHasNoIdrPictures() throws Exception {
    TestStream open = user.quietStream();
    CardPush push = CardPush.fast(open, card().gop(20).openGop().build(), LENGTH_US);
    TestStream refreshed = user.quietStream();
    CardPush.fast(refreshed, TestCard.builder().size(160, 120).refreshed().build(), LENGTH_US)
        .await();
    push.await();
    assertEquals("NO_IDR_PICTURES", open.await("ingest.alert").getString("code"));
    assertEquals("NO_KEYFRAMES", refreshed.await("ingest.alert").getString("code"));
    JsonObject clip = refreshed.ready(refreshed.request(1_510_000, 2_490_000));
    Verdict verdict = user.judge(clip);
    assertEquals(List.of(), verdict.faults(), verdict::toString);
    assertTrue(TestUser.contract(clip).getLong("trim_us") > 500_000, clip::encode);
    assertEquals(1, open.said("ingest.alert").size());
  }

  @Test
  void goesOnInTheNextEpochWhenThePublisherComesBack() throws Exception {
    TestStream stream = user.quietStream();
    CardPush before = CardPush.fast(stream, card().cardId(1).build(), LENGTH_US);
    before.await();
    stream.await("stream.ended");
    CardPush after = CardPush.fast(stream, card().cardId(2).build(), LENGTH_US);
    after.await();
    String refusal = stream.refusal(TestStream.window(90_000_000, 91_000_000));
    assertTrue(refusal.startsWith("409 RANGE_NOT_HELD"), refusal);
    Matcher held = HELD.matcher(refusal.substring(refusal.indexOf("held:")));
    assertTrue(held.find(), refusal);
    long firstFromUs = Long.parseLong(held.group(1));
    long firstToUs = Long.parseLong(held.group(2));
    assertTrue(held.find(), refusal);
    long epochUs = Long.parseLong(held.group(1)) - firstFromUs;
    assertTrue(epochUs >= firstToUs && epochUs < firstToUs + 5_000_000, refusal);
    after.epochAt(epochUs);

    JsonObject early = stream.ready(stream.request(1_010_000, 2_490_000));
    before.assertExact(early, user.judge(early));
    JsonObject late = stream.ready(stream.request(epochUs + 1_010_000, epochUs + 2_490_000));
    after.assertExact(late, user.judge(late));
    assertEquals(List.of(1), TestUser.contract(late).getJsonArray("epochs").getList());

    JsonObject across = TestStream.window(3_000_000, epochUs + 1_000_000).put("epochs", "refuse");
    String crossed = stream.refusal(across);
    assertTrue(crossed.startsWith("409 EPOCH_CROSSED"), crossed);
    JsonObject part = stream.ready(stream.request(across.put("allow_partial", true)));
    assertTrue(TestUser.contract(part).getBoolean("clamped"));
    Verdict verdict = user.judge(part);
    CardPush.assertFrames(0, after.firstFrameFrom(epochUs + 1_000_000) - 1, verdict);
  }
}
