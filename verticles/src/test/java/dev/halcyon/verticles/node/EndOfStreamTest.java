package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.LivePush;
import dev.halcyon.codecs.mux.Pace;
import dev.halcyon.codecs.mux.PacketSource;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.media.Track;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The newest picture of a stream that has ended, with nothing behind it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class EndOfStreamTest {
  private static final long LENGTH_US = 2_000_000;
  private static final long PICTURE_US = 1_000_000 / 30;

  /** RTMP has whole milliseconds: one at either end. */
  private static final long ROUNDING_US = 2_000;

  /** How publishers end. */
  private enum Ending {
    UNPUBLISHED(0, false, false, false),
    UNPUBLISHED_REORDERED(2, false, false, false),
    UNPUBLISHED_WITH_SOUND(2, true, false, false),
    VANISHED(0, false, true, false),
    VANISHED_REORDERED(2, false, true, false),
    VANISHED_WITH_SOUND(0, true, true, false),
    /** Behind a picture that is shown after others that never came. */
    CUT_OFF(2, false, true, true),
    CUT_OFF_WITH_SOUND(2, true, true, true);

    final int bFrames;
    final boolean hasSound;
    final boolean vanishes;
    final boolean isCutOff;

    Ending(int bFrames, boolean hasSound, boolean vanishes, boolean isCutOff) {
      this.bFrames = bFrames;
      this.hasSound = hasSound;
      this.vanishes = vanishes;
      this.isCutOff = isCutOff;
    }

    TestCard card() {
      TestCard.Builder card = TestCard.builder().size(160, 120).bFrames(bFrames).cardId(61);
      return hasSound ? card.build() : card.noAudio().build();
    }
  }

  /** Packets of a card up to a picture; then it waits. */
  private static final class Programme implements PacketSource {
    private final List<Track> tracks;
    private final List<CodedPacket> packets = new ArrayList<>();
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final List<Long> allPtsUs;
    private int next;

    Programme(Ending ending) {
      try (TestCardSource source = TestCardSource.of(ending.card(), LENGTH_US)) {
        tracks = source.tracks();
        for (Optional<CodedPacket> each = source.next(); each.isPresent(); each = source.next()) {
          packets.add(each.get());
        }
      }
      allPtsUs = picturesPtsUs().stream().sorted().toList();
      while (!(ending.isCutOff ? isAheadOfOthers() : packets.getLast().track().isVideo())) {
        packets.removeLast();
      }
    }

    /** Whether pictures that are shown before the last one would have followed it. */
    private boolean isAheadOfOthers() {
      CodedPacket last = packets.getLast();
      return last.track().isVideo() && allPtsUs.indexOf(last.ptsUs()) >= picturesPtsUs().size();
    }

    private List<Long> picturesPtsUs() {
      return packets.stream().filter(p -> p.track().isVideo()).map(CodedPacket::ptsUs).toList();
    }

    /** Those that were sent, from one on. */
    List<Integer> framesFrom(int first) {
      return picturesPtsUs().stream()
          .map(allPtsUs::indexOf)
          .filter(f -> f >= first)
          .sorted()
          .toList();
    }

    /** Stream time at which the last picture begins, but for rounding. */
    long lastUs() {
      return picturesPtsUs().stream().max(Long::compare).orElseThrow() - packets.getFirst().dtsUs();
    }

    @Override
    public List<Track> tracks() {
      return tracks;
    }

    @Override
    public Optional<CodedPacket> next() {
      if (next < packets.size()) {
        return Optional.of(packets.get(next++));
      }
      try {
        mayEnd.await();
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  /** A stream that has ended, and a clip of it whose window had not. */
  private record Ended(TestStream stream, Programme programme, String openClip) {}

  private final Map<Ending, Ended> ended = new EnumMap<>(Ending.class);
  private Path folder;
  private TestNode node;
  private TestUser user;

  @BeforeAll
  void publish(@TempDir Path folder) throws Exception {
    this.folder = folder;
    node = TestNode.start(folder, Map.of());
    user = node.user();
    for (Ending ending : Ending.values()) {
      ended.put(ending, end(ending));
    }
  }

  private Ended end(Ending ending) throws InterruptedException {
    TestStream stream = user.recordedStream();
    Programme programme = new Programme(ending);
    LivePush push = new LivePush(stream.rtmpUrl(), new Pace(1_000));
    Thread thread = Thread.ofPlatform().daemon().name("push").start(() -> push.run(programme));
    stream.awaitHeld(programme.lastUs() - ROUNDING_US);
    Ended result = new Ended(stream, programme, stream.request(700_000, 9_000_000));
    if (ending.vanishes) {
      push.abort();
    }
    programme.mayEnd.countDown();
    thread.join();
    stream.await("stream.ended");
    return result;
  }

  @AfterAll
  void stop() throws Exception {
    node.close();
  }

  @ParameterizedTest
  @EnumSource(Ending.class)
  void isInEveryClipUpToTheEnd(Ending ending) {
    TestStream stream = ended.get(ending).stream();
    assertEndsWithTheLast(ending, stream.ready(ended.get(ending).openClip()));
    assertEndsWithTheLast(ending, stream.ready(stream.request(new JsonObject().put("last_s", 1))));
    assertEndsWithTheLast(ending, stream.ready(stream.request(310_000, stream.heldToUs())));
  }

  private void assertEndsWithTheLast(Ending ending, JsonObject clip) {
    Verdict verdict = user.judge(clip);
    assertLast(ending, verdict);
    JsonObject contract = TestUser.contract(clip);
    Verdict.Pictures pictures = verdict.pictures().orElseThrow();
    long lengthUs = contract.getLong("delivered_end_us") - contract.getLong("delivered_start_us");
    assertTrue(
        Math.abs(lengthUs - (pictures.endUs() - pictures.ptsUs().getFirst())) <= ROUNDING_US,
        () -> contract.encode() + verdict);
  }

  private void assertLast(Ending ending, Verdict verdict) {
    Verdict.Pictures pictures = verdict.pictures().orElseThrow();
    List<Integer> sent = ended.get(ending).programme().framesFrom(pictures.firstFrame());
    assertEquals(sent.getLast(), pictures.lastFrame(), verdict::toString);
    assertEquals(sent.size(), pictures.presentedFrames(), verdict::toString);
    assertEquals(
        IntStream.range(sent.getFirst(), sent.getLast())
            .boxed()
            .filter(frame -> !sent.contains(frame))
            .toList(),
        pictures.missing(),
        verdict::toString);
    assertEquals(0, verdict.decodeErrors(), verdict::toString);
    long lengthUs = pictures.endUs() - pictures.ptsUs().getLast();
    assertTrue(Math.abs(lengthUs - PICTURE_US) <= ROUNDING_US, () -> lengthUs + " us, " + verdict);
  }

  @ParameterizedTest
  @EnumSource(Ending.class)
  void isInTheRecording(Ending ending) throws IOException {
    TestStream stream = ended.get(ending).stream();
    Deadline.until(
        "all of it recorded",
        () -> stream.health().getJsonObject("recording").getLong("lag_us") == 0);
    JsonObject health = stream.health();
    assertEquals(
        health.getJsonObject("ring").getLong("to_us"),
        health.getJsonObject("recording").getLong("to_us"),
        health::encode);
    Path file = folder.resolve(ending + ".mp4");
    Files.write(file, user.send("GET", stream.path() + "/recording/media.mp4").body());
    assertLast(ending, TestCardJudge.judge(file));
  }
}
