package dev.halcyon.bench;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.MuxerHandle;
import dev.halcyon.codecs.mux.PacketSource;
import dev.halcyon.codecs.mux.PreparedLoop;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.verticles.client.HalcyonClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A server of its own with one stream, pushed in real time; clips of several lengths are asked for
 * one after the other, and after each one the peer and a bare copy do as much.
 */
final class CutLoad {
  private static final long LOOP_US = 10_000_000;
  private static final long GOP_US = 2_000_000;
  private static final long AHEAD_US = 1_500_000;
  private static final long RING_BYTES = 256L << 20;

  private final Path dir;
  private final PreparedLoop loop;
  private final Plan plan;
  private final Announcements announcements = new Announcements();

  /** The last clip of each length. */
  private final Map<Long, String> cut = new LinkedHashMap<>();

  /**
   * @param lengthsUs of the clips
   * @param clips of each length
   */
  record Plan(List<Long> lengthsUs, int clips) {
    long longestUs() {
      return Collections.max(lengthsUs);
    }
  }

  /**
   * @param sizeBytes of a clip's file
   * @param latency window closed to {@code clip.ready} received
   * @param ffmpeg the peer's whole run; nothing recorded where it is not installed
   * @param copy a bare copy of that file
   */
  record Result(
      long clipUs, int requested, long sizeBytes, Latency latency, Latency ffmpeg, Latency copy) {}

  CutLoad(Path dir, PreparedLoop loop, Plan plan) {
    this.dir = dir;
    this.loop = loop;
    this.plan = plan;
  }

  /** 1080p30 at 6 Mb/s with B-frames, a keyframe every 2 s, AAC. */
  static PreparedLoop prepare() {
    TestCard card =
        TestCard.builder().size(1920, 1080).gop(60).bFrames(2).videoBitrate(6_000_000).build();
    try (TestCardSource source = TestCardSource.of(card, LOOP_US)) {
      return new PreparedLoop(source, LOOP_US);
    }
  }

  /**
   * @param instant a row a length
   * @param exact likewise, of one clip each
   */
  record Results(List<Result> instant, List<SmartCutLoad.Result> exact) {}

  Results run() throws Exception {
    Path material = dir.resolve("material.mp4");
    write(material, plan.longestUs() + 2 * GOP_US);
    try (ServerProcess server =
            ServerProcess.start(
                dir.resolve("data"),
                Map.of("HALCYON_RING_FREE_BYTES", "0", "HALCYON_LOG_LEVEL", "warn"));
        HalcyonClient client = new HalcyonClient(server.httpBase())) {
      client.register("bench@halcyon.invalid", UUID.randomUUID().toString(), "Bench");
      List<Result> instant = new ArrayList<>();
      try (PushedStream stream =
          PushedStream.start(server, client, "push", RING_BYTES, loop, announcements)) {
        for (long lengthUs : plan.lengthsUs()) {
          PushedStream.awaitMedia(List.of(stream), lengthUs + 1_000_000);
          instant.add(measure(client, stream, material, lengthUs));
        }
      }
      List<SmartCutLoad.Result> exact = new ArrayList<>();
      for (Map.Entry<Long, String> clip : cut.entrySet()) {
        exact.add(new SmartCutLoad(client, dir).run(clip.getValue(), clip.getKey()));
      }
      return new Results(instant, exact);
    }
  }

  private Result measure(HalcyonClient client, PushedStream stream, Path material, long lengthUs)
      throws IOException, InterruptedException {
    Latency latency = new Latency();
    Latency ffmpeg = new Latency();
    Latency copy = new Latency();
    Path clip = dir.resolve("clip.mp4");
    for (int i = 0; i < plan.clips(); i++) {
      String id = cut(client, stream, lengthUs, latency);
      cut.put(lengthUs, id);
      // A start inside of a GOP, another one each time, as a clip's.
      long fromUs = GOP_US / 10 + i * GOP_US * 4 / 5 / plan.clips();
      if (FfmpegPeer.isInstalled()) {
        ffmpeg.recordNs(FfmpegPeer.copy(material, fromUs, lengthUs, dir.resolve("peer.mp4")));
      }
      if (i == 0) {
        client.download(client.clip(id).getString("download_url"), clip);
      }
      long startNs = System.nanoTime();
      Files.copy(clip, dir.resolve("copy.mp4"), StandardCopyOption.REPLACE_EXISTING);
      copy.recordNs(System.nanoTime() - startNs);
    }
    return new Result(lengthUs, plan.clips(), Files.size(clip), latency, ffmpeg, copy);
  }

  private String cut(HalcyonClient client, PushedStream stream, long lengthUs, Latency latency) {
    long toUs = stream.sent().newestUs() + AHEAD_US;
    String clip =
        client.requestClip(
            stream.id(), new JsonObject().put("from_us", toUs - lengthUs).put("to_us", toUs));
    announcements.await(List.of(clip));
    OptionalLong readyNs = announcements.readyNs(clip);
    OptionalLong closedNs = stream.sent().closedAtNs(toUs);
    if (readyNs.isPresent() && closedNs.isPresent()) {
      latency.recordNs(readyNs.getAsLong() - closedNs.getAsLong());
    }
    return clip;
  }

  /** As much of what is pushed as a file. */
  private void write(Path target, long lengthUs) {
    try (PacketSource source = loop.source();
        MuxerHandle muxer = MuxerHandle.toFile(target, "mp4", source.tracks(), Map.of())) {
      CodedPacket packet = source.next().orElseThrow();
      while (packet.dtsUs() < lengthUs) {
        muxer.write(packet);
        packet = source.next().orElseThrow();
      }
      muxer.finish();
    }
  }
}
