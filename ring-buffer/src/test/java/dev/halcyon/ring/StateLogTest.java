package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.ring.RingCursor.Next;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateLogTest {
  private static final int CHANGES = StateLog.MOST + 5_000;

  @TempDir Path folder;

  private static Track sized(int change) {
    return new Track(0, new VideoFormat(Codec.H264, 64 + change % 2, 64, Bytes.EMPTY));
  }

  /** Memory for what a publisher changes is bounded; what is held stays readable. */
  @Test
  void aPublisherThatChangesAllTheTimeGetsAShorterRing() {
    ByteBuffer payload = ByteBuffer.allocate(8);
    try (Ring ring = Ring.create(folder.resolve("ring"), TestRings.options(16 * TestRings.MIB));
        RingWriter writer = ring.writer();
        RingCursor cursor = ring.cursor()) {
      writer.beginEpoch(0, 0, 0);
      for (int i = 0; i < CHANGES; i++) {
        writer.configure(sized(i));
        writer.append(0, true, i, i, 1, 0, payload);
      }
      assertTrue(ring.committedPosition() < ring.capacityBytes(), "bytes evict nothing");
      assertTrue(ring.oldestPosition() > 0);
      assertTrue(ring.contents().states().from(0).size() <= StateLog.MOST + 1);
      assertEquals(Next.OVERRUN, cursor.next());
      int count = 0;
      for (Next next = cursor.next(); next != Next.NOTHING_YET; next = cursor.next()) {
        if (next == Next.PACKET) {
          assertEquals(sized((int) cursor.ptsUs()), cursor.trackConfiguration());
          count++;
        }
      }
      assertTrue(count > StateLog.MOST * 9 / 10, "held " + count);
    }
  }
}
