package dev.halcyon.bench;

import dev.halcyon.codecs.mux.LivePush;
import dev.halcyon.codecs.mux.Pace;
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
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** One run: a server of its own, N streams pushed in real time, clips asked for in turn. */
final class ClipLoad {
  private static final long LOOP_US = 10_000_000;
  private static final long AHEAD_US = 1_500_000;
  private static final long CLIP_EVERY_MS = 3_000;
  private static final long ANNOUNCE_LIMIT_S = 15;
  private static final long IO_TIMEOUT_MS = 10_000;
  private static final int COPIES = 50;

  private final Path dir;
  private final int streams;
  private final PreparedLoop loop;
  private final Plan plan;
  private final Histogram latencyUs = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
  private final Map<String, Asked> asked = new ConcurrentHashMap<>();
  private final Map<String, Long> announcedNs = new ConcurrentHashMap<>();

  /**
   * @param latency window closed to {@code clip.ready} received, microseconds
   * @param copy a bare copy of a file of a clip's size, microseconds
   * @param cpuPerStream cores of the server while all streams run, divided by them
   * @param rssAnonGrowthBytes anonymous memory at the end over that before the first stream
   */
  record Result(
      int streams,
      int requested,
      int announced,
      Histogram latency,
      Histogram copy,
      double cpuPerStream,
      long rssAnonBytes,
      long rssAnonGrowthBytes) {}

  private record Asked(SentPackets sent, long toUs) {}

  /** One pushed stream. */
  private record Pushed(String id, SentPackets sent, LivePush push, Thread thread) {}

  /**
   * @param measureS how long clips are asked for
   * @param clipUs how long each clip is
   */
  record Plan(int measureS, long clipUs) {
    static final Plan FULL = new Plan(60, 10_000_000);
    static final Plan QUICK = new Plan(8, 4_000_000);

    /** Media that has to be there before the first clip. */
    long warmUpUs() {
      return clipUs + 1_000_000;
    }
  }

  ClipLoad(Path dir, int streams, PreparedLoop loop, Plan plan) {
    this.dir = dir;
    this.streams = streams;
    this.loop = loop;
    this.plan = plan;
  }

  Result run() throws Exception {
    try (ServerProcess server =
            ServerProcess.start(
                dir.resolve("data"),
                Map.of("HALCYON_RING_FREE_BYTES", "0", "HALCYON_LOG_LEVEL", "warn"));
        HalcyonClient client = new HalcyonClient(server.httpBase())) {
      client.register("bench@halcyon.invalid", UUID.randomUUID().toString(), "Bench");
      long rssBefore = server.rssAnonBytes();
      List<Pushed> pushed = new ArrayList<>();
      List<AutoCloseable> listening = new ArrayList<>();
      try {
        for (int i = 0; i < streams; i++) {
          pushed.add(push(server, client, listening, i));
        }
        awaitMedia(pushed);
        return measure(server, client, pushed, rssBefore);
      } finally {
        for (AutoCloseable socket : listening) {
          socket.close();
        }
        for (Pushed stream : pushed) {
          stream.push().stop();
        }
        for (Pushed stream : pushed) {
          stream.thread().join();
        }
      }
    }
  }

  /** 720p30 at 2.5 Mb/s with B-frames, a keyframe every 2 s, AAC. */
  static PreparedLoop prepare() {
    TestCard card =
        TestCard.builder().size(1280, 720).gop(60).bFrames(2).videoBitrate(2_500_000).build();
    try (TestCardSource source = TestCardSource.of(card, LOOP_US)) {
      return new PreparedLoop(source, LOOP_US);
    }
  }

  private Pushed push(
      ServerProcess server, HalcyonClient client, List<AutoCloseable> listening, int index) {
    JsonObject stream =
        client.createStream(
            "bench " + index,
            new JsonObject().put("ring", new JsonObject().put("capacity_bytes", 128L << 20)));
    String id = stream.getString("id");
    listening.add(client.listen(id, this::onMessage));
    SentPackets sent = new SentPackets(2);
    LivePush push =
        new LivePush(
            server.rtmpUrl(stream.getString("stream_key")),
            Pace.REAL_TIME,
            IO_TIMEOUT_MS,
            (track, dtsUs, ptsUs, atNs) -> sent.onSent(track.index(), dtsUs, atNs));
    Thread thread = Thread.ofPlatform().name("push-" + index).start(() -> push.run(loop.source()));
    return new Pushed(id, sent, push, thread);
  }

  private void onMessage(JsonObject message, long atNs) {
    if (message.getString("type").equals("clip.ready")) {
      announcedNs.put(message.getJsonObject("data").getString("id"), atNs);
    }
  }

  private void awaitMedia(List<Pushed> pushed) {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (pushed.stream().anyMatch(stream -> stream.sent().newestUs() < plan.warmUpUs())) {
      if (System.nanoTime() - deadlineNs > 0) {
        throw new IllegalStateException("the streams did not come up");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private Result measure(
      ServerProcess server, HalcyonClient client, List<Pushed> pushed, long rssBefore)
      throws IOException {
    double cpuBefore = server.cpuSeconds();
    long startNs = System.nanoTime();
    long endNs = startNs + TimeUnit.SECONDS.toNanos(plan.measureS());
    long stepNs = TimeUnit.MILLISECONDS.toNanos(CLIP_EVERY_MS) / streams;
    for (int i = 0; System.nanoTime() - endNs < 0; i++) {
      ask(client, pushed.get(i % streams));
      LockSupport.parkNanos(startNs + (i + 1) * stepNs - System.nanoTime());
    }
    awaitAnnouncements();
    double wallS = (System.nanoTime() - startNs) / 1e9;
    double cores = (server.cpuSeconds() - cpuBefore) / wallS;
    long rssAfter = server.rssAnonBytes();
    asked.forEach(this::record);
    return new Result(
        streams,
        asked.size(),
        (int) latencyUs.getTotalCount(),
        latencyUs,
        copies(client),
        cores / streams,
        rssAfter,
        rssAfter - rssBefore);
  }

  private void ask(HalcyonClient client, Pushed stream) {
    long toUs = stream.sent().newestUs() + AHEAD_US;
    String clip =
        client.requestClip(
            stream.id(), new JsonObject().put("from_us", toUs - plan.clipUs()).put("to_us", toUs));
    asked.put(clip, new Asked(stream.sent(), toUs));
  }

  private void awaitAnnouncements() {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANNOUNCE_LIMIT_S);
    while (!announcedNs.keySet().containsAll(asked.keySet())
        && System.nanoTime() - deadlineNs < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private void record(String clip, Asked window) {
    Long readyNs = announcedNs.get(clip);
    OptionalLong closedNs = window.sent().closedAtNs(window.toUs());
    if (readyNs != null && closedNs.isPresent()) {
      latencyUs.recordValue(Math.max(0, (readyNs - closedNs.getAsLong()) / 1_000));
    }
  }

  private Histogram copies(HalcyonClient client) throws IOException {
    Histogram us = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
    if (announcedNs.isEmpty()) {
      return us;
    }
    Path clip = dir.resolve("clip.mp4");
    String id = announcedNs.keySet().iterator().next();
    client.download(client.clip(id).getString("download_url"), clip);
    for (int i = 0; i < COPIES; i++) {
      long startNs = System.nanoTime();
      Files.copy(clip, dir.resolve("copy.mp4"), StandardCopyOption.REPLACE_EXISTING);
      us.recordValue((System.nanoTime() - startNs) / 1_000);
    }
    return us;
  }
}
