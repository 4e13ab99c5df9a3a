package dev.halcyon.bench.stress;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;
import dev.halcyon.ring.RingCursor.Next;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.ring.RingWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The smallest ring there is, with its writer and one cursor, for a state of a stress test. A ring
 * goes on where the last state left it, so that a state costs no file; the queue hands it over. The
 * file has no name any more once it is open.
 */
final class StressRing {
  static final long CAPACITY_BYTES = RingOptions.MIN_CAPACITY_BYTES;

  /**
   * The ring keeps a sixteenth free of what is held: so much can be appended before it is eaten.
   */
  static final long SLACK_BYTES = CAPACITY_BYTES / 16;

  private static final ConcurrentLinkedQueue<StressRing> idle = new ConcurrentLinkedQueue<>();
  private static final Track TRACK =
      new Track(0, new AudioFormat(Codec.AAC, 48_000, 2, Bytes.copyOf(new byte[] {0x11, 0x10})));
  private static final int LARGEST_BYTES = 16 << 10;

  final Ring ring;
  final RingCursor cursor;
  private final RingWriter writer;
  private final ByteBuffer payload = ByteBuffer.allocateDirect(LARGEST_BYTES);
  private final ByteBuffer target = ByteBuffer.allocateDirect(LARGEST_BYTES);
  private long nextNumber;

  private StressRing() {
    try {
      Path path = Files.createTempDirectory("halcyon-stress-").resolve("ring");
      ring = Ring.create(path, new RingOptions(CAPACITY_BYTES, Long.MAX_VALUE / 2));
      Files.delete(path);
      Files.delete(path.getParent());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    writer = ring.writer();
    writer.beginEpoch(0, 0, 0);
    writer.configure(TRACK);
    cursor = ring.cursor();
  }

  /** One that nobody uses; with records in it, its cursor at their end. */
  static StressRing take() {
    StressRing taken = idle.poll();
    if (taken == null) {
      taken = new StressRing();
      taken.append(100);
    }
    taken.skipToEnd();
    return taken;
  }

  /** One for a state that closes it. */
  static StressRing fresh() {
    StressRing fresh = new StressRing();
    fresh.append(100);
    return fresh;
  }

  /** No actor may use it any more. */
  void release() {
    idle.add(this);
  }

  private void skipToEnd() {
    while (cursor.next() != Next.NOTHING_YET) {
      // What earlier states wrote is of no use here.
    }
  }

  private static byte fillOf(long number) {
    return (byte) (number * 31 + 7);
  }

  /** Each byte of a payload follows from the packet's number, which is its pts. */
  void append(int bytes) {
    long number = nextNumber++;
    byte fill = fillOf(number);
    payload.clear().limit(bytes);
    for (int i = 0; i < bytes; i++) {
      payload.put(i, fill);
    }
    writer.append(0, true, number, number, 1, number, payload);
  }

  /** Appends until a record of that many payload bytes would go over the end of the lap. */
  void fillUpTo(int bytes) {
    while (CAPACITY_BYTES - ring.committedPosition() % CAPACITY_BYTES >= bytes + 64L) {
      append(4000);
    }
    skipToEnd();
  }

  /** Puts the cursor on the oldest packet. */
  void readOldest() {
    cursor.seek(ring.oldestPosition());
    for (Next next = cursor.next(); next != Next.PACKET; next = cursor.next()) {
      if (next == Next.NOTHING_YET || next == Next.CLOSED) {
        throw new IllegalStateException("a ring without a packet");
      }
    }
  }

  /** What a reader sees next, in a word; a configuration that is told again is passed over. */
  String next() {
    Next next = cursor.next();
    while (next == Next.EPOCH || next == Next.CONFIGURATION) {
      next = cursor.next();
    }
    return next == Next.PACKET ? payload() : next.name();
  }

  /** What the payload of the current packet is like, in a word. */
  String payload() {
    try {
      if (!cursor.copyPayload(target.clear())) {
        return "OVERTAKEN";
      }
    } catch (HalcyonException failure) {
      return failure.code() == ErrorCode.RING_CORRUPT ? "CORRUPT" : failure.code().name();
    }
    byte fill = fillOf(cursor.ptsUs());
    for (int i = 0; i < target.position(); i++) {
      if (target.get(i) != fill) {
        return "TORN";
      }
    }
    return "PACKET";
  }
}
