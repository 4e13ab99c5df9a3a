package dev.halcyon.bench.vod;

import dev.halcyon.bench.ChildJvm;
import dev.halcyon.bench.Part;
import dev.halcyon.bench.Table;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The most memory that the analysis of a short and of a long video has resident (heap and native,
 * {@code RssAnon}), each in a fresh JVM that is set up as the process of a step is.
 */
final class MemoryPart implements Part {
  private static final long MIB = 1L << 20;
  private static final long LIMIT_BYTES = 700 * MIB;
  private static final List<String> JVM = List.of("-Xmx256m", "-Xss512k", "-XX:+UseSerialGC");
  private static final long LIMIT_S = 7_200;
  private static final long MINUTE_US = 60_000_000;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Figures measure(Setting setting) throws IOException {
    Table table = new Table("material", "min", "RssAnon MiB", "limit MiB", "to the short one");
    JsonArray rows = new JsonArray();
    List<String> failures = new ArrayList<>();
    long shortBytes = 0;
    for (VodMaterial material : materials(setting)) {
      Path file = material.write(setting.dir());
      JsonObject seen =
          ChildJvm.run(AnalyseRun.class, JVM, LIMIT_S, file.toString(), "FULL").getFirst();
      Files.delete(file);
      long bytes = seen.getLong("rss_anon_bytes");
      shortBytes = shortBytes == 0 ? bytes : shortBytes;
      if (bytes > LIMIT_BYTES) {
        failures.add(material.name() + ": " + bytes / MIB + " MiB");
      }
      table.row(
          material.name(),
          number("%.1f", material.lengthUs() / (double) MINUTE_US),
          number("%.0f", bytes / (double) MIB),
          number("%.0f", LIMIT_BYTES / (double) MIB),
          number("%.2f", (double) bytes / shortBytes));
      rows.add(
          new JsonObject()
              .put("material", material.name())
              .put("duration_us", seen.getLong("duration_us"))
              .put("took_us", seen.getLong("analyse_ns") / 1_000)
              .put("rss_anon_bytes", bytes)
              .put("limit_bytes", LIMIT_BYTES));
    }
    return new Figures(
        "how much memory does an analysis take, by the length of the video?",
        table,
        rows,
        failures);
  }

  private static List<VodMaterial> materials(Setting setting) {
    if (setting.length() == Length.BRIEF) {
      return List.of(tiny(2), tiny(4));
    }
    return List.of(
        large(setting.pick(0L, MINUTE_US / 4, 10 * MINUTE_US)),
        large(setting.pick(0L, MINUTE_US / 2, 120 * MINUTE_US)));
  }

  private static VodMaterial tiny(int seconds) {
    return new VodMaterial("180p30", 320, 180, 500_000, 2_000_000, seconds * 1_000_000L);
  }

  private static VodMaterial large(long lengthUs) {
    return new VodMaterial("1080p30", 1920, 1080, 8_000_000, 6_000_000, lengthUs);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
