package dev.halcyon.bench.ring;

import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * One writer, readers that follow its end, and each append timed, lap by lap; after each append the
 * same bytes go once more into a plain mapped file, timed as well, which is what the machine gives
 * at that very moment.
 */
final class LatencyRun {
  static final int PACKET_BYTES = 6 << 10;

  /** Too few packets of a lap say nothing about its 99.9th percentile. */
  private static final int MIN_PACKETS_OF_LAP = 1_000;

  private static final long WAIT_NS = 100_000_000;

  /** How packets come. */
  enum Pace {
    /** 1,000 a second, 49 Mb/s: eight busy streams' worth on one ring. */
    LIVE(1_000_000),
    /** The next one when the last is done. */
    FLAT_OUT(0);

    private final long intervalNs;

    Pace(long intervalNs) {
      this.intervalNs = intervalNs;
    }
  }

  record Case(long ringBytes, Pace pace, int readers, long durationMs) {}

  /**
   * Nanoseconds an append, or of the limit a copy.
   *
   * @param worstLapNs the highest 99.9th percentile of a single lap; 0 when none was long enough
   * @param read payloads that readers copied
   * @param overruns how often a reader was overtaken
   */
  record Result(
      Histogram firstLap,
      Histogram laterLaps,
      Histogram limit,
      long laps,
      long worstLapNs,
      long read,
      long overruns) {}

  private final Case asked;
  private final Histogram firstLap = new Histogram(Cells.LONGEST_NS, 3);
  private final Histogram laterLaps = new Histogram(Cells.LONGEST_NS, 3);
  private final Histogram thisLap = new Histogram(Cells.LONGEST_NS, 3);
  private final Histogram limit = new Histogram(Cells.LONGEST_NS, 3);
  private final AtomicLong read = new AtomicLong();
  private final AtomicLong overruns = new AtomicLong();
  private final ByteBuffer payload = ByteBuffer.allocateDirect(PACKET_BYTES);
  private long lap;
  private long worstLapNs;

  LatencyRun(Case asked) {
    this.asked = asked;
  }

  Result run(Path dir) throws ExecutionException, InterruptedException {
    List<Future<?>> reading = new ArrayList<>();
    try (MappedCopies copies = new MappedCopies(dir.resolve("latency-limit"), asked.ringBytes());
        ExecutorService threads = Executors.newCachedThreadPool()) {
      // Closing the ring ends the readers, which the pool's closing then waits for.
      try (BenchRing ring = new BenchRing(dir.resolve("latency-ring"), asked.ringBytes())) {
        for (int reader = 0; reader < asked.readers(); reader++) {
          reading.add(threads.submit(() -> follow(ring.ring())));
        }
        append(ring, copies);
      }
      for (Future<?> reader : reading) {
        reader.get();
      }
    }
    return new Result(firstLap, laterLaps, limit, lap + 1, worstLapNs, read.get(), overruns.get());
  }

  private void append(BenchRing ring, MappedCopies copies) {
    MemorySegment source = MemorySegment.ofBuffer(payload);
    long startNs = System.nanoTime();
    long endNs = startNs + TimeUnit.MILLISECONDS.toNanos(asked.durationMs());
    for (long dueNs = startNs; dueNs < endNs; dueNs = next(dueNs)) {
      awaitNs(dueNs);
      long beforeNs = System.nanoTime();
      ring.append(payload);
      long afterNs = System.nanoTime();
      copies.copyIn(source);
      record(limit, System.nanoTime() - afterNs);
      note(ring.ring().committedPosition(), afterNs - beforeNs);
    }
    endLap();
  }

  private long next(long dueNs) {
    return asked.pace() == Pace.FLAT_OUT ? System.nanoTime() : dueNs + asked.pace().intervalNs;
  }

  private static void awaitNs(long dueNs) {
    for (long leftNs = dueNs - System.nanoTime(); leftNs > 0; leftNs = dueNs - System.nanoTime()) {
      LockSupport.parkNanos(leftNs);
    }
  }

  private void note(long position, long ns) {
    long lapNow = position / asked.ringBytes();
    if (lapNow != lap) {
      endLap();
      lap = lapNow;
    }
    record(lap == 0 ? firstLap : laterLaps, ns);
    record(thisLap, ns);
  }

  private void endLap() {
    if (thisLap.getTotalCount() >= MIN_PACKETS_OF_LAP) {
      worstLapNs = Math.max(worstLapNs, thisLap.getValueAtPercentile(99.9));
    }
    thisLap.reset();
  }

  private static void record(Histogram histogram, long ns) {
    histogram.recordValue(Math.min(ns, Cells.LONGEST_NS));
  }

  private void follow(Ring ring) {
    ByteBuffer target = ByteBuffer.allocateDirect(PACKET_BYTES);
    try (RingCursor cursor = ring.cursor()) {
      while (true) {
        switch (cursor.next()) {
          case PACKET -> (cursor.copyPayload(target.clear()) ? read : overruns).incrementAndGet();
          case OVERRUN -> overruns.incrementAndGet();
          case NOTHING_YET -> cursor.await(WAIT_NS);
          case CLOSED -> {
            return;
          }
          default -> {}
        }
      }
    }
  }
}
