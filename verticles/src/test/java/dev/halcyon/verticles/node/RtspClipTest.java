package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.media.Codec;
import dev.halcyon.verticles.ingest.rtmp.ForeignTool;
import dev.halcyon.verticles.ingest.rtsp.LossyRelay;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Test cards that foreign programs push by RTSP, clipped and judged picture by picture. All push at
 * once, as each takes as long as its card.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class RtspClipTest {
  private static final long MAX_SKEW_US = 5_000;
  private static final long LENGTH_US = 9_000_000;
  private static final Window WINDOW = new Window(1_234_567, 4_567_890);

  /**
   * GStreamer first says how its tracks lie to each other after one to three seconds, later when it
   * lacks time, and is some milliseconds off then.
   */
  private static final Window LATER_WINDOW = new Window(6_234_567, 8_567_890);

  private static final long REPORTED_SKEW_US = 15_000;

  /** Of stamps in ticks of 90 kHz, and of files in milliseconds. */
  private static final long ROUNDING_US = 1_000;

  private static final int FPS = 30;
  private static final String TCP = " -rtsp_transport tcp";
  private static final String UDP = " -rtsp_transport udp";

  private final Map<String, Push> pushes = new LinkedHashMap<>();
  private final Map<TestCard, Path> files = new HashMap<>();
  private TestNode node;
  private TestUser user;
  private Path folder;

  private record Window(long fromUs, long toUs) {
    /** With a marker each tenth of a second, not quite whole at the edges. */
    long markers() {
      return (toUs - fromUs) / 100_000 - 2;
    }
  }

  /** A publisher under way. */
  private record Push(TestStream stream, ForeignTool publisher, Window window) {}

  /** What ffmpeg pushes: a card, the container that it reads it from, and its options. */
  private record Ffmpeg(String name, TestCard card, String ending, String options) {}

  /** What GStreamer pushes: the elements between a file and the sink {@code s}. */
  private record Gstreamer(
      String name, TestCard card, String ending, String protocols, String elements) {}

  private static TestCard.Builder card() {
    return TestCard.builder().size(320, 180).gop(30).bFrames(2);
  }

  private static TestCard card(Codec video) {
    return card().video(video).audio(Codec.OPUS).bFrames(video == Codec.HEVC ? 2 : 0).build();
  }

  private static List<Ffmpeg> byFfmpeg() {
    TestCard plain = card().build();
    String toLaw = "-c:v copy -ar 16000 -ac 1 -c:a pcm_";
    return List.of(
        new Ffmpeg("H.264 with B-frames, AAC, TCP", plain, "mp4", "-c copy" + TCP),
        new Ffmpeg("H.264 with B-frames, AAC, UDP", plain, "mp4", "-c copy" + UDP),
        new Ffmpeg("AAC as LATM", plain, "mp4", "-c copy -rtpflags latm" + TCP),
        new Ffmpeg("MP3", plain, "mp4", "-c:v copy -c:a libmp3lame" + TCP),
        new Ffmpeg("G.711 A-law", plain, "mp4", toLaw + "alaw" + TCP),
        new Ffmpeg("G.711 mu-law, UDP", plain, "mp4", toLaw + "mulaw" + UDP),
        new Ffmpeg("HEVC, Opus", card(Codec.HEVC), "mkv", "-c copy" + TCP),
        new Ffmpeg("VP8, Opus, UDP", card(Codec.VP8), "mkv", "-c copy" + UDP),
        new Ffmpeg("VP9, Opus", card(Codec.VP9), "mkv", "-c copy -strict experimental" + TCP),
        new Ffmpeg(
            "a changed picture size",
            card().sizeChange(60, 480, 270).build(),
            "ts",
            "-c:v copy -c:a aac" + TCP),
        new Ffmpeg("pictures alone", plain, "mp4", "-c copy -an" + UDP),
        new Ffmpeg("sound alone", plain, "mp4", "-c copy -vn" + TCP));
  }

  private static List<Gstreamer> byGstreamer() {
    TestCard plain = card().build();
    return List.of(
        new Gstreamer("H.264, AAC, TCP", plain, "mp4", "tcp", "h264parse aacparse"),
        new Gstreamer("H.264, AAC, UDP", plain, "mp4", "udp", "h264parse aacparse"),
        new Gstreamer("HEVC, Opus, TCP", card(Codec.HEVC), "mkv", "tcp", "h265parse opusparse"),
        new Gstreamer("VP8, Opus, TCP", card(Codec.VP8), "mkv", "tcp", "queue opusparse"),
        new Gstreamer("VP9, Opus, UDP", card(Codec.VP9), "mkv", "udp", "vp9parse opusparse"));
  }

  private static Stream<String> names() {
    return Stream.concat(
        byFfmpeg().stream().map(Ffmpeg::name), byGstreamer().stream().map(Gstreamer::name));
  }

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    ForeignTool.require("ffmpeg", "-version");
    ForeignTool.require("gst-inspect-1.0", "--exists", "rtspclientsink");
    folder = dir;
    node = TestNode.start(dir, Map.of());
    user = node.user();
    byFfmpeg().forEach(each -> file(each.card(), each.ending()));
    byGstreamer().forEach(each -> file(each.card(), each.ending()));
    for (Ffmpeg each : byFfmpeg()) {
      TestStream stream = user.quietStream();
      Path file = file(each.card(), each.ending());
      pushes.put(
          each.name(),
          new Push(stream, ffmpeg(file, node.rtspUrl(stream), each.options()), WINDOW));
    }
    for (Gstreamer each : byGstreamer()) {
      pushes.put(each.name(), gstreamer(each));
    }
  }

  @AfterAll
  void stop() throws Exception {
    pushes.values().forEach(push -> push.publisher().close());
    if (node != null) {
      node.close();
    }
  }

  /** A card is written once for each container. */
  private Path file(TestCard card, String ending) {
    return files.computeIfAbsent(
        card,
        key -> {
          Path file = folder.resolve("card-" + files.size() + "." + ending);
          TestCardFile.write(card, LENGTH_US, file);
          return file;
        });
  }

  private ForeignTool ffmpeg(Path file, String url, String options) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("ffmpeg", "-v", "error", "-t", "6", "-re", "-i"));
    command.add(file.toString());
    command.addAll(List.of(options.split(" ", -1)));
    command.addAll(List.of("-f", "rtsp", url));
    return ForeignTool.start(folder, command.toArray(String[]::new));
  }

  private Push gstreamer(Gstreamer push) throws Exception {
    TestStream stream = user.quietStream();
    String demuxer = push.ending().equals("mp4") ? "qtdemux" : "matroskademux";
    String[] parsers = push.elements().split(" ", -1);
    String pipeline =
        "filesrc location=%s ! %s name=d rtspclientsink name=s latency=0 protocols=%s location=%s"
                .formatted(
                    file(push.card(), push.ending()),
                    demuxer,
                    push.protocols(),
                    node.rtspUrl(stream))
            + " d.video_0 ! queue ! %s ! s.sink_0 d.audio_0 ! queue ! %s ! s.sink_1"
                .formatted(parsers[0], parsers[1]);
    List<String> command = new ArrayList<>(List.of("gst-launch-1.0", "-e", "-q"));
    command.addAll(List.of(pipeline.split(" ", -1)));
    ForeignTool publisher = ForeignTool.start(folder, command.toArray(String[]::new));
    return new Push(stream, publisher, LATER_WINDOW);
  }

  @ParameterizedTest
  @MethodSource("names")
  void clipsToTheFrameAndInSync(String name) throws Exception {
    Push push = Objects.requireNonNull(pushes.get(name));
    Window window = push.window();
    if (window.equals(WINDOW)) {
      push.stream().await("stream.ended");
    } else { // GStreamer does not always take its leave.
      push.stream().awaitHeld(window.toUs() + 400_000);
    }
    JsonObject clip = push.stream().ready(push.stream().request(window.fromUs(), window.toUs()));
    Verdict verdict = user.judge(clip);
    long maxSkewUs = window.equals(WINDOW) ? MAX_SKEW_US : REPORTED_SKEW_US;
    assertEquals(List.of(), verdict.faults(maxSkewUs), verdict::toString);
    assertWindow(window, TestUser.contract(clip), verdict);
    verdict
        .sound()
        .ifPresent(sound -> assertTrue(sound.markers() >= window.markers(), verdict::toString));
    assertTrue(
        verdict.pictures().isEmpty()
            || verdict.sound().isEmpty()
            || verdict.skew().orElseThrow().markers() > window.markers() / 2,
        verdict::toString);
    assertEquals(1, push.stream().said("stream.started").size());
    if (window.equals(WINDOW)) {
      assertEquals(0, push.publisher().exitStatus(), push.publisher()::output);
      assertEquals(List.of(), push.stream().said("ingest.alert"));
    }
  }

  /** Exactly the pictures whose time lies in the window, and nothing missing. */
  private static void assertWindow(Window window, JsonObject contract, Verdict verdict) {
    assertEquals("[]", contract.getJsonArray("gaps").encode());
    if (verdict.pictures().isEmpty()) {
      return;
    }
    Verdict.Pictures pictures = verdict.pictures().get();
    long periodUs = 1_000_000 / FPS;
    long startUs = contract.getLong("delivered_start_us");
    long endUs = contract.getLong("delivered_end_us");
    assertTrue(startUs >= window.fromUs(), contract::encode);
    assertTrue(startUs < window.fromUs() + periodUs + ROUNDING_US, contract::encode);
    assertTrue(endUs >= window.toUs(), contract::encode);
    assertTrue(endUs < window.toUs() + periodUs + ROUNDING_US, contract::encode);
    int frames = Math.toIntExact(Math.round((endUs - startUs) * FPS / 1e6));
    assertEquals(frames, pictures.presentedFrames(), contract::encode);
    assertEquals(frames, pictures.lastFrame() - pictures.firstFrame() + 1, contract::encode);
  }

  /** Pictures that lost a packet are left out; all that is shown is right, and in sync. */
  @Test
  void keepsWhatCameWholeThroughABadNetwork() throws Exception {
    TestStream stream = user.quietStream();
    Path file = file(card().gop(10).bFrames(0).size(640, 360).build(), "mp4");
    try (LossyRelay relay = new LossyRelay(node.rtspPort(), 0.02, 0.02, 20_261_121L);
        ForeignTool publisher =
            ffmpeg(file, node.rtspUrl(stream, relay.port()), "-c copy -pkt_size 600" + UDP)) {
      stream.await("stream.ended");
      Verdict verdict = user.judge(stream.ready(stream.request(500_000, 3_900_000)));
      assertEquals(0, publisher.exitStatus(), publisher::output);
      assertTrue(relay.lost() > 0 && relay.delayed() > 0, "the network was good");
      assertEquals(0, verdict.decodeErrors(), verdict::toString);
      Verdict.Pictures pictures = verdict.pictures().orElseThrow();
      assertEquals(List.of(), pictures.unreadable(), verdict::toString);
      assertEquals(List.of(), pictures.repeated(), verdict::toString);
      assertEquals(List.of(), pictures.outOfOrder(), verdict::toString);
      assertTrue(pictures.presentedFrames() > 30, verdict::toString);
      assertTrue(verdict.skew().orElseThrow().maxAbsUs() <= MAX_SKEW_US, verdict::toString);
      assertTrue(node.metric("halcyon_rtsp_packets_lost_total") > 0);
      assertTrue(node.metric("halcyon_rtsp_packets_reordered_total") > 0);
    }
  }

  @Test
  void letsASecondPublisherTakeTheStreamWhereItMay() throws Exception {
    TestStream stream = user.quietStream();
    JsonObject replacing = new JsonObject().put("takeover", "replace");
    user.patch(stream.path(), new JsonObject().put("settings", replacing));
    Path file = file(card().build(), "mp4");
    try (ForeignTool first = ffmpeg(file, node.rtspUrl(stream), "-c copy" + TCP)) {
      stream.awaitHeld(500_000);
      try (ForeignTool second = ffmpeg(file, node.rtspUrl(stream), "-c copy" + UDP)) {
        stream.await("ingest.alert", alert -> alert.encode().contains("PUBLISHER_REPLACED"));
        assertEquals("disconnected", stream.await("stream.ended").getString("reason"));
        Deadline.until("the second", () -> stream.said("stream.started").size() == 2);
        assertTrue(second.isAlive(), second::output);
      }
      assertNotEquals(0, first.exitStatus());
    }
  }

  @Test
  void goesOnWithThePublisherThatComesBack() throws Exception {
    TestStream stream = user.quietStream();
    Path file = file(card().build(), "mp4");
    try (ForeignTool vanishing = ffmpeg(file, node.rtspUrl(stream), "-c copy" + TCP)) {
      stream.awaitHeld(2_000_000);
      vanishing.kill();
      assertEquals("connection lost", stream.await("stream.ended").getString("reason"));
    }
    long brokenUs = stream.heldToUs();
    try (ForeignTool back = ffmpeg(file, node.rtspUrl(stream), "-c copy" + UDP)) {
      assertTrue(back.isAlive(), back::output);
      stream.awaitHeld(brokenUs + 2_500_000);
      JsonObject across = stream.ready(stream.request(1_000_000, brokenUs + 1_900_000));
      JsonObject contract = TestUser.contract(across);
      assertEquals(2, contract.getJsonArray("epochs").size(), contract::encode);
      assertEquals(1, contract.getJsonArray("gaps").size(), contract::encode);
      long gapUs = contract.getJsonArray("gaps").getJsonObject(0).getLong("length_us");
      long fromUs = brokenUs + gapUs + 200_000;
      stream.awaitHeld(fromUs + 2_500_000);
      JsonObject after = stream.ready(stream.request(fromUs, fromUs + 2_000_000));
      Verdict verdict = user.judge(after);
      assertEquals(List.of(), verdict.faults(MAX_SKEW_US), verdict::toString);
      assertEquals(1, TestUser.contract(after).getJsonArray("epochs").size());
    }
  }
}
