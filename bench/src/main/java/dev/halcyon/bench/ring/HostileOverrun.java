package dev.halcyon.bench.ring;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * One writer flat out in a tiny ring and readers that stay where it is about to store. Every word
 * of a payload follows from its packet's number, so that whatever a reader was told is right can be
 * proved right.
 */
final class HostileOverrun {
  private static final int READERS = 3;
  private static final long RING_BYTES = 64 << 10;
  private static final int LARGEST_BYTES = 12_000;

  /** A reader goes back to the tail once in this many looks; else it goes on where it is. */
  private static final int BACK_EVERY = 3;

  /** Odd, and so large that neighbouring packets differ in all bytes. */
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  /** Spreads the lengths over all of 8..LARGEST_BYTES; prime. */
  private static final long LENGTH_STEP = 1_237;

  private static final long END_LIMIT_S = 30;

  /**
   * @param appended packets
   * @param validated payloads that a reader was told are right, and were looked through
   * @param overtaken payloads that a reader was told are garbage
   * @param overruns how often a cursor was told that records are lost to it
   * @param torn payloads that a reader was told are right and are not, or whose checksum is wrong
   */
  record Counts(long appended, long validated, long overtaken, long overruns, long torn) {}

  private final LongAdder validated = new LongAdder();
  private final LongAdder overtaken = new LongAdder();
  private final LongAdder overruns = new LongAdder();
  private final LongAdder torn = new LongAdder();
  private final BooleanSupplier isOver;

  /**
   * @param durationMs how long the writer appends
   */
  HostileOverrun(long durationMs) {
    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(durationMs);
    isOver = () -> System.nanoTime() - endNs >= 0;
  }

  Counts run(Path dir) throws Exception {
    List<Future<?>> reading = new ArrayList<>();
    long appended;
    try (ExecutorService threads = Executors.newFixedThreadPool(READERS);
        BenchRing ring = new BenchRing(dir.resolve("overrun"), RING_BYTES)) {
      for (int reader = 0; reader < READERS; reader++) {
        reading.add(threads.submit(() -> read(ring.ring())));
      }
      appended = write(ring);
      for (Future<?> each : reading) {
        end(each);
      }
    }
    return new Counts(appended, validated.sum(), overtaken.sum(), overruns.sum(), torn.sum());
  }

  private static void end(Future<?> reading) throws Exception {
    try {
      reading.get(END_LIMIT_S, TimeUnit.SECONDS);
    } catch (TimeoutException stuck) {
      throw new IllegalStateException("a reader does not end", stuck);
    }
  }

  private long write(BenchRing ring) {
    ByteBuffer payload = words();
    while (!isOver.getAsBoolean()) {
      fill(payload, ring.frames());
      ring.append(payload);
    }
    return ring.frames();
  }

  private static ByteBuffer words() {
    return ByteBuffer.allocateDirect(LARGEST_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int length(long number) {
    return (int) (Long.BYTES + number * LENGTH_STEP % (LARGEST_BYTES - Long.BYTES)) & -Long.BYTES;
  }

  private static void fill(ByteBuffer payload, long number) {
    payload.clear().limit(length(number));
    for (int at = 0; at < payload.limit(); at += Long.BYTES) {
      payload.putLong(at, (number + at) * SPREAD);
    }
  }

  private static boolean isRight(ByteBuffer payload, long number) {
    if (payload.limit() != length(number)) {
      return false;
    }
    for (int at = 0; at < payload.limit(); at += Long.BYTES) {
      if (payload.getLong(at) != (number + at) * SPREAD) {
        return false;
      }
    }
    return true;
  }

  private void read(Ring ring) {
    ByteBuffer target = words();
    try (RingCursor cursor = ring.cursor()) {
      for (long looks = 1; !isOver.getAsBoolean(); looks++) {
        RingCursor.Next next = cursor.next();
        if (next == RingCursor.Next.OVERRUN) {
          overruns.increment();
        } else if (next == RingCursor.Next.PACKET) {
          readPayload(cursor, target.clear());
        }
        if (next == RingCursor.Next.NOTHING_YET || looks % BACK_EVERY == 0) {
          cursor.seek(ring.oldestPosition());
        }
      }
    }
  }

  private void readPayload(RingCursor cursor, ByteBuffer target) {
    try {
      if (!cursor.copyPayload(target)) {
        overtaken.increment();
      } else if (isRight(target.flip(), BenchRing.frameOf(cursor.ptsUs()))) {
        validated.increment();
      } else {
        torn.increment();
      }
    } catch (HalcyonException failure) {
      if (failure.code() != ErrorCode.RING_CORRUPT) {
        throw failure;
      }
      torn.increment();
    }
  }
}
