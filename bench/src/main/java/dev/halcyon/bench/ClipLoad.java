package dev.halcyon.bench;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One run: a server of its own, N streams pushed in real time, clips asked for in turn. {@link
 * #run} blocks one thread, once.
 */
public final class ClipLoad {
  private static final long LOOP_US = 10_000_000;
  private static final long AHEAD_US = 1_500_000;
  private static final long CLIP_EVERY_MS = 3_000;
  private static final long RING_BYTES = 128L << 20;
  private static final int COPIES = 50;

  private final Path dir;
  private final int streams;
  private final PreparedLoop loop;
  private final Plan plan;
  private final Latency latency = new Latency();
  private final Map<String, Asked> asked = new HashMap<>();
  private final Announcements announcements = new Announcements();

  /**
   * @param latency window closed to {@code clip.ready} received
   * @param copy a bare copy of a file of a clip's size
   * @param cpuPerStream cores of the server while all streams run, divided by them
   * @param rssAnonGrowthBytes anonymous memory at the end over that before the first stream
   */
  public record Result(
      int streams,
      int requested,
      int announced,
      Latency latency,
      Latency copy,
      double cpuPerStream,
      long rssAnonBytes,
      long rssAnonGrowthBytes) {}

  private record Asked(SentPackets sent, long toUs) {}

  /**
   * @param measureS how long clips are asked for
   * @param clipUs how long each clip is
   */
  public record Plan(int measureS, long clipUs) {
    public static final Plan FULL = new Plan(60, 10_000_000);
    public static final Plan QUICK = new Plan(8, 4_000_000);

    /** Media that has to be there before the first clip. */
    long warmUpUs() {
      return clipUs + 1_000_000;
    }
  }

  /**
   * @param dir for the server's files; the caller deletes it
   * @param loop what each stream is, by {@link #prepare}
   */
  public ClipLoad(Path dir, int streams, PreparedLoop loop, Plan plan) {
    this.dir = dir;
    this.streams = streams;
    this.loop = loop;
    this.plan = plan;
  }

  public Result run() throws Exception {
    try (ServerProcess server =
            ServerProcess.start(
                dir.resolve("data"),
                Map.of("HALCYON_RING_FREE_BYTES", "0", "HALCYON_LOG_LEVEL", "warn"));
        HalcyonClient client = new HalcyonClient(server.httpBase())) {
      client.register("bench@halcyon.invalid", UUID.randomUUID().toString(), "Bench");
      long rssBefore = server.rssAnonBytes();
      List<PushedStream> pushed = new ArrayList<>();
      try {
        for (int i = 0; i < streams; i++) {
          pushed.add(
              PushedStream.start(server, client, "push-" + i, RING_BYTES, loop, announcements));
        }
        PushedStream.awaitMedia(pushed, plan.warmUpUs());
        return measure(server, client, pushed, rssBefore);
      } finally {
        PushedStream.closeAll(pushed);
      }
    }
  }

  /** 720p30 at 2.5 Mb/s with B-frames, a keyframe every 2 s, AAC. */
  public static PreparedLoop prepare() {
    TestCard card =
        TestCard.builder().size(1280, 720).gop(60).bFrames(2).videoBitrate(2_500_000).build();
    try (TestCardSource source = TestCardSource.of(card, LOOP_US)) {
      return new PreparedLoop(source, LOOP_US);
    }
  }

  private Result measure(
      ServerProcess server, HalcyonClient client, List<PushedStream> pushed, long rssBefore)
      throws IOException {
    double cpuBefore = server.cpuSeconds();
    long startNs = System.nanoTime();
    long endNs = startNs + TimeUnit.SECONDS.toNanos(plan.measureS());
    long stepNs = TimeUnit.MILLISECONDS.toNanos(CLIP_EVERY_MS) / streams;
    for (int i = 0; System.nanoTime() - endNs < 0; i++) {
      ask(client, pushed.get(i % streams));
      LockSupport.parkNanos(startNs + (i + 1) * stepNs - System.nanoTime());
    }
    announcements.await(asked.keySet());
    double wallS = (System.nanoTime() - startNs) / 1e9;
    double cores = (server.cpuSeconds() - cpuBefore) / wallS;
    long rssAfter = server.rssAnonBytes();
    asked.forEach(this::record);
    return new Result(
        streams,
        asked.size(),
        (int) latency.count(),
        latency,
        copies(client),
        cores / streams,
        rssAfter,
        rssAfter - rssBefore);
  }

  private void ask(HalcyonClient client, PushedStream stream) {
    long toUs = stream.sent().newestUs() + AHEAD_US;
    String clip =
        client.requestClip(
            stream.id(), new JsonObject().put("from_us", toUs - plan.clipUs()).put("to_us", toUs));
    asked.put(clip, new Asked(stream.sent(), toUs));
  }

  private void record(String clip, Asked window) {
    OptionalLong readyNs = announcements.readyNs(clip);
    OptionalLong closedNs = window.sent().closedAtNs(window.toUs());
    if (readyNs.isPresent() && closedNs.isPresent()) {
      latency.recordNs(readyNs.getAsLong() - closedNs.getAsLong());
    }
  }

  private Latency copies(HalcyonClient client) throws IOException {
    Latency copies = new Latency();
    Optional<String> any =
        asked.keySet().stream().filter(id -> announcements.readyNs(id).isPresent()).findAny();
    if (any.isEmpty()) {
      return copies;
    }
    Path clip = dir.resolve("clip.mp4");
    client.download(client.clip(any.get()).getString("download_url"), clip);
    for (int i = 0; i < COPIES; i++) {
      long startNs = System.nanoTime();
      Files.copy(clip, dir.resolve("copy.mp4"), StandardCopyOption.REPLACE_EXISTING);
      copies.recordNs(System.nanoTime() - startNs);
    }
    return copies;
  }
}
