package dev.halcyon.bench;

import dev.halcyon.codecs.mux.PreparedLoop;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a cut costs, by its length: from the sending of the packet that closes the window, over RTMP
 * on loopback, to the receipt of {@code clip.ready}, at 6 Mb/s. Beside it {@code ffmpeg -c copy}
 * cuts as much of the same material out of a file, in turns with ours, and the clip's file is
 * copied. Then, without the stream, the exact file of one clip of each length is made, beside a
 * whole encode by x264.
 */
@Command(
    name = "cut",
    description = "Instant and exact clips of 10, 30 and 120 s at 6 Mb/s, beside ffmpeg on a file.",
    mixinStandardHelpOptions = true)
final class CutBench implements Callable<Integer> {
  private static final double TARGET_P99_MS = 150;

  @Option(names = "--quick", description = "End within a minute: 5 and 10 s, few clips.")
  private boolean isQuick;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures here.")
  private Path json;

  @Option(
      names = "--clips",
      paramLabel = "N",
      description = "Clips of each length (default: ${DEFAULT-VALUE}).")
  private int clips = 40;

  @Override
  public Integer call() throws Exception {
    Machine machine = Machine.here();
    System.out.println("machine: " + machine);
    CutLoad.Plan plan =
        isQuick
            ? new CutLoad.Plan(List.of(5_000_000L, 10_000_000L), 4)
            : new CutLoad.Plan(List.of(10_000_000L, 30_000_000L, 120_000_000L), clips);
    PreparedLoop loop = CutLoad.prepare();
    CutLoad.Results results;
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      results = new CutLoad(folder.path(), loop, plan).run();
    }
    System.out.println(instantTable(results.instant()));
    System.out.println(exactTable(results.exact()));
    if (json != null) {
      Files.writeString(json, report(machine, results).encodePrettily() + System.lineSeparator());
    }
    boolean isComplete =
        results.instant().stream()
            .allMatch(result -> result.latency().count() == result.requested());
    if (!isComplete) {
      System.out.println("some clips were not announced: the figures are not whole");
    }
    boolean isCopied = results.exact().stream().allMatch(SmartCutLoad.Result::isWhole);
    if (!isCopied) {
      System.out.println("pictures that were to be copied are not those of the clip");
    }
    return isComplete && isCopied ? 0 : 1;
  }

  private static String instantTable(List<CutLoad.Result> results) {
    Table table =
        new Table(
            "clip s",
            "clips",
            "MiB",
            "p50 ms",
            "p99 ms",
            "max ms",
            "target p99",
            "ffmpeg p50 ms",
            "ffmpeg p99 ms",
            "ratio p50",
            "copy p50 ms",
            "ratio p50");
    for (CutLoad.Result result : results) {
      table.row(
          String.valueOf(result.clipUs() / 1_000_000),
          result.latency().count() + "/" + result.requested(),
          String.format(Locale.ROOT, "%.1f", result.sizeBytes() / 1048576.0),
          result.latency().ms(50),
          result.latency().ms(99),
          result.latency().ms(100),
          String.format(Locale.ROOT, "%.0f", TARGET_P99_MS),
          result.ffmpeg().ms(50),
          result.ffmpeg().ms(99),
          result.latency().ratioTo(result.ffmpeg()),
          result.copy().ms(50),
          result.latency().ratioTo(result.copy()));
    }
    return table.toString();
  }

  private static String exactTable(List<SmartCutLoad.Result> results) {
    Table table =
        new Table(
            "exact s",
            "pictures",
            "encoded",
            "in runs",
            "identical",
            "ms",
            "x264 pictures",
            "x264 ms",
            "ratio");
    for (SmartCutLoad.Result result : results) {
      boolean hasPeer = result.encodedNs() > 0;
      table.row(
          String.valueOf(result.clipUs() / 1_000_000),
          String.valueOf(result.pictures()),
          String.valueOf(result.encoded()),
          String.valueOf(result.runs()),
          String.valueOf(result.identical()),
          String.valueOf(result.madeNs() / 1_000_000),
          hasPeer ? String.valueOf(result.pictures()) : "-",
          hasPeer ? String.valueOf(result.encodedNs() / 1_000_000) : "-",
          hasPeer
              ? String.format(Locale.ROOT, "%.2f", (double) result.madeNs() / result.encodedNs())
              : "-");
    }
    return table.toString();
  }

  private static JsonArray exactReport(List<SmartCutLoad.Result> results) {
    JsonArray rows = new JsonArray();
    for (SmartCutLoad.Result result : results) {
      rows.add(
          new JsonObject()
              .put("clip_us", result.clipUs())
              .put("pictures", result.pictures())
              .put("pictures_encoded", result.encoded())
              .put("runs_encoded", result.runs())
              .put("pictures_identical", result.identical())
              .put("made_us", result.madeNs() / 1_000)
              .put("x264_us", result.encodedNs() / 1_000));
    }
    return rows;
  }

  private static JsonObject report(Machine machine, CutLoad.Results results) {
    JsonArray rows = new JsonArray();
    for (CutLoad.Result result : results.instant()) {
      rows.add(
          new JsonObject()
              .put("clip_us", result.clipUs())
              .put("clip_bytes", result.sizeBytes())
              .put("clips_requested", result.requested())
              .put("clips_announced", result.latency().count())
              .put("latency_us", result.latency().json())
              .put("ffmpeg_copy_us", result.ffmpeg().json())
              .put("file_copy_us", result.copy().json()));
    }
    return new JsonObject()
        .put("bench", "cut")
        .put("machine", machine.json())
        .put("target_p99_ms", TARGET_P99_MS)
        .put("instant", rows)
        .put("exact", exactReport(results.exact()));
  }
}
