package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kill at each store of a resize, played by files that have only the first of its stores. */
class ResizeRecoveryTest {
  private static final long SMALL = 64 << 10;
  private static final long LARGE = 192 << 10;

  /** Bytes between two stores; more than there are in a record. */
  private static final int FAR_APART = 4096;

  @TempDir Path folder;
  private long number;

  /** A stretch of the file that one store or a few of them fill. */
  private record Store(String name, int from, int to) {}

  private void append(RingWriter writer) {
    ResizeTest.append(writer, number++);
  }

  private void appendUntil(Ring ring, RingWriter writer, long position) {
    while (ring.committedPosition() < position) {
      append(writer);
    }
  }

  private void replay(long from, long to, long askAt) throws IOException {
    Path path = folder.resolve("ring");
    try (Ring ring = Ring.create(path, TestRings.options(from));
        RingWriter writer = TestRings.begun(ring)) {
      appendUntil(ring, writer, askAt);
      ring.resize(to, TestRings.HOUR_US);
      byte[] before = Files.readAllBytes(path);
      while (ring.capacityBytes() != to) {
        before = Files.readAllBytes(path);
        assertRecovers(before, to, number - 1, number - 1, "asked");
        append(writer);
      }
      byte[] after = Files.readAllBytes(path);
      byte[] image = Arrays.copyOf(before, after.length);
      for (Store store : storesOf(before, after)) {
        int half = store.from() + (store.to() - store.from()) / 2;
        System.arraycopy(after, store.from(), image, store.from(), half - store.from());
        assertRecovers(image, to, number - 2, number - 1, "half of " + store.name());
        System.arraycopy(after, half, image, half, store.to() - half);
        assertRecovers(image, to, number - 2, number - 1, "all of " + store.name());
      }
      for (int i = 0; i < 150; i++) {
        append(writer);
        assertRecovers(Files.readAllBytes(path), to, number - 1, number - 1, "done");
      }
    }
  }

  /** In the order in which the writer stores them. */
  private static List<Store> storesOf(byte[] before, byte[] after) {
    List<Store> stores = new ArrayList<>();
    stores.add(new Store("tail", RingLayout.TAIL_OFFSET, RingLayout.TAIL_OFFSET + 16));
    ByteBuffer page = ByteBuffer.wrap(before).order(ByteOrder.LITTLE_ENDIAN);
    int even = HeaderPage.slotOf(0);
    int odd = HeaderPage.slotOf(1);
    int older = page.getLong(even) < page.getLong(odd) ? even : odd;
    for (int slot : new int[] {older, even + odd - older}) {
      stores.add(new Store("checkpoint", slot, slot + RingLayout.CHECKPOINT_BYTES));
    }
    stores.add(new Store("reserved", RingLayout.RESERVED_OFFSET, RingLayout.RESERVED_OFFSET + 8));
    int place = stores.size();
    int from = firstChange(before, after, RingLayout.HEADER_BYTES);
    while (from < before.length) {
      int to = from;
      int next = from;
      while (next - to < FAR_APART && next < before.length) {
        to = next + 1;
        next = firstChange(before, after, to);
      }
      stores.add(place, new Store("records", from, to)); // padding lies behind, and comes first
      from = next;
    }
    stores.add(
        new Store("committed", RingLayout.COMMITTED_OFFSET, RingLayout.COMMITTED_OFFSET + 8));
    return stores;
  }

  private static int firstChange(byte[] before, byte[] after, int from) {
    int at = Arrays.mismatch(before, from, before.length, after, from, before.length);
    return at < 0 ? before.length : from + at;
  }

  /** Opened as after a kill, the image holds all up to a number, and is good for going on. */
  private void assertRecovers(byte[] image, long to, long least, long most, String when)
      throws IOException {
    Path copy = folder.resolve("copy");
    Files.write(copy, image);
    try (Ring ring = Ring.open(copy, TestRings.options(to))) {
      assertEquals(0, ring.recovery().damagedRanges(), when);
      long newest = ring.held().getLast().toUs() / 40_000 - 1;
      assertTrue(newest >= least && newest <= most, when + ": newest is " + newest);
      ResizeTest.assertWhole(ring, newest);
      RingWriter writer = ring.writer();
      writer.beginEpoch(ring.lastEpoch() + 1, newest * 40_000, TestRings.WALL_US);
      writer.configure(TestRings.VIDEO);
      for (long next = newest + 1; next < newest + 120; next++) {
        ResizeTest.append(writer, next);
      }
      assertEquals(to, ring.capacityBytes(), when);
      ResizeTest.assertWhole(ring, newest + 119);
    }
    Files.delete(copy);
  }

  @Test
  void growing() throws IOException {
    replay(SMALL, LARGE, SMALL * 5 / 2);
  }

  @Test
  void growingInTheFirstLap() throws IOException {
    replay(SMALL, LARGE, SMALL / 2);
  }

  @Test
  void shrinking() throws IOException {
    replay(LARGE, SMALL, LARGE * 5 / 2);
  }

  @Test
  void shrinkingInTheFirstLap() throws IOException {
    replay(LARGE, SMALL, SMALL / 2);
  }

  @Test
  void theGeometryIsFoundWithoutCountersAndCheckpoints() throws IOException {
    Path path = folder.resolve("ring");
    long[] sizes = {SMALL, LARGE, SMALL, LARGE / 2, LARGE};
    Ring.create(path, TestRings.options(SMALL)).close();
    for (long size : sizes) {
      long oldest;
      try (Ring ring = Ring.open(path, TestRings.options(size));
          RingWriter writer = TestRings.begun(ring)) {
        appendUntil(ring, writer, ring.committedPosition() + LARGE * 3 / 2 + SMALL / 3);
        assertEquals(size, ring.capacityBytes());
        oldest = ring.oldestPosition();
      }
      byte[] image = Files.readAllBytes(path);
      Arrays.fill(image, RingLayout.CHECKPOINT_OFFSET, RingLayout.HEADER_BYTES, (byte) 0);
      Files.write(path, image);
      try (Ring ring = Ring.open(path, TestRings.options(size))) {
        assertTrue(ring.oldestPosition() <= oldest);
        assertEquals(0, ring.recovery().damagedRanges());
        assertTrue(ResizeTest.assertWhole(ring, number - 1) > SMALL / ResizeTest.LARGEST_BYTES);
      }
    }
  }
}
