package dev.halcyon.bench;

import dev.halcyon.codecs.mux.PreparedLoop;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long after a clip's window has closed the clip is announced: from the sending of the packet
 * that closes the window, over RTMP on loopback, to the receipt of {@code clip.ready} on a
 * WebSocket. The limit beside it is a bare copy of files of the clips' size in the same run.
 */
@Command(
    name = "clip",
    description = "Window closed to clip.ready received, by number of live 720p streams.",
    mixinStandardHelpOptions = true)
final class ClipBench implements Callable<Integer> {
  private static final double TARGET_P99_MS = 150;

  @Option(names = "--quick", description = "End within a minute.")
  private boolean isQuick;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures here.")
  private Path json;

  @Option(
      names = "--streams",
      split = ",",
      paramLabel = "N",
      description = "Numbers of concurrent streams (default: ${DEFAULT-VALUE}).")
  private List<Integer> streamCounts = List.of(1, 10);

  @Override
  public Integer call() throws Exception {
    Machine machine = Machine.here();
    System.out.println("machine: " + machine);
    ClipLoad.Plan plan = isQuick ? ClipLoad.Plan.QUICK : ClipLoad.Plan.FULL;
    PreparedLoop loop = ClipLoad.prepare();
    List<ClipLoad.Result> results = new ArrayList<>();
    for (int streams : streamCounts) {
      try (TemporaryFolder folder = TemporaryFolder.create()) {
        results.add(new ClipLoad(folder.path(), streams, loop, plan).run());
      }
    }
    System.out.println(table(results));
    if (json != null) {
      Files.writeString(json, report(machine, results).encodePrettily() + System.lineSeparator());
    }
    boolean isComplete =
        results.stream().allMatch(result -> result.announced() == result.requested());
    if (!isComplete) {
      System.out.println("some clips were not announced: the figures are not whole");
    }
    return isComplete ? 0 : 1;
  }

  private static String table(List<ClipLoad.Result> results) {
    Table table =
        new Table(
            "streams",
            "clips",
            "p50 ms",
            "p99 ms",
            "max ms",
            "target p99",
            "copy p50 ms",
            "ratio p50",
            "CPU % a stream",
            "RssAnon MiB a stream",
            "RssAnon MiB");
    for (ClipLoad.Result result : results) {
      table.row(
          String.valueOf(result.streams()),
          result.announced() + "/" + result.requested(),
          result.latency().ms(50),
          result.latency().ms(99),
          result.latency().ms(100),
          String.format(Locale.ROOT, "%.0f", TARGET_P99_MS),
          result.copy().ms(50),
          result.latency().ratioTo(result.copy()),
          String.format(Locale.ROOT, "%.1f", 100 * result.cpuPerStream()),
          String.format(
              Locale.ROOT, "%.1f", result.rssAnonGrowthBytes() / (1048576.0 * result.streams())),
          String.format(Locale.ROOT, "%.0f", result.rssAnonBytes() / 1048576.0));
    }
    return table.toString();
  }

  private static JsonObject report(Machine machine, List<ClipLoad.Result> results) {
    JsonArray rows = new JsonArray();
    for (ClipLoad.Result result : results) {
      rows.add(
          new JsonObject()
              .put("streams", result.streams())
              .put("clips_requested", result.requested())
              .put("clips_announced", result.announced())
              .put("latency_us", result.latency().json())
              .put("file_copy_us", result.copy().json())
              .put("cpu_cores_per_stream", result.cpuPerStream())
              .put("rss_anon_bytes", result.rssAnonBytes())
              .put("rss_anon_growth_bytes", result.rssAnonGrowthBytes()));
    }
    return new JsonObject()
        .put("bench", "clip")
        .put("machine", machine.json())
        .put("target_p99_ms", TARGET_P99_MS)
        .put("results", rows);
  }
}
