package dev.halcyon.bench.ring;

import com.sun.management.OperatingSystemMXBean;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.ring.RingWriter;
import dev.halcyon.ring.SpaceAllocator;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Rings into which nothing comes, each with a reader that waits. Main class of a JVM of its own, so
 * that its memory is the rings'; prints one row of JSON.
 */
final class IdleRings {
  private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(1);

  /** As large as rings are by default, but the disk is asked for less of it at a time. */
  private static final long RING_BYTES = 2L << 30;

  private static final long STEP_BYTES = 8L << 20;

  private IdleRings() {}

  /**
   * @param arguments folder, rings, milliseconds
   */
  public static void main(String[] arguments) throws InterruptedException {
    Path dir = Path.of(arguments[0]);
    int count = Integer.parseInt(arguments[1]);
    long durationMs = Long.parseLong(arguments[2]);
    open(dir.resolve("first")).close();
    System.gc();
    long anonBefore = LinuxCounters.rssAnonBytes().orElse(0);
    long fileBefore = LinuxCounters.rssFileBytes().orElse(0);
    List<Ring> rings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rings.add(open(dir.resolve("ring-" + i)));
    }
    JsonObject row = idle(rings, durationMs);
    System.gc();
    row.put("rings", count)
        .put(
            "rss_anon_bytes_per_ring",
            (LinuxCounters.rssAnonBytes().orElse(0) - anonBefore) / count)
        .put(
            "rss_file_bytes_per_ring",
            (LinuxCounters.rssFileBytes().orElse(0) - fileBefore) / count);
    rings.forEach(Ring::close);
    System.out.println(row.encode());
  }

  private static Ring open(Path file) {
    Ring ring =
        Ring.create(
            file,
            new RingOptions(RING_BYTES, BenchRing.UNLIMITED_US)
                .withAllocation(STEP_BYTES, SpaceAllocator.ofThisPlatform()));
    RingWriter writer = ring.writer();
    writer.beginEpoch(0, 0, 0);
    writer.configure(BenchRing.VIDEO);
    return ring;
  }

  private static JsonObject idle(List<Ring> rings, long durationMs) throws InterruptedException {
    CountDownLatch waiting = new CountDownLatch(rings.size());
    List<Thread> readers = new ArrayList<>();
    for (Ring ring : rings) {
      readers.add(Thread.ofVirtual().start(() -> await(ring, waiting)));
    }
    waiting.await();
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpuNs = system.getProcessCpuTime();
    long startNs = System.nanoTime();
    readers.getFirst().join(durationMs); // Nobody ends it meanwhile: this is the time to pass.
    double cpu = (double) (system.getProcessCpuTime() - cpuNs) / (System.nanoTime() - startNs);
    readers.forEach(Thread::interrupt);
    for (Thread reader : readers) {
      reader.join();
    }
    return new JsonObject().put("cpu_cores", cpu).put("duration_ms", durationMs);
  }

  private static void await(Ring ring, CountDownLatch waiting) {
    try (RingCursor cursor = ring.cursor()) {
      while (cursor.next() != RingCursor.Next.NOTHING_YET) {
        // The epoch and the track.
      }
      waiting.countDown();
      while (!Thread.currentThread().isInterrupted()) {
        boolean unused = cursor.await(WAIT_NS);
      }
    }
  }
}
