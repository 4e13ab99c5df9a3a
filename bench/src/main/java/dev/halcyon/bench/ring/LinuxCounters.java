package dev.halcyon.bench.ring;

import dev.halcyon.bench.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What the kernel counts for this process and its disk. Empty where there is no such counter. */
final class LinuxCounters {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Path DISKS = Path.of("/proc/diskstats");

  /** Columns of /proc/diskstats: major, minor, name, …, the seventh after it: sectors written. */
  private static final int SECTORS_WRITTEN = 9;

  private static final int SECTOR_BYTES = 512;

  private LinuxCounters() {}

  static OptionalLong rssAnonBytes() {
    return kibibytes(STATUS, "RssAnon");
  }

  static OptionalLong rssFileBytes() {
    return kibibytes(STATUS, "RssFile");
  }

  /** Pages of all processes that wait to be written or are being written. */
  static OptionalLong dirtyBytes() {
    OptionalLong dirty = kibibytes(MEMORY, "Dirty");
    OptionalLong writing = kibibytes(MEMORY, "Writeback");
    return dirty.isPresent() && writing.isPresent()
        ? OptionalLong.of(dirty.getAsLong() + writing.getAsLong())
        : OptionalLong.empty();
  }

  /** Bytes that all processes wrote to the block device under a folder. */
  static OptionalLong deviceWrittenBytes(Path dir) {
    try {
      long device = (Long) Files.getAttribute(dir, "unix:dev");
      String major = String.valueOf((device >> 8 & 0xfff) | (device >> 32 & ~0xfffL));
      String minor = String.valueOf((device & 0xff) | (device >> 12 & ~0xffL));
      return Files.readAllLines(DISKS).stream()
          .map(line -> line.strip().split("\\s+"))
          .filter(columns -> columns[0].equals(major) && columns[1].equals(minor))
          .mapToLong(columns -> Long.parseLong(columns[SECTORS_WRITTEN]) * SECTOR_BYTES)
          .findFirst();
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong kibibytes(Path file, String name) {
    return Machine.field(file, name + ":")
        .map(Machine::kibibytes)
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }
}
