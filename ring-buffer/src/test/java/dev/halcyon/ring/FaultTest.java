package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.ring.RingCursor.Next;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultTest {
  private static final long STEP_BYTES = 64 << 10;

  @TempDir Path folder;

  /** Has this much space and no more. */
  private static RingOptions options(long capacityBytes, long spaceBytes) {
    return new RingOptions(capacityBytes, TestRings.HOUR_US)
        .withAllocation(
            STEP_BYTES,
            (file, offsetBytes, lengthBytes) -> {
              if (offsetBytes + lengthBytes > spaceBytes) {
                throw new IOException("no space left");
              }
            });
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  private static long mappings(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.contains(file.toString())).count();
    }
  }

  @Test
  void isRefusedWhenTheFirstBlocksCannotBeTaken() throws IOException {
    assumeLinux();
    Path path = folder.resolve("ring");
    long before = descriptors();
    HalcyonException failure =
        assertThrows(HalcyonException.class, () -> Ring.create(path, options(TestRings.MIB, 1000)));
    assertEquals(ErrorCode.INSUFFICIENT_STORAGE, failure.code());
    assertTrue(failure.getMessage().contains("no space left"));
    assertFalse(Files.exists(path));
    assertEquals(0, mappings(path));
    assertEquals(before, descriptors());
  }

  private static void assumeLinux() {
    boolean hasProc = Files.exists(Path.of("/proc/self/maps"));
    if (!hasProc) {
      System.out.println("skipped: /proc is not there to count mappings");
    }
    assumeTrue(hasProc, "/proc is not there to count mappings");
  }

  @Test
  void wrapsWhereTheSpaceEndsAndStaysValid() throws IOException {
    Path path = folder.resolve("ring");
    long spaceBytes = 3 * STEP_BYTES;
    try (Ring ring = Ring.create(path, options(TestRings.MIB, spaceBytes));
        RingWriter writer = TestRings.begun(ring);
        RingCursor follower = ring.cursor()) {
      assertFalse(ring.stats().isShrunk());
      for (int i = 0; i < 1000; i++) {
        TestRings.appendPicture(writer, i, 10, TestRings.payload(i, 3000));
        assertEquals(i, follow(follower));
      }
      assertTrue(ring.stats().isShrunk());
      assertTrue(ring.stats().shrunkBecause().contains("no space left"));
      assertEquals(spaceBytes - RingLayout.HEADER_BYTES, ring.capacityBytes());
      assertConsecutiveTo(ring, 999);
    }
    try (Ring ring = Ring.open(path, options(TestRings.MIB, spaceBytes))) {
      assertTrue(ring.recovery().isWhole());
      assertTrue(ring.stats().isShrunk());
      assertEquals(spaceBytes - RingLayout.HEADER_BYTES, ring.capacityBytes());
      assertEquals(TestRings.MIB, ring.stats().targetCapacityBytes());
      assertConsecutiveTo(ring, 999);
    }
  }

  /** The number of the one packet that is new to the cursor. */
  private static long follow(RingCursor cursor) {
    while (true) {
      Next next = cursor.next();
      assertTrue(next != Next.OVERRUN && next != Next.NOTHING_YET, next.toString());
      if (next == Next.PACKET) {
        assertTrue(cursor.copyPayload(ByteBuffer.allocate(3000)));
        return cursor.ptsUs() / 40_000;
      }
    }
  }

  private static void assertConsecutiveTo(Ring ring, long newest) {
    try (RingCursor cursor = ring.cursor()) {
      ByteBuffer target = ByteBuffer.allocate(3000);
      long last = -1;
      long count = 0;
      for (Next next = cursor.next(); next != Next.NOTHING_YET; next = cursor.next()) {
        if (next == Next.PACKET) {
          long number = cursor.ptsUs() / 40_000;
          assertTrue(last < 0 || number == last + 1);
          assertTrue(cursor.copyPayload(target.clear()));
          assertEquals(TestRings.payload(number, 3000), target.flip());
          last = number;
          count++;
        }
      }
      assertEquals(newest, last);
      assertTrue(count > 40, "held " + count);
    }
  }

  @Test
  void tellsWhenHolesOfAWrappedFileCannotBeFilled() {
    Path path = folder.resolve("ring");
    try (Ring ring = Ring.create(path, TestRings.options(STEP_BYTES * 4));
        RingWriter writer = TestRings.begun(ring)) {
      for (int i = 0; i < 200; i++) {
        TestRings.appendPicture(writer, i, 10, TestRings.payload(i, 3000));
      }
    }
    HalcyonException failure =
        assertThrows(
            HalcyonException.class, () -> Ring.open(path, options(STEP_BYTES * 4, STEP_BYTES)));
    assertEquals(ErrorCode.INSUFFICIENT_STORAGE, failure.code());
    try (Ring ring = Ring.open(path, TestRings.options(STEP_BYTES * 4))) {
      assertTrue(ring.recovery().isWhole(), "the failed opening broke nothing");
    }
  }

  @Test
  void takesRealBlocksFromTheFileSystem() throws IOException {
    Path path = folder.resolve("ring");
    SpaceAllocator platform = SpaceAllocator.ofThisPlatform();
    Ring.create(path, TestRings.options(TestRings.MIB)).close();
    platform.allocate(path, 0, TestRings.MIB);
    SpaceAllocator.byRewriting(path, 0, TestRings.MIB);
    long[] numbers = {(long) Files.getAttribute(path, "unix:size"), TestRings.MIB};
    assertEquals(numbers[1] + RingLayout.HEADER_BYTES, numbers[0]);
    try (Ring ring = Ring.open(path, TestRings.options(TestRings.MIB))) {
      assertTrue(ring.recovery().isWhole());
    }
    assertThrows(
        IOException.class, () -> platform.allocate(folder.resolve("none"), 0, TestRings.MIB));
  }

  @Test
  void refusesToOverwriteAFile() throws IOException {
    Path path = Files.writeString(folder.resolve("ring"), "precious");
    HalcyonException failure =
        assertThrows(
            HalcyonException.class, () -> Ring.create(path, TestRings.options(TestRings.MIB)));
    assertEquals(ErrorCode.IO_FAILED, failure.code());
    assertEquals("precious", Files.readString(path));
  }

  @Test
  void refusesAReadOnlyFile() throws Exception {
    try (MemoryDisk disk = MemoryDisk.mount(folder.resolve("disk"), 8)) {
      Path path = disk.root().resolve("ring");
      Ring.create(path, TestRings.options(TestRings.MIB)).close();
      disk.makeReadOnly();
      long before = descriptors();
      HalcyonException failure =
          assertThrows(
              HalcyonException.class, () -> Ring.open(path, TestRings.options(TestRings.MIB)));
      assertEquals(ErrorCode.IO_FAILED, failure.code());
      Path another = disk.root().resolve("another");
      HalcyonException refused =
          assertThrows(
              HalcyonException.class, () -> Ring.create(another, TestRings.options(TestRings.MIB)));
      assertEquals(ErrorCode.IO_FAILED, refused.code());
      assertEquals(before, descriptors());
      assertEquals(0, mappings(path));
    }
  }

  @Test
  void aDiskThatIsReallyFullEndsTheLap() throws Exception {
    RingOptions options =
        new RingOptions(8 * TestRings.MIB, TestRings.HOUR_US)
            .withAllocation(STEP_BYTES, SpaceAllocator.ofThisPlatform());
    try (MemoryDisk disk = MemoryDisk.mount(folder.resolve("disk"), 2)) {
      Path path = disk.root().resolve("ring");
      try (Ring ring = Ring.create(path, options);
          RingWriter writer = TestRings.begun(ring)) {
        for (int i = 0; i < 2000; i++) {
          TestRings.appendPicture(writer, i, 10, TestRings.payload(i, 3000));
        }
        assertTrue(ring.stats().isShrunk());
        assertTrue(ring.stats().shrunkBecause().contains("no space left"));
        assertConsecutiveTo(ring, 1999);
        HalcyonException refused =
            assertThrows(
                HalcyonException.class, () -> Ring.create(disk.root().resolve("another"), options));
        assertEquals(ErrorCode.INSUFFICIENT_STORAGE, refused.code());
        assertFalse(Files.exists(disk.root().resolve("another")));
      }
      try (Ring ring = Ring.open(path, options)) {
        assertTrue(ring.recovery().isWhole());
        assertConsecutiveTo(ring, 1999);
      }
    }
  }

  /** 2^45 bytes are more than ext4 and most others put into one file. */
  @Test
  void isRefusedWhenTheFileCannotBeMapped() throws IOException {
    assumeLinux();
    Path path = folder.resolve("ring");
    long before = descriptors();
    HalcyonException failure =
        assertThrows(
            HalcyonException.class, () -> Ring.create(path, TestRings.options(1L << 45)).close());
    assertEquals(ErrorCode.IO_FAILED, failure.code());
    assertFalse(Files.exists(path));
    assertEquals(before, descriptors());
    assertEquals(0, mappings(path));
  }

  @Test
  void refusesADirectory() {
    HalcyonException failure =
        assertThrows(
            HalcyonException.class, () -> Ring.open(folder, TestRings.options(TestRings.MIB)));
    assertEquals(ErrorCode.IO_FAILED, failure.code());
  }

  @Test
  void refusesAFileThatIsOpenAlready() {
    Path path = folder.resolve("ring");
    try (Ring ring = Ring.create(path, TestRings.options(TestRings.MIB))) {
      HalcyonException failure =
          assertThrows(
              HalcyonException.class, () -> Ring.open(path, TestRings.options(TestRings.MIB)));
      assertEquals(ErrorCode.IO_FAILED, failure.code());
      assertTrue(failure.getMessage().contains("in use"), failure.getMessage());
      assertEquals(0, ring.committedPosition());
    }
  }

  @Test
  void leaksNoMappingAndNoDescriptor() throws IOException {
    assumeLinux();
    Path path = folder.resolve("ring");
    Ring.create(path, TestRings.options(TestRings.MIB)).close();
    long before = descriptors();
    for (int i = 0; i < 20; i++) {
      Ring.open(path, TestRings.options(TestRings.MIB)).close();
    }
    assertEquals(before, descriptors());
    assertEquals(0, mappings(path));
  }

  @Test
  void staysLockedAgainstOtherProcessesWhenBlocksWereTaken() throws Exception {
    Path path = folder.resolve("ring");
    try (Ring ring = Ring.create(path, CrashChild.options(TestRings.MIB));
        RingWriter writer = TestRings.begun(ring)) {
      for (int i = 0; i < 100; i++) {
        TestRings.appendPicture(writer, i, 10, TestRings.payload(i, 3000));
      }
      assertTrue(ring.stats().allocatedBytes() > 2 * STEP_BYTES, "blocks were taken step by step");
      Process other = CrashTest.child(path, TestRings.MIB).redirectErrorStream(true).start();
      try (BufferedReader lines = other.inputReader()) {
        List<String> said = lines.lines().limit(200).toList();
        assertTrue(said.stream().anyMatch(line -> line.contains("in use")), said.toString());
      } finally {
        other.destroyForcibly();
        assertTrue(other.waitFor(20, TimeUnit.SECONDS));
      }
    }
  }

  @Test
  void whatACrashLeavesOfAnUnfinishedRingIsNoRing() throws IOException {
    Path path = folder.resolve("ring");
    RingOptions crashing =
        new RingOptions(TestRings.MIB, TestRings.HOUR_US)
            .withAllocation(
                STEP_BYTES,
                (file, offsetBytes, lengthBytes) -> {
                  assertFalse(Files.exists(path), "not under its name before it is whole");
                  Files.copy(file, folder.resolve("left"));
                });
    Ring.create(path, crashing).close();
    Files.move(path, folder.resolve("whole"));
    Files.move(folder.resolve("left"), folder.resolve("ring" + Ring.UNFINISHED_ENDING));
    Ring.create(path, TestRings.options(TestRings.MIB)).close();
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          List.of("ring", "whole"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
    Ring.open(path, TestRings.options(TestRings.MIB)).close();
  }
}
