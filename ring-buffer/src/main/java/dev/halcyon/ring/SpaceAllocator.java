package dev.halcyon.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Takes the blocks of a file's range, so that storing there through a mapping cannot fault. */
@FunctionalInterface
public interface SpaceAllocator {
  /**
   * Takes the blocks of a range, to whose end the file may grow. Bytes that the file already holds
   * stay. Blocks; no thread may store into the range meanwhile.
   *
   * @throws IOException when the blocks cannot be taken; some of them may have been
   */
  void allocate(Path file, long offsetBytes, long lengthBytes) throws IOException;

  /**
   * Gives the blocks of a range back; the file keeps its length and reads as zeros there. Blocks.
   *
   * @return false when that cannot be done while the file is open
   */
  default boolean giveBack(Path file, long offsetBytes, long lengthBytes) throws IOException {
    return false;
  }

  /** {@code posix_fallocate} where the C library has it, else {@link #byRewriting}. */
  static SpaceAllocator ofThisPlatform() {
    return PosixFile.canAllocate() ? PosixSpaceAllocator.INSTANCE : SpaceAllocator::byRewriting;
  }

  /** Reads and writes back one byte of each 4 KiB block. */
  static void byRewriting(Path file, long offsetBytes, long lengthBytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      for (long at = offsetBytes; at < offsetBytes + lengthBytes; at += RingLayout.PAGE_BYTES) {
        one.clear();
        channel.read(one, at);
        one.rewind().limit(1);
        channel.write(one, at);
      }
    }
  }
}
