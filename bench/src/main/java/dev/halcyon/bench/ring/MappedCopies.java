package dev.halcyon.bench.ring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The limit: plain copies into and out of a mapped file of a ring's size, at the places where a
 * ring's records would lie, and nothing else. One thread; closing deletes the file.
 */
final class MappedCopies implements AutoCloseable {
  /** What a ring puts before a payload, left out here, so that the strides are equal. */
  private static final int HEADER_BYTES = 64;

  private static final int ALIGNMENT_BYTES = 8;

  private final Path file;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment mapping;
  private long inOffset;
  private long outOffset;

  /** Into a file that was written once. */
  MappedCopies(Path file, long bytes) {
    this(file, bytes, true);
  }

  private MappedCopies(Path file, long bytes, boolean isWritten) {
    this.file = file;
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      mapping = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
    } catch (IOException failure) {
      arena.close();
      throw new UncheckedIOException(failure);
    }
    if (isWritten) {
      mapping.fill((byte) 1);
    }
    outOffset = bytes / 2 & -ALIGNMENT_BYTES;
  }

  /** Into a file that has never been written: each page is made while it is copied to. */
  static MappedCopies intoFreshPages(Path file, long bytes) {
    return new MappedCopies(file, bytes, false);
  }

  void copyIn(MemorySegment payload) {
    long bytes = payload.byteSize();
    inOffset = placeOf(inOffset, bytes);
    MemorySegment.copy(payload, 0, mapping, inOffset + HEADER_BYTES, bytes);
    inOffset = after(inOffset, bytes);
  }

  /** Half a lap away from where it is copied in, so that nothing is in a cache. */
  void copyOut(MemorySegment target) {
    long bytes = target.byteSize();
    outOffset = placeOf(outOffset, bytes);
    MemorySegment.copy(mapping, outOffset + HEADER_BYTES, target, 0, bytes);
    outOffset = after(outOffset, bytes);
  }

  private long placeOf(long offset, long bytes) {
    return offset + HEADER_BYTES + bytes > mapping.byteSize() ? 0 : offset;
  }

  private static long after(long offset, long bytes) {
    return (offset + HEADER_BYTES + bytes + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
  }

  @Override
  public void close() {
    arena.close();
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
