package dev.halcyon.bench.ring;

import dev.halcyon.bench.Part;
import dev.halcyon.bench.Table;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What it costs that a loss of power takes no more than the last moments. */
final class ForcePart implements Part {
  private static final int[] RINGS = {1, 20};
  private static final long[] PERIODS_MS = {0, 1000, 200};

  private final long caseMs;

  /**
   * @param caseS how long each case is fed, unless quick
   */
  ForcePart(long caseS) {
    caseMs = caseS * 1000;
  }

  @Override
  public String name() {
    return "force";
  }

  @Override
  public Figures measure(Setting setting) throws IOException {
    Table table =
        new Table(
            "rings",
            "ring.force_ms",
            "CPU % a ring",
            "p50 us",
            "p99 us",
            "p99.9 us",
            "max us",
            "to disk / appended",
            "lag at most ms");
    JsonArray rows = new JsonArray();
    List<String> failures = new ArrayList<>();
    long ringBytes = setting.pick(1L << 20, 2L << 20, 32L << 20);
    long durationMs = setting.pick(300L, 1_200L, caseMs);
    for (int rings : RINGS) {
      for (long periodMs : PERIODS_MS) {
        JsonObject row = StreamsPart.feed(setting.dir(), rings, ringBytes, durationMs, periodMs);
        rows.add(row);
        row(row, table);
        if ((periodMs == 0) != (row.getLong("most_force_lag_ns") <= 0)) {
          failures.add("force: with %d ms it did not do as it was told".formatted(periodMs));
        }
      }
    }
    return new Figures(
        "Rings fed as in streams, with and without writing out and waiting for the disk",
        table,
        rows,
        failures);
  }

  private static void row(JsonObject row, Table table) {
    int rings = row.getInteger("rings");
    long periodMs = row.getLong("force_ms");
    Long written = row.getLong("device_written_bytes");
    table.row(
        String.valueOf(rings),
        String.valueOf(periodMs),
        Cells.number(100 * row.getDouble("cpu_cores") / rings),
        StreamsPart.us(row, "p50_ns"),
        StreamsPart.us(row, "p99_ns"),
        StreamsPart.us(row, "p99_9_ns"),
        StreamsPart.us(row, "max_ns"),
        written == null ? "–" : Cells.number((double) written / row.getLong("appended_bytes")),
        periodMs == 0 ? "–" : Cells.number(row.getLong("most_force_lag_ns") / 1e6));
  }
}
