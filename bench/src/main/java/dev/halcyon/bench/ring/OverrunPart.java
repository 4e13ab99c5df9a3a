package dev.halcyon.bench.ring;

import dev.halcyon.bench.Part;
import dev.halcyon.bench.Table;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Whether a reader is ever told that overwritten bytes are right. */
final class OverrunPart implements Part {
  private static final long BRIEF_MS = 300;
  private static final long QUICK_MS = 3_000;

  private final long durationMs;

  OverrunPart(double minutes) {
    durationMs = (long) (minutes * TimeUnit.MINUTES.toMillis(1));
  }

  @Override
  public String name() {
    return "overrun";
  }

  @Override
  public Figures measure(Setting setting) throws Exception {
    long asked = setting.pick(BRIEF_MS, QUICK_MS, durationMs);
    HostileOverrun.Counts counts = new HostileOverrun(asked).run(setting.dir());
    Table table =
        new Table(
            "seconds",
            "packets appended",
            "reads validated",
            "reads told overtaken",
            "cursors told overrun",
            "torn reads validated",
            "target");
    table.row(
        Cells.number(asked / 1000.0),
        String.valueOf(counts.appended()),
        String.valueOf(counts.validated()),
        String.valueOf(counts.overtaken()),
        String.valueOf(counts.overruns()),
        String.valueOf(counts.torn()),
        "0");
    JsonArray rows =
        new JsonArray()
            .add(
                new JsonObject()
                    .put("duration_ms", asked)
                    .put("appended_packets", counts.appended())
                    .put("validated_reads", counts.validated())
                    .put("overtaken_reads", counts.overtaken())
                    .put("overruns", counts.overruns())
                    .put("torn_reads_validated", counts.torn()));
    return new Figures(
        "A writer flat out in a ring of 64 KiB, three readers at its tail, every word verified",
        table,
        rows,
        failures(counts));
  }

  private static List<String> failures(HostileOverrun.Counts counts) {
    List<String> failures = new ArrayList<>();
    if (counts.torn() > 0) {
      failures.add("overrun: %d torn reads were validated".formatted(counts.torn()));
    }
    if (counts.validated() == 0 || counts.overtaken() + counts.overruns() == 0) {
      failures.add("overrun: nobody was overtaken or nothing was read, which shows nothing");
    }
    return failures;
  }
}
