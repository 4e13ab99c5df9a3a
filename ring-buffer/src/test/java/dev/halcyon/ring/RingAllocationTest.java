package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.halcyon.ring.RingCursor.Next;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingAllocationTest {
  private static final int PACKETS = 20_000;

  @TempDir Path folder;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void appendingAndReadingAllocateNothing() {
    ByteBuffer heap = ByteBuffer.allocate(3000);
    ByteBuffer direct = ByteBuffer.allocateDirect(3000);
    ByteBuffer target = ByteBuffer.allocateDirect(3000);
    try (Ring ring = Ring.create(folder.resolve("ring"), TestRings.options(TestRings.MIB));
        RingWriter writer = TestRings.begun(ring);
        RingCursor cursor = ring.cursor()) {
      long from = 0;
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 5; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (long number = from; number < from + PACKETS; number++) {
          TestRings.appendPicture(writer, number, 50, number % 2 == 0 ? heap : direct);
          while (cursor.next() != Next.NOTHING_YET) {
            cursor.copyPayload(target.clear());
          }
        }
        from += PACKETS;
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(0, least / PACKETS, "bytes a packet; in all " + least);
      System.out.println("allocated in " + PACKETS + " packets: " + least);
    }
  }
}
