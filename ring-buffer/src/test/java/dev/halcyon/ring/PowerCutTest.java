package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A ring on a disk of its own (ext4 in a file). What that disk has at a moment, without what the
 * kernel still keeps in memory, is copied and mounted: as after a loss of power.
 */
class PowerCutTest {
  private static final long DISK_BYTES = 24 << 20;
  private static final long SMALL = 256 << 10;
  private static final long LARGE = 1 << 20;

  @TempDir Path folder;
  private long number;

  private static RingOptions options(long capacityBytes) {
    return new RingOptions(capacityBytes, TestRings.HOUR_US)
        .withAllocation(64 << 10, SpaceAllocator.ofThisPlatform());
  }

  private void append(RingWriter writer, int packets) {
    for (int i = 0; i < packets; i++) {
      ResizeTest.append(writer, number++);
    }
  }

  /** Takes what the disk has now for what is left of it; the newest packet there, or −1. */
  private long newestAfterACutNow(LoopDisk disk, String name, long capacityBytes)
      throws IOException {
    Path left = folder.resolve("left.img");
    Files.copy(disk.image(), left, StandardCopyOption.REPLACE_EXISTING);
    try (LoopDisk mounted = LoopDisk.mount(left, folder.resolve("left"));
        Ring ring = Ring.open(mounted.root().resolve(name), options(capacityBytes))) {
      if (ring.held().isEmpty()) {
        return -1;
      }
      assertEquals(0, ring.recovery().damagedRanges(), ring.recovery().toString());
      long newest = ring.held().getLast().toUs() / 40_000 - 1;
      ResizeTest.assertWhole(ring, newest);
      return newest;
    }
  }

  @Test
  void whatWasForcedSurvives() throws IOException {
    try (LoopDisk disk = LoopDisk.ext4(folder, DISK_BYTES);
        Ring ring = Ring.create(disk.root().resolve("ring"), options(SMALL));
        RingWriter writer = TestRings.begun(ring);
        Ring unforced = Ring.create(disk.root().resolve("unforced"), options(SMALL))) {
      RingForce force = ring.newForce(Mapping::force);
      long[] sizes = {SMALL, LARGE, SMALL};
      for (long size : sizes) {
        ring.resize(size, TestRings.HOUR_US);
        for (int cut = 0; cut < 3; cut++) {
          append(writer, 100 + 57 * cut);
          force.run();
          final long forced = number - 1;
          append(writer, 3);
          long newest = newestAfterACutNow(disk, "ring", size);
          assertTrue(newest >= forced, "forced " + forced + ", left " + newest);
        }
      }
      try (RingWriter other = TestRings.begun(unforced)) {
        ResizeTest.append(other, 0);
      }
      System.out.println(
          "the newest of the ring that was not forced: "
              + newestAfterACutNow(disk, "unforced", SMALL));
    }
  }
}
