package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.ring.RingCursor.Next;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files over 2 GiB, sparse: only the pages around the places of interest are ever stored to. */
class LargeRingTest {
  private static final long GIB = 1L << 30;
  private static final long CAPACITY = 5 * GIB;
  private static final int LENGTH = 50_000;

  @TempDir Path folder;

  /** A ring whose only record is an epoch at {@code position}, as after a long run. */
  private Path ringAt(long position) {
    Path path = folder.resolve("ring");
    Ring.create(path, TestRings.options(CAPACITY)).close();
    try (RingFile file = RingFile.open(path)) {
      RecordHeader header = new RecordHeader();
      header.describe(RingLayout.EPOCH, 0, (short) 0, 0, 0, 0, TestRings.WALL_US);
      header.stamp(position, 1_000_000, 1, 0, 0);
      header.seal(header.checksum(ByteBuffer.allocate(0), 0, 0));
      long offset = position % CAPACITY;
      header.copyTo(file.firstMapping().windowOf(offset), Mapping.indexOf(offset));
      file.setTail(position, 0);
      file.setReserved(header.endPosition());
      file.setCommitted(header.endPosition());
    }
    return path;
  }

  private void writesAndReadsAround(long place) throws Exception {
    Path path = ringAt(place - 500_000 & -RingLayout.ALIGNMENT);
    try (Ring ring = Ring.open(path, TestRings.options(CAPACITY));
        RingWriter writer = ring.writer();
        RingCursor cursor = ring.cursor()) {
      writer.beginEpoch(1, 0, 0);
      writer.configure(TestRings.VIDEO);
      for (int i = 0; i < 20; i++) {
        TestRings.appendPicture(writer, i, 10, TestRings.payload(i, LENGTH));
      }
      assertTrue(ring.committedPosition() > place);
      assertEquals(20, readAll(cursor));
    }
    try (Ring ring = Ring.open(path, TestRings.options(CAPACITY));
        RingCursor cursor = ring.cursor()) {
      assertTrue(ring.recovery().isWhole(), ring.recovery().toString());
      assertEquals(20, readAll(cursor));
      long last = ring.index().newest().orElseThrow().position();
      cursor.seek(last);
      assertEquals(10, readAll(cursor));
    }
    Files.delete(path);
  }

  private static int readAll(RingCursor cursor) {
    ByteBuffer target = ByteBuffer.allocate(LENGTH);
    int count = 0;
    for (Next next = cursor.next(); next != Next.NOTHING_YET; next = cursor.next()) {
      if (next == Next.PACKET) {
        assertTrue(cursor.copyPayload(target.clear()));
        assertEquals(TestRings.payload(cursor.ptsUs() / 40_000, LENGTH), target.flip());
        count++;
      }
    }
    return count;
  }

  @Test
  void crossesTheWindowsOfTheMapping() throws Exception {
    writesAndReadsAround(GIB);
  }

  @Test
  void crossesTwoGib() throws Exception {
    writesAndReadsAround(2 * GIB);
  }

  @Test
  void crossesFourGib() throws Exception {
    writesAndReadsAround(4 * GIB);
  }

  @Test
  void wrapsAfterFiveGib() throws Exception {
    writesAndReadsAround(CAPACITY);
  }
}
