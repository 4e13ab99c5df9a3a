package dev.halcyon.bench.ring;

import dev.halcyon.bench.ChildJvm;
import dev.halcyon.bench.Part;
import dev.halcyon.bench.Table;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Append and read with their checksum, as a share of a plain copy of the same bytes. */
final class ThroughputPart implements Part {
  private static final int TARGET_PERCENT = 70;
  private static final int TARGET_FROM_BYTES = 6 << 10;
  private static final String ALLOCATION = "gc.alloc.rate.norm";

  @Override
  public String name() {
    return "throughput";
  }

  @Override
  public Figures measure(Setting setting) throws RunnerException {
    // Whoever measures something else on this machine holds the lock that JMH would take.
    System.setProperty("jmh.ignoreLock", "true");
    Collection<RunResult> runs = new Runner(options(setting)).run();
    Table table =
        new Table(
            "packet",
            "append ns",
            "copy in ns",
            "append/copy %",
            "target %",
            "read ns",
            "copy out ns",
            "read/copy %",
            "MB/s appended",
            "heap B a packet");
    JsonArray rows = new JsonArray();
    for (RunResult run : runs) {
      row(run, table, rows);
    }
    return new Figures(
        "Append and read of packets with CRC-32C against MemorySegment.copy of the same bytes"
            + " into and out of a mapped file as large and as warm",
        table,
        rows);
  }

  private static Options options(Setting setting) {
    ChainedOptionsBuilder builder =
        new OptionsBuilder()
            .include(RingThroughput.class.getName())
            .param("folder", setting.dir().toString())
            .param("lapBytes", String.valueOf(setting.pick(32L << 20, 64L << 20, 256L << 20)))
            .forks(setting.pick(1, 1, 3))
            .warmupIterations(setting.pick(1, 1, 3))
            .warmupTime(TimeValue.milliseconds(setting.pick(100, 500, 1000)))
            .measurementIterations(setting.pick(1, 2, 5))
            .measurementTime(TimeValue.milliseconds(setting.pick(100, 400, 2000)))
            .addProfiler(GCProfiler.class)
            .jvmArgs(ChildJvm.FLAGS.toArray(String[]::new))
            .jvmArgsAppend("-Xmx256m")
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    return setting.length() == Length.BRIEF
        ? builder.param("packetBytes", String.valueOf(TARGET_FROM_BYTES)).build()
        : builder.build();
  }

  private static void row(RunResult run, Table table, JsonArray rows) {
    int bytes = Integer.parseInt(run.getParams().getParam("packetBytes"));
    double appendNs = median(run, "appendNs");
    double copyInNs = median(run, "copyInNs");
    double readNs = median(run, "readNs");
    double copyOutNs = median(run, "copyOutNs");
    // A turn is an operation of JMH's, which counts what JMH itself allocates in an iteration, too.
    double jmhHeapBytes = run.getSecondaryResults().get(ALLOCATION).getScore();
    double heapBytes = median(run, "heapBytes");
    double appendPercent = 100 * copyInNs / appendNs;
    double readPercent = 100 * copyOutNs / readNs;
    table.row(
        Cells.bytes(bytes),
        Cells.number(appendNs),
        Cells.number(copyInNs),
        Cells.number(appendPercent),
        bytes >= TARGET_FROM_BYTES ? String.valueOf(TARGET_PERCENT) : "",
        Cells.number(readNs),
        Cells.number(copyOutNs),
        Cells.number(readPercent),
        Cells.number(bytes * 1000.0 / appendNs),
        String.format(Locale.ROOT, "%.2f", heapBytes));
    rows.add(
        new JsonObject()
            .put("packet_bytes", bytes)
            .put("append_ns", appendNs)
            .put("copy_in_ns", copyInNs)
            .put("append_percent_of_copy", appendPercent)
            .put("read_ns", readNs)
            .put("copy_out_ns", copyOutNs)
            .put("read_percent_of_copy", readPercent)
            .put("heap_bytes_per_packet", heapBytes)
            .put("jmh_gc_alloc_rate_norm_bytes_per_turn", jmhHeapBytes));
  }

  /** Over all iterations of all forks. */
  private static double median(RunResult run, String counter) {
    List<Double> values =
        run.getBenchmarkResults().stream()
            .flatMap(ThroughputPart::iterations)
            .map(iteration -> score(iteration, counter))
            .sorted()
            .toList();
    return values.get(values.size() / 2);
  }

  private static Stream<IterationResult> iterations(BenchmarkResult fork) {
    return fork.getIterationResults().stream();
  }

  private static double score(IterationResult iteration, String counter) {
    Result<?> result = iteration.getSecondaryResults().get(counter);
    if (result == null) {
      IterationParams params = iteration.getParams();
      throw new IllegalStateException("no " + counter + " [iteration=" + params + "]");
    }
    return result.getScore();
  }
}
