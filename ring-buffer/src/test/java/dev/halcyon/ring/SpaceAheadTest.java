package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpaceAheadTest {
  private static final long STEP_BYTES = 64 << 10;
  private static final long DISK_BYTES = 24 << 20;

  @TempDir Path folder;

  private static RingOptions options(long capacityBytes, SpaceAllocator allocator) {
    return new RingOptions(capacityBytes, TestRings.HOUR_US).withAllocation(STEP_BYTES, allocator);
  }

  private static void append(RingWriter writer, long from, long to) {
    for (long i = from; i < to; i++) {
      TestRings.appendPicture(writer, i, 10, TestRings.payload(i, 3000));
    }
  }

  /** The keeper looks every MiB of so large a ring: the writer takes the first steps itself. */
  @Test
  void aResizeWhileTheWriterTakesSpaceIsNoFullDisk() {
    Thread appending = Thread.currentThread();
    Ring[] made = new Ring[1];
    AtomicBoolean isAsked = new AtomicBoolean();
    SpaceAllocator allocator =
        (file, offsetBytes, lengthBytes) -> {
          boolean isWriters = Thread.currentThread() == appending && made[0] != null;
          if (isWriters && isAsked.compareAndSet(false, true)) {
            CompletableFuture.runAsync(() -> made[0].resize(8 * TestRings.MIB, TestRings.HOUR_US))
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
          }
        };
    try (Ring ring = Ring.create(folder.resolve("ring"), options(16 * TestRings.MIB, allocator));
        RingWriter writer = TestRings.begun(ring)) {
      made[0] = ring;
      append(writer, 0, 100);
      assertTrue(isAsked.get(), "the writer took no space");
      assertEquals(8 * TestRings.MIB, ring.capacityBytes());
      assertEquals(0, ring.held().getFirst().fromUs(), "nothing is evicted in the first lap");
    }
  }

  /** As ext4 does: a step that fails has taken all that there was. */
  @Test
  void growthThatIsRefusedLeavesTheDiskItsRoom() throws IOException {
    try (LoopDisk disk = LoopDisk.ext4(folder, DISK_BYTES)) {
      Path path = disk.root().resolve("ring");
      RingOptions options =
          new RingOptions(TestRings.MIB, TestRings.HOUR_US)
              .withAllocation(2 * DISK_BYTES, SpaceAllocator.ofThisPlatform());
      try (Ring ring = Ring.create(path, options);
          RingWriter writer = TestRings.begun(ring)) {
        append(writer, 0, 1000);
        long before = usableBytes(disk);
        HalcyonException refused =
            assertThrows(
                HalcyonException.class, () -> ring.resize(2 * DISK_BYTES, TestRings.HOUR_US));
        assertEquals(ErrorCode.INSUFFICIENT_STORAGE, refused.code());
        assertTrue(usableBytes(disk) >= before / 2, "left " + usableBytes(disk));
        append(writer, 1000, 2000);
        assertEquals(TestRings.MIB, ring.capacityBytes());
        assertFalse(ring.stats().isShrunk());
      }
    }
  }

  private static long usableBytes(LoopDisk disk) throws IOException {
    return Files.getFileStore(disk.root()).getUsableSpace();
  }

  @Test
  void aRingOfTheSizeThatAFullDiskLeftIsNotShrunk() {
    SpaceAllocator allocator =
        (file, offsetBytes, lengthBytes) -> {
          if (offsetBytes + lengthBytes > 3 * STEP_BYTES) {
            throw new IOException("no space left");
          }
        };
    try (Ring ring = Ring.create(folder.resolve("ring"), options(TestRings.MIB, allocator));
        RingWriter writer = TestRings.begun(ring)) {
      append(writer, 0, 1000);
      assertTrue(ring.stats().isShrunk());
      ring.resize(ring.capacityBytes(), TestRings.HOUR_US);
      assertFalse(ring.stats().isShrunk());
    }
  }

  /** A page that the disk cannot read ends in an error, not in an exception. */
  @Test
  void anErrorWhileOpeningLeavesTheFileFree() {
    Path path = folder.resolve("ring");
    Ring.create(path, TestRings.options(TestRings.MIB)).close();
    RingOptions failing =
        options(
            TestRings.MIB,
            (file, offsetBytes, lengthBytes) -> {
              throw new InternalError("a fault occurred");
            });
    assertThrows(InternalError.class, () -> Ring.open(path, failing));
    Ring.open(path, TestRings.options(TestRings.MIB)).close();
  }
}
