package dev.halcyon.bench.ring;

import com.sun.management.ThreadMXBean;
import dev.halcyon.ring.RingCursor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Appends, reads and their limits in turns of a fraction of a millisecond, so that whatever else
 * the machine does falls on all alike; the median of an iteration's turns is what counts.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
public class RingThroughput {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int TURN_BYTES = 256 << 10;

  /** No effect on the payload's checksum or copy, only that it is not all zero. */
  private static final int PATTERN = 31;

  @Param({"200", "1024", "6144", "65536", "1048576"})
  public int packetBytes;

  @Param("268435456")
  public long lapBytes;

  @Param("")
  public String folder;

  private int packets;
  private Path dir;
  private BenchRing ring;
  private RingCursor cursor;
  private MappedCopies limit;
  private ByteBuffer payload;
  private MemorySegment source;
  private ByteBuffer target;
  private MemorySegment sink;

  /** Medians of an iteration's turns, in nanoseconds a packet. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Turns {
    private static final int MAX_TURNS = 1 << 15;

    private final long[] appends = new long[MAX_TURNS];
    private final long[] copiesIn = new long[MAX_TURNS];
    private final long[] reads = new long[MAX_TURNS];
    private final long[] copiesOut = new long[MAX_TURNS];
    private int turns;
    private int packetsPerTurn;
    private long heapBytes;

    @Setup(Level.Iteration)
    public void clear() {
      turns = 0;
      heapBytes = 0;
    }

    void note(
        int packets,
        long startNs,
        long appendNs,
        long inNs,
        long readNs,
        long outNs,
        long allocated) {
      if (turns == MAX_TURNS) {
        return;
      }
      packetsPerTurn = packets;
      heapBytes += allocated;
      appends[turns] = appendNs - startNs;
      copiesIn[turns] = inNs - appendNs;
      reads[turns] = readNs - inNs;
      copiesOut[turns] = outNs - readNs;
      turns++;
    }

    public double appendNs() {
      return median(appends);
    }

    public double copyInNs() {
      return median(copiesIn);
    }

    public double readNs() {
      return median(reads);
    }

    public double copyOutNs() {
      return median(copiesOut);
    }

    /** What this thread allocated in appends and reads, a packet of both. */
    public double heapBytes() {
      return turns == 0 ? 0 : (double) heapBytes / turns / packetsPerTurn;
    }

    private double median(long[] values) {
      if (turns == 0) {
        return 0;
      }
      Arrays.sort(values, 0, turns);
      return (double) values[turns / 2] / packetsPerTurn;
    }
  }

  @Setup
  public void open() throws IOException {
    packets = Math.max(1, TURN_BYTES / packetBytes);
    dir = Files.createTempDirectory(Path.of(folder), "throughput-");
    payload = ByteBuffer.allocateDirect(packetBytes);
    for (int i = 0; i < packetBytes; i++) {
      payload.put(i, (byte) (i * PATTERN));
    }
    source = MemorySegment.ofBuffer(payload);
    target = ByteBuffer.allocateDirect(packetBytes);
    sink = MemorySegment.ofBuffer(target);
    ring = new BenchRing(dir.resolve("ring"), lapBytes);
    limit = new MappedCopies(dir.resolve("limit"), lapBytes);
    ring.fillLap(payload);
    cursor = ring.ring().cursor();
    while (cursor.position() < lapBytes / 2) {
      readOne();
    }
  }

  @TearDown
  public void close() throws IOException {
    cursor.close();
    limit.close();
    ring.close();
    Files.delete(dir);
  }

  @Benchmark
  public void turn(Turns turns) {
    long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
    long startNs = System.nanoTime();
    for (int i = 0; i < packets; i++) {
      ring.append(payload);
    }
    long appendNs = System.nanoTime();
    for (int i = 0; i < packets; i++) {
      limit.copyIn(source);
    }
    long inNs = System.nanoTime();
    for (int i = 0; i < packets; i++) {
      readOne();
    }
    long readNs = System.nanoTime();
    for (int i = 0; i < packets; i++) {
      limit.copyOut(sink);
    }
    long outNs = System.nanoTime();
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;
    turns.note(packets, startNs, appendNs, inNs, readNs, outNs, allocated);
  }

  /** The cursor goes half a lap behind the writer, at its pace. */
  private void readOne() {
    while (true) {
      RingCursor.Next next = cursor.next();
      switch (next) {
        case PACKET -> {
          if (!cursor.copyPayload(target.clear())) {
            throw new IllegalStateException("overtaken half a lap away");
          }
          return;
        }
        case EPOCH, CONFIGURATION -> {}
        default -> throw new IllegalStateException("not half a lap away [next=" + next + "]");
      }
    }
  }
}
