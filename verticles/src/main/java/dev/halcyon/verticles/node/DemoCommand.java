package dev.halcyon.verticles.node;

import dev.halcyon.codecs.mux.FileSource;
import dev.halcyon.codecs.mux.LivePush;
import dev.halcyon.codecs.mux.Pace;
import dev.halcyon.codecs.mux.PacketSource;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardProgramme;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.verticles.client.HalcyonClient;
import dev.halcyon.verticles.ops.Logging;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Shows the whole path on one terminal: starts a node, pushes a file or a generated programme to it
 * over RTMP in real time, and prints each clip as it is announced.
 */
@Command(
    name = "demo",
    description = "Start everything, push a stream, print each clip as it is announced.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final int DEFAULT_SECONDS = 60;
  private static final long LAST_CLIP_WAIT_S = 10;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "H.264 and AAC in any container; without it a programme is generated.")
  private Path file;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How much of the generated programme to push (default: ${DEFAULT-VALUE}).")
  private int seconds = DEFAULT_SECONDS;

  @Option(
      names = "--exit",
      description = "Stop when the push is over; exit 1 if a burst gave no clip.")
  private boolean exits;

  private final PrintStream out = System.out;
  private final List<JsonObject> clips = Collections.synchronizedList(new ArrayList<>());

  @Override
  public Integer call() throws Exception {
    NodeConfig config;
    try {
      config = NodeConfig.load(Optional.empty(), environment());
    } catch (ConfigException wrong) {
      System.err.println("halcyon: " + wrong.getMessage());
      return Halcyon.EXIT_MISCONFIGURED;
    }
    Logging.configure(config.logFormat(), "warn");
    out.println("starting the server …");
    HalcyonNode node;
    try {
      node = NodeStart.of(config);
    } catch (ConfigException wrong) {
      System.err.println("halcyon: " + wrong.getMessage());
      return Halcyon.EXIT_MISCONFIGURED;
    }
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(node::close));
    node.printAddresses(out);
    boolean isComplete = show(node);
    if (!exits) {
      out.println("The server goes on; Ctrl-C stops it.");
      new CountDownLatch(1).await();
    }
    return isComplete ? 0 : 1;
  }

  /** The demo keeps its data apart, and may be repeated as often as one likes. */
  private static Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putIfAbsent("HALCYON_DATA_DIR", "halcyon-data/demo");
    environment.putIfAbsent("HALCYON_ACCESS_REGISTER_PER_HOUR", "1000");
    environment.putIfAbsent("HALCYON_RING_FREE_BYTES", "0");
    return environment;
  }

  private boolean show(HalcyonNode node) throws Exception {
    try (HalcyonClient client = new HalcyonClient("http://127.0.0.1:" + node.httpPort())) {
      String name = "demo-" + randomHex(4);
      client.register(name + "@demo.invalid", randomHex(12), "Demo");
      JsonObject stream =
          client.createStream(
              file == null ? "Test card" : String.valueOf(file.getFileName()),
              new JsonObject()
                  .put("ring", new JsonObject().put("capacity_bytes", 256L << 20))
                  .put("detection", new JsonObject().put("pre_roll_s", 5).put("post_roll_s", 3)));
      String id = stream.getString("id");
      out.println(
          "watch it       http://localhost:"
              + node.httpPort()
              + "/#token="
              + client.accessToken()
              + "&refresh="
              + client.refreshToken()
              + "&stream="
              + id);
      out.println();
      AutoCloseable listening = client.listen(id, (message, atNs) -> onMessage(node, message));
      try {
        push("rtmp://127.0.0.1:" + node.rtmpPort() + "/live/" + stream.getString("stream_key"));
        return summary();
      } finally {
        listening.close();
      }
    }
  }

  private void push(String url) {
    try (PacketSource source = source()) {
      new LivePush(url, Pace.REAL_TIME).run(source);
    }
  }

  private PacketSource source() {
    if (file != null) {
      out.println("pushing " + file + " in real time …");
      return FileSource.open(file);
    }
    out.println("pushing " + seconds + " s of quiet talk with bursts of a crowd, in real time …");
    TestCard card =
        TestCard.builder().size(1280, 720).bFrames(2).programme(TestCardProgramme.demo()).build();
    return TestCardSource.of(card, seconds * 1_000_000L);
  }

  private void onMessage(HalcyonNode node, JsonObject message) {
    JsonObject data = message.getJsonObject("data", new JsonObject());
    switch (message.getString("type", "")) {
      case "signal" ->
          out.printf(
              Locale.ROOT,
              "%8.2f s  %-16s %.2f%n",
              data.getLong("at_us") / 1e6,
              data.getString("kind"),
              data.getDouble("strength"));
      case "clip.ready" -> {
        clips.add(data);
        JsonObject contract =
            data.getJsonArray("versions").getJsonObject(0).getJsonObject("contract");
        out.printf(
            Locale.ROOT,
            "%8.2f s  CLIP %s, %.2f s to %.2f s, score %.2f%n            http://localhost:%d%s%n",
            contract.getLong("delivered_end_us") / 1e6,
            data.getString("title"),
            contract.getLong("delivered_start_us") / 1e6,
            contract.getLong("delivered_end_us") / 1e6,
            data.getDouble("score"),
            node.httpPort(),
            data.getString("play_url"));
      }
      case "clip.failed" -> out.println("            clip failed: " + data.getString("failure"));
      default -> {}
    }
  }

  /** Waits for the last clip, then tells which planted bursts were found. */
  private boolean summary() throws InterruptedException {
    if (file != null) {
      TimeUnit.SECONDS.sleep(2);
      out.println(clips.size() + " clips");
      return true;
    }
    List<TestCardProgramme.Moment> bursts =
        TestCardProgramme.demo().momentsWithin(0, seconds * 1_000_000L).stream()
            .filter(moment -> moment.kind() == TestCardProgramme.Kind.CROWD_BURST)
            .toList();
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LAST_CLIP_WAIT_S);
    while (found(bursts) < bursts.size() && System.nanoTime() - deadlineNs < 0) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    out.println();
    out.println(found(bursts) + " of " + bursts.size() + " bursts of the crowd became clips");
    return found(bursts) == bursts.size();
  }

  private int found(List<TestCardProgramme.Moment> bursts) {
    int found = 0;
    for (TestCardProgramme.Moment burst : bursts) {
      synchronized (clips) {
        found += clips.stream().anyMatch(clip -> holds(clip, burst)) ? 1 : 0;
      }
    }
    return found;
  }

  private static boolean holds(JsonObject clip, TestCardProgramme.Moment burst) {
    return clip.getLong("start_us") <= burst.atUs() && clip.getLong("end_us") >= burst.endUs();
  }

  private static String randomHex(int bytes) {
    byte[] random = new byte[bytes];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
