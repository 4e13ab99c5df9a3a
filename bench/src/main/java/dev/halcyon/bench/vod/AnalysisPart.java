package dev.halcyon.bench.vod;

import dev.halcyon.bench.ChildJvm;
import dev.halcyon.bench.FfmpegPeer;
import dev.halcyon.bench.Part;
import dev.halcyon.bench.Table;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All of the analysis (frame index, loudness, sound features, speech, cuts, faces twice a second on
 * pictures of 320 pixels, by OpenCV's cascade) in a fresh JVM, in turns with {@code ffmpeg -i FILE
 * -f null -}, which only decodes.
 */
final class AnalysisPart implements Part {
  private static final double FULL_TARGET = 0.8;
  private static final double COARSE_TARGET = 5;
  private static final List<String> JVM = List.of("-Xmx256m", "-XX:+UseSerialGC");
  private static final long LIMIT_S = 3_600;

  private final Optional<Path> given;

  /**
   * @param given a video of the caller's choice instead of ours
   */
  AnalysisPart(Optional<Path> given) {
    this.given = given;
  }

  @Override
  public String name() {
    return "analysis";
  }

  @Override
  public Figures measure(Setting setting) throws Exception {
    Table table =
        new Table(
            "material",
            "Mb/s",
            "what",
            "s",
            "x real time",
            "to ffmpeg",
            "to full",
            "target",
            "RssAnon MiB");
    JsonArray rows = new JsonArray();
    List<String> failures = new ArrayList<>();
    if (given.isPresent()) {
      String name = given.get().getFileName().toString();
      measure(name, given.get(), setting, table, rows, failures);
    } else {
      for (VodMaterial material : materials(setting)) {
        measure(material.name(), material.write(setting.dir()), setting, table, rows, failures);
      }
    }
    return new Figures(
        "how fast is a video analysed, beside ffmpeg's bare decode of it?", table, rows, failures);
  }

  private static List<VodMaterial> materials(Setting setting) {
    long minuteUs = 60_000_000;
    VodMaterial tiny = new VodMaterial("180p30", 320, 180, 500_000, 2_000_000, 4_000_000);
    VodMaterial full =
        new VodMaterial(
            "1080p30", 1920, 1080, 8_000_000, 6_000_000, setting.pick(0L, minuteUs, 10 * minuteUs));
    VodMaterial large =
        new VodMaterial(
            "2160p30", 3840, 2160, 30_000_000, 2_000_000, setting.pick(0L, 8_000_000L, minuteUs));
    return setting.pick(List.of(tiny), List.of(full, large), List.of(full, large));
  }

  /** The runs take turns, so that the machine's moods hit all alike; the median of each counts. */
  private void measure(
      String name, Path file, Setting setting, Table table, JsonArray rows, List<String> failures)
      throws IOException, InterruptedException {
    boolean hasPeer = FfmpegPeer.isInstalled();
    Map<String, List<Long>> tookNs = new TreeMap<>();
    Map<String, JsonObject> last = new TreeMap<>();
    for (int round = 0; round < setting.pick(1, 1, 3); round++) {
      if (hasPeer) {
        note(tookNs, "ffmpeg", FfmpegPeer.decode(file));
      }
      for (String depth : List.of("FULL", "COARSE")) {
        JsonObject row =
            ChildJvm.run(AnalyseRun.class, JVM, LIMIT_S, file.toString(), depth).getFirst();
        note(tookNs, depth, row.getLong("analyse_ns"));
        last.put(depth, row);
      }
    }
    JsonObject full = last.get("FULL");
    if (full.getLong("damaged_packets") > 0 && given.isEmpty()) {
      failures.add(name + ": some packets could not be decoded");
    }
    for (Map.Entry<String, List<Long>> each : tookNs.entrySet()) {
      row(name, each.getKey(), tookNs, full, last.get(each.getKey()), table, rows);
    }
  }

  private static void note(Map<String, List<Long>> tookNs, String what, long ns) {
    tookNs.computeIfAbsent(what, key -> new ArrayList<>()).add(ns);
  }

  private static void row(
      String name,
      String what,
      Map<String, List<Long>> tookNs,
      JsonObject probed,
      JsonObject own,
      Table table,
      JsonArray rows) {
    double ns = median(tookNs.get(what));
    double toFull = median(tookNs.get("FULL")) / ns;
    double toPeer = tookNs.containsKey("ffmpeg") ? median(tookNs.get("ffmpeg")) / ns : Double.NaN;
    double timesReal = probed.getLong("duration_us") * 1e3 / ns;
    String target =
        switch (what) {
          case "FULL" -> number("%.1f to ffmpeg", FULL_TARGET);
          case "COARSE" -> number("%.0f to full", COARSE_TARGET);
          default -> "-";
        };
    table.row(
        name,
        number("%.1f", probed.getLong("bits_per_second") / 1e6),
        what.toLowerCase(Locale.ROOT),
        number("%.2f", ns / 1e9),
        number("%.1f", timesReal),
        number("%.2f", toPeer),
        number("%.2f", toFull),
        target,
        own == null ? "-" : number("%.0f", own.getLong("rss_anon_bytes") / 1048576.0));
    rows.add(
        new JsonObject()
            .put("material", name)
            .put("what", what.toLowerCase(Locale.ROOT))
            .put("bits_per_second", probed.getLong("bits_per_second"))
            .put("duration_us", probed.getLong("duration_us"))
            .put("took_us", Math.round(ns / 1e3))
            .put(
                "all_took_us",
                new JsonArray(tookNs.get(what).stream().map(n -> n / 1_000).toList()))
            .put("times_real_time", timesReal)
            .put("rss_anon_bytes", own == null ? null : own.getLong("rss_anon_bytes")));
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }

  private static double median(List<Long> values) {
    List<Long> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
