package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import dev.halcyon.ring.RingCursor.Next;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {
  private static final long CAPACITY = 256 << 10;

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void name() {
    path = folder.resolve("ring");
  }

  private static int length(long number) {
    return (int) (200 + number * 131 % 3000);
  }

  private static void append(RingWriter writer, long from, long to) {
    for (long number = from; number < to; number++) {
      TestRings.appendPicture(writer, number, 10, TestRings.payload(number, length(number)));
    }
  }

  private void write(long packets) {
    try (Ring ring = Ring.create(path, TestRings.options(CAPACITY));
        RingWriter writer = TestRings.begun(ring)) {
      append(writer, 0, packets);
    }
  }

  private Ring reopen() {
    return Ring.open(path, TestRings.options(CAPACITY));
  }

  /** A packet that was read and whose payload is right. */
  private record Found(long number, long position) {}

  private static List<Found> readAll(Ring ring) {
    List<Found> found = new ArrayList<>();
    try (RingCursor cursor = ring.cursor()) {
      while (true) {
        Next next = cursor.next();
        if (next == Next.NOTHING_YET) {
          return found;
        }
        if (next == Next.PACKET) {
          long number = cursor.ptsUs() / 40_000;
          ByteBuffer target = ByteBuffer.allocate(cursor.payloadLength());
          assertTrue(cursor.copyPayload(target));
          assertArrayEquals(TestRings.payload(number, length(number)).array(), target.array());
          found.add(new Found(number, cursor.position()));
        }
      }
    }
  }

  private static void assertConsecutive(List<Found> found) {
    for (int i = 1; i < found.size(); i++) {
      assertEquals(found.get(i - 1).number() + 1, found.get(i).number());
    }
  }

  private void patch(long offset, byte[] bytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(offset);
      file.write(bytes);
    }
  }

  private void flip(long offset, int bit) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(offset);
      int old = file.read();
      file.seek(offset);
      file.write(old ^ 1 << bit);
    }
  }

  private static long offsetOf(long position) {
    return RingLayout.HEADER_BYTES + position % CAPACITY;
  }

  @Test
  void keepsEverythingAfterAnOrderlyClose() {
    List<HeldRange> held;
    List<Found> before;
    try (Ring ring = Ring.create(path, TestRings.options(CAPACITY));
        RingWriter writer = TestRings.begun(ring)) {
      append(writer, 0, 1000);
      held = ring.held();
      before = readAll(ring);
    }
    try (Ring ring = reopen()) {
      assertTrue(ring.recovery().isWhole(), ring.recovery().toString());
      assertEquals(held, ring.held());
      assertEquals(before, readAll(ring));
      assertEquals(before.getFirst().number() * 40_000, ring.recovery().keptFromUs());
      assertEquals(1000 * 40_000, ring.recovery().keptToUs());
      assertEquals(990 * 40_000, ring.index().newest().orElseThrow().ptsUs());
      assertEquals(TestRings.VIDEO, ring.contents().states().at(0).orElseThrow().tracks().get(0));
    }
  }

  @Test
  void aWriterGoesOnWhereTheLastOneStopped() {
    write(1000);
    try (Ring ring = reopen();
        RingWriter writer = TestRings.begun(ring)) {
      assertEquals(1, ring.lastEpoch());
      append(writer, 1000, 1100);
    }
    try (Ring ring = reopen()) {
      List<Found> found = readAll(ring);
      assertConsecutive(found);
      assertEquals(1099, found.getLast().number());
      assertEquals(2, ring.held().size());
    }
  }

  @Test
  void anEpochIsOneRangeWhereverTheTailCutsItsFirstRecords() {
    RingOptions options = TestRings.options(64 << 10);
    List<HeldRange> held;
    try (Ring ring = Ring.create(path, options);
        RingWriter writer = ring.writer()) {
      writer.beginEpoch(0, 0, 0);
      writer.configure(TestRings.AUDIO);
      writer.append(1, true, 0, 0, 1, 0, ByteBuffer.allocate(48));
      writer.beginEpoch(1, 0, TestRings.WALL_US);
      writer.configure(TestRings.VIDEO);
      long amongConfigurations = ring.committedPosition();
      writer.configure(TestRings.AUDIO);
      writer.configure(new Track(2, TestRings.AUDIO.format()));
      for (int i = 0; ring.oldestPosition() < amongConfigurations; i++) {
        TestRings.appendPicture(writer, i, 10, TestRings.payload(i, 0));
      }
      assertEquals(amongConfigurations, ring.oldestPosition());
      held = ring.held();
    }
    try (Ring ring = Ring.open(path, options)) {
      assertEquals(held, ring.held());
    }
  }

  /** Pictures of unknown length, the newest of which is not the last one that was written. */
  @Test
  void anEpochThatIsOverReachesToTheEndOfItsLastPicture() {
    RingOptions options = TestRings.options(64 << 10);
    try (Ring ring = Ring.create(path, options)) {
      RingWriter writer = TestRings.begun(ring);
      appendOfUnknownLength(writer, 40_000, 0);
      appendOfUnknownLength(writer, 160_000, 40_000);
      appendOfUnknownLength(writer, 80_000, 80_000);
      assertEquals(160_000, ring.held().getLast().toUs());
      writer.beginEpoch(1, 170_000, TestRings.WALL_US);
      assertEquals(170_000, ring.held().getFirst().toUs(), "not into the next one");
      writer.configure(TestRings.VIDEO);
      appendOfUnknownLength(writer, 250_000, 170_000);
      appendOfUnknownLength(writer, 370_000, 210_000);
      assertEquals(370_000, ring.held().getLast().toUs());
      // The writer is not closed: the process dies here.
    }
    try (Ring ring = Ring.open(path, options)) {
      assertEquals(170_000, ring.held().getFirst().toUs());
      assertEquals(410_000, ring.held().getLast().toUs());
    }
  }

  private static void appendOfUnknownLength(RingWriter writer, long ptsUs, long dtsUs) {
    writer.append(0, dtsUs == 0, ptsUs, dtsUs, 0, 0, ByteBuffer.allocate(48));
  }

  @Test
  void keepsWhatLiesBeforeATruncation() throws IOException {
    write(60);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(RingLayout.HEADER_BYTES + 50_000);
    }
    try (Ring ring = reopen();
        RingWriter writer = ring.writer()) {
      List<Found> found = readAll(ring);
      assertConsecutive(found);
      assertEquals(0, found.getFirst().number());
      assertTrue(ring.committedPosition() <= 50_000 && ring.committedPosition() > 46_000);
      assertFalse(ring.recovery().isWhole());
      writer.beginEpoch(1, 0, 0);
    }
  }

  @Test
  void keepsTheNewestLapWhenTheOlderOneIsCutOff() throws IOException {
    write(1000);
    long head;
    try (Ring ring = reopen()) {
      head = ring.committedPosition();
    }
    long cut = head % CAPACITY;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(RingLayout.HEADER_BYTES + cut);
    }
    try (Ring ring = reopen()) {
      List<Found> found = readAll(ring);
      assertConsecutive(found);
      assertEquals(999, found.getLast().number());
      assertEquals(head, ring.committedPosition());
    }
  }

  @Test
  void losesOnlyTheDamagedRecord() throws IOException {
    write(100);
    List<Found> before;
    try (Ring ring = reopen()) {
      before = readAll(ring);
    }
    Found victim = before.get(40);
    flip(offsetOf(victim.position()) + 100, 3);
    for (int opening = 0; opening < 2; opening++) {
      try (Ring ring = reopen();
          RingCursor cursor = ring.cursor()) {
        List<Found> expected = new ArrayList<>(before);
        expected.remove(victim);
        assertEquals(expected, readAll(ring));
        Next next = cursor.next();
        while (next != Next.OVERRUN) {
          next = cursor.next();
        }
        assertEquals(RingLayout.recordBytes(length(victim.number())), cursor.missedBytes());
        assertEquals(opening == 0 ? 1 : 0, ring.recovery().damagedRanges());
      }
    }
  }

  @Test
  void cutsATornTailAndNeverShowsItAgain() throws IOException {
    write(100);
    List<Found> before;
    try (Ring ring = reopen()) {
      before = readAll(ring);
    }
    long torn = before.get(98).position();
    flip(offsetOf(torn) + RingLayout.SEQ_AT, 0);
    flip(offsetOf(before.get(99).position()) + RingLayout.RECORD_HEADER_BYTES, 0);
    try (Ring ring = reopen();
        RingWriter writer = ring.writer()) {
      assertEquals(before.subList(0, 98), readAll(ring));
      assertEquals(torn, ring.committedPosition());
      writer.beginEpoch(1, 0, 0);
    }
    flip(offsetOf(before.get(99).position()) + RingLayout.RECORD_HEADER_BYTES, 0);
    try (Ring ring = reopen()) {
      assertEquals(before.subList(0, 98), readAll(ring), "a record of an older generation");
    }
  }

  @Test
  void needsNeitherCountersNorCheckpoints() throws IOException {
    write(1000);
    List<Found> before;
    try (Ring ring = reopen()) {
      before = readAll(ring);
    }
    patch(RingLayout.CHECKPOINT_OFFSET, new byte[2 * RingLayout.CHECKPOINT_BYTES]);
    for (long wrong : new long[] {0, -1, 8, 1L << 60, CAPACITY}) {
      byte[] counter = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(wrong).array();
      patch(RingLayout.RESERVED_OFFSET, counter);
      patch(RingLayout.COMMITTED_OFFSET, counter);
      patch(RingLayout.TAIL_OFFSET, counter);
      try (Ring ring = reopen()) {
        List<Found> found = readAll(ring);
        assertEquals(before, found.subList(found.size() - before.size(), found.size()));
        assertConsecutive(found);
      }
      patch(RingLayout.CHECKPOINT_OFFSET, new byte[2 * RingLayout.CHECKPOINT_BYTES]);
    }
  }

  @Test
  void passesOverAHalfWrittenCheckpoint() throws IOException {
    write(1000);
    byte[] all = Files.readAllBytes(path);
    ByteBuffer page = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
    long even = page.getLong(RingLayout.CHECKPOINT_OFFSET);
    long odd = page.getLong(RingLayout.CHECKPOINT_OFFSET + RingLayout.CHECKPOINT_BYTES);
    int newer = HeaderPage.slotOf(Math.max(even, odd));
    patch(newer + 8, new byte[20]);
    assertEquals(
        Math.min(even, odd),
        HeaderPage.read(ByteBuffer.wrap(Files.readAllBytes(path)))
            .checkpoint()
            .orElseThrow()
            .number());
    try (Ring ring = reopen()) {
      assertEquals(999, readAll(ring).getLast().number());
      assertTrue(ring.recovery().isWhole());
    }
  }

  @Test
  void returnsNothingWrongWhateverBitsFlip() throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    write(400);
    byte[] good = Files.readAllBytes(path);
    for (int round = 0; round < 150; round++) {
      Files.write(path, good);
      int flips = 1 + random.nextInt(20);
      for (int i = 0; i < flips; i++) {
        int from = random.nextInt(4) == 0 ? RingLayout.CACHE_LINE_BYTES : RingLayout.HEADER_BYTES;
        flip(from + random.nextInt(good.length - from), random.nextInt(8));
      }
      try (Ring ring = reopen()) {
        List<Found> found = readAll(ring);
        for (int i = 1; i < found.size(); i++) {
          assertTrue(found.get(i - 1).number() < found.get(i).number(), "round " + round);
        }
        assertTrue(found.size() > 60, "round " + round + " kept " + found.size());
      }
    }
  }

  @Test
  void refusesAForeignFileByName() throws IOException {
    Files.write(path, TestRings.payload(1, 100_000).array());
    assertRefused("not a ring file");
    Files.write(path, new byte[0]);
    assertRefused("not a ring file");
  }

  @Test
  void refusesAnotherVersionByName() throws IOException {
    write(1);
    patch(RingLayout.VERSION_OFFSET, new byte[] {9, 0, 0, 0});
    assertRefused("version 9");
  }

  @Test
  void refusesADamagedHeaderByName() throws IOException {
    write(1);
    flip(RingLayout.CAPACITY_OFFSET, 7);
    assertRefused("damaged");
  }

  private void assertRefused(String because) {
    HalcyonException failure = assertThrows(HalcyonException.class, this::reopen);
    assertEquals(ErrorCode.RING_CORRUPT, failure.code());
    assertTrue(failure.getMessage().contains(because), failure.getMessage());
  }
}
