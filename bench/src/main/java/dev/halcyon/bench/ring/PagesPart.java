package dev.halcyon.bench.ring;

import dev.halcyon.bench.Part;
import dev.halcyon.bench.Table;
import io.vertx.core.json.JsonArray;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.HdrHistogram.Histogram;

/** What it brings that pages are made present and writable ahead of the writer. */
final class PagesPart implements Part {
  /** 200 Mb/s: a first lap is as short as it can be while the disk still takes its blocks. */
  private static final long INTERVAL_NS = 250_000;

  private static final int WARM_UP_PACKETS = 20_000;

  @Override
  public String name() {
    return "pages";
  }

  @Override
  public Figures measure(Setting setting) {
    int packets = setting.pick(400, 4_000, 40_000);
    long bytes = (packets + 64L) * (LatencyRun.PACKET_BYTES + 128);
    ByteBuffer payload = ByteBuffer.allocateDirect(LatencyRun.PACKET_BYTES);
    warmUp(setting.dir(), payload);
    Map<String, Histogram> histograms = new LinkedHashMap<>();
    try (BenchRing ring = new BenchRing(setting.dir().resolve("pages-ring"), bytes);
        MappedCopies fresh =
            MappedCopies.intoFreshPages(setting.dir().resolve("pages-fresh"), bytes);
        MappedCopies warm = new MappedCopies(setting.dir().resolve("pages-warm"), bytes)) {
      MemorySegment source = MemorySegment.ofBuffer(payload);
      Map<String, IntConsumer> sinks = new LinkedHashMap<>();
      sinks.put("ring, first lap", i -> ring.append(payload));
      sinks.put("bare copy, fresh pages", i -> fresh.copyIn(source));
      sinks.put("bare copy, pages present", i -> warm.copyIn(source));
      sinks.keySet().forEach(name -> histograms.put(name, new Histogram(Cells.LONGEST_NS, 3)));
      long dueNs = System.nanoTime();
      for (int packet = 0; packet < packets; packet++, dueNs += INTERVAL_NS) {
        awaitNs(dueNs);
        int number = packet;
        sinks.forEach((name, sink) -> time(sink, number, histograms.get(name)));
      }
    }
    return figures(histograms);
  }

  private static void warmUp(Path dir, ByteBuffer payload) {
    try (BenchRing ring = new BenchRing(dir.resolve("pages-warm-up"), 32L << 20)) {
      for (int packet = 0; packet < WARM_UP_PACKETS; packet++) {
        ring.append(payload);
      }
    }
  }

  private static void awaitNs(long dueNs) {
    for (long leftNs = dueNs - System.nanoTime(); leftNs > 0; leftNs = dueNs - System.nanoTime()) {
      LockSupport.parkNanos(leftNs);
    }
  }

  private static void time(IntConsumer sink, int packet, Histogram histogram) {
    long beforeNs = System.nanoTime();
    sink.accept(packet);
    histogram.recordValue(Math.min(System.nanoTime() - beforeNs, Cells.LONGEST_NS));
  }

  private static Figures figures(Map<String, Histogram> histograms) {
    Table table = new Table("what", "packets", "p50 us", "p99 us", "p99.9 us", "max us");
    JsonArray rows = new JsonArray();
    histograms.forEach(
        (name, ns) -> {
          table.row(
              name,
              String.valueOf(ns.getTotalCount()),
              Cells.us(ns, 50),
              Cells.us(ns, 99),
              Cells.us(ns, 99.9),
              Cells.us(ns, 100));
          rows.add(Cells.distribution(ns).put("what", name));
        });
    return new Figures(
        "6 KiB at 4,000 a second into a file that is new: with the ring's keeper ahead of the"
            + " writer, and bare copies without",
        table,
        rows);
  }
}
