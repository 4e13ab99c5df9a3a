package dev.halcyon.bench.ring;

import dev.halcyon.bench.ChildJvm;
import dev.halcyon.bench.Part;
import dev.halcyon.bench.Table;
import dev.halcyon.bench.TemporaryFolder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** 1 to 500 rings fed at stream rates: what a ring costs beside many others. */
final class StreamsPart implements Part {
  private static final int[] RINGS = {1, 10, 100, 500};

  /** At stream rates half of that is expected: the feeders could not keep up. */
  private static final double LEAST_SHARE = 0.5;

  private static final double STREAM_BYTES_PER_S = (6_000_000 + 128_000) / 8.0;

  private final long caseMs;

  /**
   * @param caseS how long each number of rings is fed, unless quick
   */
  StreamsPart(long caseS) {
    caseMs = caseS * 1000;
  }

  @Override
  public String name() {
    return "streams";
  }

  @Override
  public Figures measure(Setting setting) throws IOException {
    Table table =
        new Table(
            "rings",
            "MiB a ring",
            "appended MB/s",
            "CPU % in all",
            "CPU % a ring",
            "p50 us",
            "p99 us",
            "p99.9 us",
            "max us",
            "to disk / appended",
            "dirty MiB at most");
    JsonArray rows = new JsonArray();
    List<String> failures = new ArrayList<>();
    long ringBytes = setting.pick(1L << 20, 2L << 20, 8L << 20);
    long durationMs = setting.pick(200L, 1_200L, caseMs);
    for (int rings : RINGS) {
      JsonObject row = feed(setting.dir(), rings, ringBytes, durationMs, 0);
      rows.add(row);
      row(row, table);
      double expected = rings * STREAM_BYTES_PER_S * durationMs / 1000;
      if (row.getLong("appended_bytes") < LEAST_SHARE * expected) {
        failures.add("streams: %d rings could not be fed in real time".formatted(rings));
      }
    }
    return new Figures(
        "Rings fed in real time by two threads: 6 Mb/s of video at 30 a second and 128 kb/s of"
            + " audio each (to disk: all that the device was given meanwhile)",
        table,
        rows,
        failures);
  }

  /**
   * @param forceMs the period of force; 0 for none
   */
  static JsonObject feed(Path dir, int rings, long ringBytes, long durationMs, long forceMs)
      throws IOException {
    try (TemporaryFolder folder = TemporaryFolder.createIn(dir)) {
      return ChildJvm.run(
              StreamLoad.class,
              List.of("-Xmx256m"),
              120 + durationMs / 1000,
              folder.path().toString(),
              String.valueOf(rings),
              String.valueOf(ringBytes),
              String.valueOf(durationMs),
              String.valueOf(forceMs))
          .getFirst();
    }
  }

  private static void row(JsonObject row, Table table) {
    int rings = row.getInteger("rings");
    double appended = row.getLong("appended_bytes");
    double cpuPercent = 100 * row.getDouble("cpu_cores");
    Long written = row.getLong("device_written_bytes");
    table.row(
        String.valueOf(rings),
        String.valueOf(row.getLong("ring_bytes") >> 20),
        Cells.number(appended / 1000 / row.getLong("duration_ms")),
        Cells.number(cpuPercent),
        Cells.number(cpuPercent / rings),
        us(row, "p50_ns"),
        us(row, "p99_ns"),
        us(row, "p99_9_ns"),
        us(row, "max_ns"),
        written == null ? "–" : Cells.number(written / appended),
        Cells.mib(row.getLong("most_dirty_bytes")));
  }

  static String us(JsonObject row, String field) {
    return Cells.number(row.getLong(field) / 1000.0);
  }
}
