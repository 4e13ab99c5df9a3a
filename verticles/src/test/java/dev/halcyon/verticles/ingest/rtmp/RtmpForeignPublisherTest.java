package dev.halcyon.verticles.ingest.rtmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.RecordingGate;
import dev.halcyon.verticles.ingest.RecordingPublication;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Debian's ffmpeg and GStreamer as publishers. */
class RtmpForeignPublisherTest {
  private static final List<String> FFMPEG =
      List.of("ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "warning", "-y");

  /** No test here sends sound that has to be encoded. */
  static final SoundEncoding.Factory NO_SOUND =
      (rateHz, channels, sink) -> {
        throw new AssertionError("no sound is to be encoded");
      };

  @TempDir static Path folder;
  private static Path source;

  private final RecordingGate gate = new RecordingGate("key-one");
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Vertx vertx;
  private RtmpVerticle server;

  @BeforeAll
  static void encodeSource() throws Exception {
    ForeignTool.require("ffmpeg", "-version");
    ForeignTool.require("ffprobe", "-version");
    source = folder.resolve("source.flv");
    String[] video = {"-f", "lavfi", "-i", "testsrc=size=322x182:rate=30:duration=3"};
    String[] audio = {"-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=3"};
    List<String> command = new ArrayList<>(FFMPEG);
    command.addAll(List.of(video));
    command.addAll(List.of(audio));
    command.addAll(List.of("-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "30"));
    command.addAll(List.of("-pix_fmt", "yuv420p", "-c:a", "aac", "-ac", "2", "-f", "flv"));
    command.add(source.toString());
    ForeignTool.run(folder, command.toArray(String[]::new));
  }

  @BeforeEach
  void startServer() throws Exception {
    vertx = Vertx.vertx();
    server = new RtmpVerticle(RtmpOptions.listeningOn("127.0.0.1", 0), gate, NO_SOUND, registry);
    vertx.deployVerticle(server).await(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void stopServer() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
    assertEquals(0, registry.get("halcyon.rtmp.connections").gauge().value());
    assertEquals(0, registry.get("halcyon.rtmp.buffer.bytes").gauge().value());
  }

  @Test
  void keepsEveryPacketOfFfmpegWithItsTimes() throws Exception {
    ForeignTool.run(folder, push("key-one"));
    RecordingPublication received = onlyPublication();
    Eventually.holds("closed", () -> !received.closings().isEmpty());

    assertEquals(List.of(Publication.UNPUBLISHED), received.closings());
    assertEquals(probedPackets(source, "v"), described(received.packets(FlvDemuxer.VIDEO_TRACK)));
    assertEquals(probedPackets(source, "a"), described(received.packets(FlvDemuxer.AUDIO_TRACK)));
    assertTrue(
        received.packets(FlvDemuxer.VIDEO_TRACK).stream().anyMatch(p -> p.ptsUs() > p.dtsUs()),
        "the source has B-frames");
    assertEquals(2, received.tracks().size());
    VideoFormat video = (VideoFormat) received.tracks().get(0).format();
    assertEquals(Codec.H264, video.codec());
    assertEquals(322, video.widthPx());
    assertEquals(182, video.heightPx());
    assertEquals(probedExtradata("v"), video.config().toString());
    AudioFormat audio = (AudioFormat) received.tracks().get(1).format();
    assertEquals(48_000, audio.sampleRateHz());
    assertEquals(2, audio.channels());
    assertTrue(registry.get("halcyon.rtmp.ingest.bytes").counter().count() > 10_000);
  }

  /** Ten hours in, where timestamps are extended; across FFmpeg's own wrap at 31 bits. */
  @ParameterizedTest
  @ValueSource(ints = {36_000, 2_147_482})
  void keepsTheTimesOfALateStart(int startS) throws Exception {
    String[] command =
        ForeignTool.with(
            FFMPEG,
            "-i",
            source.toString(),
            "-copyts",
            "-map",
            "0",
            "-c",
            "copy",
            "-output_ts_offset",
            "" + startS,
            "-f",
            "flv",
            url("key-one"));
    ForeignTool.run(folder, command);
    RecordingPublication received = onlyPublication();
    Eventually.holds("closed", () -> !received.closings().isEmpty());
    List<String> times = new ArrayList<>();
    for (RecordingPublication.Packet packet : received.packets(FlvDemuxer.VIDEO_TRACK)) {
      long startUs = startS * 1_000_000L;
      times.add((packet.ptsUs() - startUs) / 1_000 + "," + (packet.dtsUs() - startUs) / 1_000);
    }
    List<String> expected =
        probedPackets(source, "v").stream()
            .map(line -> line.replaceAll(",\\d+,[K_]$", ""))
            .toList();
    assertEquals(expected, times);
  }

  @Test
  void tellsFfmpegQuicklyThatItsKeyIsUnknown() throws Exception {
    try (ForeignTool publisher = ForeignTool.start(folder, push("wrong-key"))) {
      assertNotEquals(0, publisher.exitStatus());
      assertTrue(publisher.output().contains("unknown stream key"), publisher.output());
    }
    assertTrue(gate.publications().isEmpty());
    assertEquals(1, rejections("unknown_stream_key"));
  }

  @Test
  void tellsFfmpegThatTheApplicationIsUnknown() throws Exception {
    String url = "rtmp://127.0.0.1:" + server.actualPort() + "/other/key-one";
    try (ForeignTool publisher = ForeignTool.start(folder, pushTo(url))) {
      assertNotEquals(0, publisher.exitStatus());
      assertTrue(publisher.output().contains("no such application"), publisher.output());
    }
    assertTrue(gate.requests().isEmpty());
  }

  @Test
  void refusesASecondPublisherWhileTheFirstGoesOn() throws Exception {
    try (ForeignTool first = ForeignTool.start(folder, pushForever())) {
      Eventually.holds("first publishes", () -> packetCount() > 10);
      try (ForeignTool second = ForeignTool.start(folder, push("key-one"))) {
        assertNotEquals(0, second.exitStatus());
        assertTrue(second.output().contains("already publishing"), second.output());
      }
      int before = packetCount();
      Eventually.holds("first goes on", () -> packetCount() > before + 10);
      assertTrue(first.isAlive());
    }
    assertEquals(1, gate.publications().size());
  }

  @Test
  void closesThePublicationOfAKilledPublisherAndLetsItComeBack() throws Exception {
    try (ForeignTool publisher = ForeignTool.start(folder, pushForever())) {
      Eventually.holds("publishes", () -> packetCount() > 10);
      publisher.kill();
      RecordingPublication lost = onlyPublication();
      Eventually.holds("closed", () -> !lost.closings().isEmpty());
      assertEquals(List.of("connection lost"), lost.closings());
    }
    ForeignTool.run(folder, push("key-one"));
    assertEquals(2, gate.publications().size());
  }

  @Test
  void disconnectsAPublisherOnRequest() throws Exception {
    try (ForeignTool publisher = ForeignTool.start(folder, pushForever())) {
      Eventually.holds("publishes", () -> packetCount() > 10);
      gate.requests().getFirst().disconnect().run();
      assertNotEquals(0, publisher.exitStatus());
      assertEquals(List.of("disconnected"), onlyPublication().closings());
    }
  }

  @Test
  void tellsFfmpegThatACodecIsNotSupported() throws Exception {
    String[] command =
        ForeignTool.with(
            FFMPEG,
            "-re",
            "-f",
            "lavfi",
            "-i",
            "testsrc=size=320x180:rate=30:duration=30",
            "-c:v",
            "flv",
            "-f",
            "flv",
            url("key-one"));
    try (ForeignTool publisher = ForeignTool.start(folder, command)) {
      assertNotEquals(0, publisher.exitStatus());
    }
    assertEquals(1, rejections("unsupported_media"));
    assertTrue(onlyPublication().closings().getFirst().contains("Sorenson"));
  }

  @Test
  void answersFlashsSignedHandshakeSoThatFfmpegAcceptsIt() throws Exception {
    // ffmpeg checks the server's signatures only when it plays.
    String[] play =
        ForeignTool.with(FFMPEG, "-loglevel", "debug", "-i", url("key-one"), "-f", "null", "-");
    try (ForeignTool player = ForeignTool.start(folder, play)) {
      assertNotEquals(0, player.exitStatus());
      assertTrue(player.output().contains("this server is for publishing"), player.output());
      assertTrue(player.output().contains("Server version 3.5.7.1"), "signed: " + player.output());
    }
  }

  /** {@code rtmpsink} is librtmp, which OBS builds on; {@code rtmp2sink} is GStreamer's own. */
  @ParameterizedTest
  @ValueSource(strings = {"rtmp2sink", "rtmpsink"})
  void keepsEveryPacketOfGstreamer(String sink) throws Exception {
    ForeignTool.require("gst-inspect-1.0", sink);
    Path muxed = folder.resolve("muxed.flv");
    String pipeline =
        "flvmux name=mux streamable=true ! tee name=both ! queue ! "
            + sink
            + " location="
            + url("key-one")
            + " both. ! queue ! filesink location="
            + muxed
            + " filesrc location="
            + source
            + " ! flvdemux name=demux demux.video ! queue ! h264parse ! mux.video"
            + " demux.audio ! queue ! aacparse ! mux.audio";
    ForeignTool.run(
        folder, ForeignTool.with(List.of("gst-launch-1.0", "-e"), pipeline.split(" ", -1)));
    RecordingPublication received = onlyPublication();
    Eventually.holds("closed", () -> !received.closings().isEmpty());
    assertEquals(probedPackets(muxed, "v"), described(received.packets(FlvDemuxer.VIDEO_TRACK)));
    assertEquals(probedPackets(muxed, "a"), described(received.packets(FlvDemuxer.AUDIO_TRACK)));
  }

  private RecordingPublication onlyPublication() {
    assertEquals(1, gate.publications().size());
    return gate.publications().getFirst();
  }

  private int packetCount() {
    return gate.publications().isEmpty() ? 0 : onlyPublication().packets().size();
  }

  private double rejections(String reason) {
    return registry.get("halcyon.rtmp.rejected").tag("reason", reason).counter().count();
  }

  private String url(String key) {
    return "rtmp://127.0.0.1:" + server.actualPort() + "/live/" + key;
  }

  private String[] push(String key) {
    return pushTo(url(key));
  }

  private String[] pushTo(String url) {
    return ForeignTool.with(
        FFMPEG, "-i", source.toString(), "-map", "0", "-c", "copy", "-f", "flv", url);
  }

  private String[] pushForever() {
    return ForeignTool.with(
        FFMPEG,
        "-re",
        "-stream_loop",
        "-1",
        "-i",
        source.toString(),
        "-c",
        "copy",
        "-f",
        "flv",
        url("key-one"));
  }

  private static List<String> described(List<RecordingPublication.Packet> packets) {
    return packets.stream()
        .map(
            packet ->
                packet.ptsUs() / 1_000
                    + ","
                    + packet.dtsUs() / 1_000
                    + ","
                    + packet.payload().length()
                    + ","
                    + (packet.isKeyframe() ? "K" : "_"))
        .toList();
  }

  private static List<String> probedPackets(Path file, String kind)
      throws IOException, InterruptedException {
    String csv =
        ForeignTool.run(
            folder,
            "ffprobe",
            "-v",
            "error",
            "-select_streams",
            kind,
            "-show_entries",
            "packet=pts,dts,size,flags",
            "-of",
            "csv=p=0:nk=1",
            file.toString());
    return csv.lines().map(line -> normal(line)).toList();
  }

  private static String normal(String line) {
    String[] fields = line.split(",", -1);
    return String.join(",", fields[0], fields[1], fields[2], fields[3].startsWith("K") ? "K" : "_");
  }

  private static String probedExtradata(String kind) throws IOException, InterruptedException {
    String dump =
        ForeignTool.run(
            folder,
            "ffprobe",
            "-v",
            "error",
            "-select_streams",
            kind,
            "-show_data",
            "-show_entries",
            "stream=extradata",
            "-of",
            "default=nk=1:nw=1",
            source.toString());
    StringBuilder hex = new StringBuilder();
    dump.lines()
        .filter(line -> line.matches("[0-9a-f]{8}: .*"))
        .forEach(line -> hex.append(line.substring(10, 49).replace(" ", "")));
    return hex.toString();
  }
}
