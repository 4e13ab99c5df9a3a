package dev.halcyon.bench.ring;

import com.sun.management.OperatingSystemMXBean;
import dev.halcyon.ring.RingOptions;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * N rings fed in real time by two threads, as event loops would. Main class of a JVM of its own, so
 * that its processor time is the rings'; prints one row of JSON.
 */
final class StreamLoad {
  private static final int FEEDERS = 2;

  /** How often a feeder looks at what is due. */
  private static final long TICK_US = 2_000;

  private static final long SAMPLE_MS = 250;
  private static final int WARM_UP_PACKETS = 30_000;
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final Path dir;
  private final int rings;
  private final RingOptions options;
  private final long durationMs;
  private final List<Feeder> feeders = new ArrayList<>();

  private StreamLoad(Path dir, int rings, RingOptions options, long durationMs) {
    this.dir = dir;
    this.rings = rings;
    this.options = options;
    this.durationMs = durationMs;
  }

  /** One thread and the streams that it feeds. */
  private static final class Feeder extends Thread {
    private final List<StreamFeed> feeds = new ArrayList<>();
    private final Histogram latencyNs = new Histogram(Cells.LONGEST_NS, 3);
    private final long startNs;
    private final long endUs;

    Feeder(long startNs, long endUs) {
      this.startNs = startNs;
      this.endUs = endUs;
    }

    @Override
    public void run() {
      for (long nowUs = nowUs(); nowUs < endUs; nowUs = nowUs()) {
        for (StreamFeed feed : feeds) {
          while (feed.dueUs() <= nowUs) {
            long beforeNs = System.nanoTime();
            feed.append();
            latencyNs.recordValue(Math.min(System.nanoTime() - beforeNs, Cells.LONGEST_NS));
          }
        }
        long leftUs = nowUs + TICK_US - nowUs();
        if (leftUs > 0) {
          LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(leftUs));
        }
      }
    }

    private long nowUs() {
      return (System.nanoTime() - startNs) / 1000;
    }
  }

  /**
   * @param arguments folder, rings, bytes a ring, milliseconds, the period of force in milliseconds
   *     or 0
   */
  public static void main(String[] arguments) throws InterruptedException {
    StreamLoad load =
        new StreamLoad(
            Path.of(arguments[0]),
            Integer.parseInt(arguments[1]),
            new RingOptions(Long.parseLong(arguments[2]), BenchRing.UNLIMITED_US)
                .withForceEvery(Long.parseLong(arguments[4])),
            Long.parseLong(arguments[3]));
    System.out.println(load.run().encode());
  }

  private JsonObject run() throws InterruptedException {
    prepare();
    try {
      OptionalLong deviceBefore = LinuxCounters.deviceWrittenBytes(dir);
      long cpuBeforeNs = SYSTEM.getProcessCpuTime();
      long beganNs = System.nanoTime();
      feeders.forEach(Thread::start);
      Watched watched = watch();
      double cpu =
          (double) (SYSTEM.getProcessCpuTime() - cpuBeforeNs) / (System.nanoTime() - beganNs);
      OptionalLong deviceAfter = LinuxCounters.deviceWrittenBytes(dir);
      JsonObject row =
          row(cpu)
              .put("most_dirty_bytes", watched.dirtyBytes())
              .put("most_force_lag_ns", watched.forceLagNs());
      if (deviceBefore.isPresent() && deviceAfter.isPresent()) {
        row.put("device_written_bytes", deviceAfter.getAsLong() - deviceBefore.getAsLong());
      }
      return row;
    } finally {
      feeds().forEach(StreamFeed::close);
    }
  }

  private void prepare() {
    ByteBuffer bytes = ByteBuffer.allocateDirect(StreamFeed.KEYFRAME_BYTES);
    warmUp(bytes);
    List<StreamFeed> feeds = new ArrayList<>();
    for (int i = 0; i < rings; i++) {
      long offsetUs = i * 33_333L / rings;
      feeds.add(new StreamFeed(dir.resolve("stream-" + i), options, bytes, offsetUs));
    }
    long startNs = System.nanoTime();
    for (int i = 0; i < FEEDERS; i++) {
      feeders.add(new Feeder(startNs, TimeUnit.MILLISECONDS.toMicros(durationMs)));
    }
    for (int i = 0; i < rings; i++) {
      feeders.get(i % FEEDERS).feeds.add(feeds.get(i));
    }
  }

  /** A server that has run for a while has compiled this. */
  private void warmUp(ByteBuffer bytes) {
    try (StreamFeed feed = new StreamFeed(dir.resolve("warm-up"), options, bytes, 0)) {
      for (int packet = 0; packet < WARM_UP_PACKETS; packet++) {
        feed.append();
      }
    }
  }

  /** The most that was seen of each. */
  private record Watched(long dirtyBytes, long forceLagNs) {}

  /** Until the feeders are done. */
  private Watched watch() throws InterruptedException {
    Watched most = new Watched(0, 0);
    for (Feeder feeder : feeders) {
      while (feeder.isAlive()) {
        long lagNs = feeds().mapToLong(StreamFeed::forceLagNs).max().orElse(0);
        most =
            new Watched(
                Math.max(most.dirtyBytes(), LinuxCounters.dirtyBytes().orElse(0)),
                Math.max(most.forceLagNs(), lagNs));
        feeder.join(SAMPLE_MS);
      }
    }
    return most;
  }

  private Stream<StreamFeed> feeds() {
    return feeders.stream().flatMap(feeder -> feeder.feeds.stream());
  }

  private JsonObject row(double cpu) {
    Histogram latencyNs = new Histogram(Cells.LONGEST_NS, 3);
    feeders.forEach(feeder -> latencyNs.add(feeder.latencyNs));
    long appended = feeds().mapToLong(StreamFeed::appendedBytes).sum();
    return Cells.distribution(latencyNs)
        .put("rings", rings)
        .put("ring_bytes", options.capacityBytes())
        .put("force_ms", options.forcePeriodMs())
        .put("duration_ms", durationMs)
        .put("cpu_cores", cpu)
        .put("appended_bytes", appended)
        .put("rss_anon_bytes", LinuxCounters.rssAnonBytes().orElse(0));
  }
}
