package dev.halcyon.bench.ring;

import dev.halcyon.bench.Part;
import dev.halcyon.bench.Table;
import dev.halcyon.bench.ring.LatencyRun.Case;
import dev.halcyon.bench.ring.LatencyRun.Pace;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** How long an append takes, seldom and at worst, on the first lap and on later ones. */
final class LatencyPart implements Part {
  private static final long TARGET_NS = 20_000;
  private static final int[] READERS = {0, 1, 8};
  private static final double[] PERCENTILES = {50, 99, 99.9, 99.99, 100};

  private static final long BRIEF_MS = 60;
  private static final long QUICK_MS = 700;

  private final long caseMs;

  /**
   * @param caseS how long each of the nine cases is recorded, unless quick
   */
  LatencyPart(long caseS) {
    caseMs = caseS * 1000;
  }

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public Figures measure(Setting setting) throws Exception {
    Table table =
        new Table(
            "ring",
            "pace",
            "readers",
            "what",
            "packets",
            "p50 us",
            "p99 us",
            "p99.9 us",
            "p99.99 us",
            "max us",
            "worst lap p99.9 us",
            "target us",
            "p99.9 / limit's");
    JsonArray rows = new JsonArray();
    List<Case> cases = cases(setting);
    new LatencyRun(cases.getLast()).run(setting.dir()); // For the compiler; not counted.
    for (Case each : cases) {
      row(each, new LatencyRun(each).run(setting.dir()), table, rows);
    }
    return new Figures(
        "One append of 6 KiB; limit: the same bytes into a plain mapped file right after it",
        table,
        rows);
  }

  /** A small ring laps many times a second; a large one meets its own pages written back. */
  private List<Case> cases(Setting setting) {
    long smallBytes = setting.pick(1L << 20, 2L << 20, 32L << 20);
    long largeBytes = setting.pick(16L << 20, 128L << 20, 1L << 30);
    long durationMs = setting.pick(BRIEF_MS, QUICK_MS, caseMs);
    List<Case> cases = new ArrayList<>();
    for (int readers : READERS) {
      cases.add(new Case(smallBytes, Pace.LIVE, readers, durationMs));
    }
    for (int readers : READERS) {
      cases.add(new Case(smallBytes, Pace.FLAT_OUT, readers, durationMs));
    }
    for (int readers : READERS) {
      cases.add(new Case(largeBytes, Pace.FLAT_OUT, readers, durationMs));
    }
    return cases;
  }

  private static void row(Case asked, LatencyRun.Result result, Table table, JsonArray rows) {
    String ring = Cells.bytes(asked.ringBytes());
    String pace = asked.pace() == Pace.LIVE ? "1,000/s" : "flat out";
    String readers = String.valueOf(asked.readers());
    long limitNs = Math.max(1, result.limit().getValueAtPercentile(99.9));
    add(table, ring, pace, readers, "lap 1", result.firstLap(), "", limitNs);
    add(
        table,
        ring,
        pace,
        readers,
        "laps 2–" + result.laps(),
        result.laterLaps(),
        Cells.number(result.worstLapNs() / 1000.0),
        limitNs);
    add(table, ring, pace, readers, "limit", result.limit(), "", limitNs);
    rows.add(
        new JsonObject()
            .put("ring_bytes", asked.ringBytes())
            .put("pace", asked.pace().name())
            .put("readers", asked.readers())
            .put("duration_ms", asked.durationMs())
            .put("laps", result.laps())
            .put("first_lap", Cells.distribution(result.firstLap()))
            .put("later_laps", Cells.distribution(result.laterLaps()))
            .put("worst_lap_p99_9_ns", result.worstLapNs())
            .put("limit", Cells.distribution(result.limit()))
            .put("read", result.read())
            .put("overruns", result.overruns()));
  }

  private static void add(
      Table table,
      String ring,
      String pace,
      String readers,
      String what,
      Histogram ns,
      String worstLap,
      long limitNs) {
    List<String> cells = new ArrayList<>(List.of(ring, pace, readers, what));
    cells.add(String.valueOf(ns.getTotalCount()));
    for (double percentile : PERCENTILES) {
      cells.add(ns.getTotalCount() == 0 ? "–" : Cells.us(ns, percentile));
    }
    cells.add(worstLap);
    cells.add(Cells.number(TARGET_NS / 1000.0));
    cells.add(
        ns.getTotalCount() == 0
            ? "–"
            : Cells.number((double) ns.getValueAtPercentile(99.9) / limitNs));
    table.row(cells.toArray(String[]::new));
  }
}
