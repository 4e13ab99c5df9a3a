package dev.halcyon.ring;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The mapped file: owner of the mapping, the lock and the descriptor. Reads and stores in any
 * thread; who may store what is the ring's affair. After {@link #close} every access throws {@code
 * IllegalStateException}.
 */
final class RingFile implements AutoCloseable {
  private static final VarHandle COUNTER = RingLayout.LONG.varHandle();

  /** Windows start at each GiB and overlap by the largest record, so that none is cut. */
  private static final int WINDOW_BITS = 30;

  private static final long WINDOW_BYTES = 1L << WINDOW_BITS;
  private static final int WINDOW_MASK = (1 << WINDOW_BITS) - 1;

  private final Path path;
  private final FileChannel channel;
  private final Arena arena;
  private final MemorySegment mapping;
  private final ByteBuffer[] windows;

  /** Bytes of records in one lap; shrinks at most once, before the first wrap. */
  private volatile long capacityBytes;

  private RingFile(Path path, FileChannel channel, Arena arena, MemorySegment mapping) {
    this.path = path;
    this.channel = channel;
    this.arena = arena;
    this.mapping = mapping;
    this.windows = windowsOf(mapping);
    this.capacityBytes = mapping.byteSize() - RingLayout.HEADER_BYTES;
  }

  /** A new sparse file, all zero; none is left when it cannot be mapped. */
  static RingFile create(Path path, long capacityBytes) {
    try {
      Files.createFile(path);
    } catch (IOException failure) {
      throw new HalcyonException(
          ErrorCode.IO_FAILED, "cannot make the ring file: " + failure, failure);
    }
    try {
      return open(path, RingLayout.HEADER_BYTES + capacityBytes);
    } catch (RuntimeException failure) {
      deleteAfter(failure, path);
      throw failure;
    }
  }

  static void deleteAfter(RuntimeException because, Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException failure) {
      because.addSuppressed(failure);
    }
  }

  /** Maps an existing file; {@code bytes} is at most its length or grows it. */
  static RingFile open(Path path, long bytes) {
    FileChannel channel = null;
    Arena arena = Arena.ofShared();
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        throw inUse(path);
      }
      MemorySegment mapping = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
      return new RingFile(path, channel, arena, mapping);
    } catch (OverlappingFileLockException failure) {
      release(arena, channel);
      throw inUse(path);
    } catch (IOException | RuntimeException failure) {
      release(arena, channel);
      throw failure instanceof HalcyonException stated
          ? stated
          : new HalcyonException(
              ErrorCode.IO_FAILED, "cannot open the ring file: " + failure, failure);
    }
  }

  private static HalcyonException inUse(Path path) {
    return new HalcyonException(ErrorCode.IO_FAILED, "the ring file is in use [file=" + path + "]");
  }

  private static void release(Arena arena, FileChannel channel) {
    arena.close();
    if (channel != null) {
      closeQuietly(channel);
    }
  }

  /** Closing only gives the descriptor back; what was stored is in the page cache already. */
  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException failure) {
      System.getLogger(RingFile.class.getName())
          .log(System.Logger.Level.WARNING, "closing a ring file", failure);
    }
  }

  private static ByteBuffer[] windowsOf(MemorySegment mapping) {
    long size = mapping.byteSize();
    ByteBuffer[] windows = new ByteBuffer[(int) ((size + WINDOW_BYTES - 1) >>> WINDOW_BITS)];
    for (int i = 0; i < windows.length; i++) {
      long from = i * WINDOW_BYTES;
      long length =
          Math.min(
              size - from, WINDOW_BYTES + RingLayout.recordBytes(RingLayout.MAX_PAYLOAD_BYTES));
      windows[i] = mapping.asSlice(from, length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
    return windows;
  }

  Path path() {
    return path;
  }

  long mappedBytes() {
    return mapping.byteSize();
  }

  long capacityBytes() {
    return capacityBytes;
  }

  /** Once, before any position at or past {@code bytes} is reserved. */
  void shrinkTo(long bytes) {
    capacityBytes = bytes;
  }

  /** Gives the blocks behind the capacity back; the mapping there is never touched again. */
  void cutTo(long fileBytes) {
    try {
      channel.truncate(fileBytes);
    } catch (IOException failure) {
      System.getLogger(RingFile.class.getName())
          .log(System.Logger.Level.WARNING, "cutting a ring file", failure);
    }
  }

  /** The window in which the record at this lap offset lies whole; see {@link #indexOf}. */
  ByteBuffer windowOf(long lapOffset) {
    return windows[(int) ((lapOffset + RingLayout.HEADER_BYTES) >>> WINDOW_BITS)];
  }

  /** The index of a lap offset in its window. */
  static int indexOf(long lapOffset) {
    return (int) (lapOffset + RingLayout.HEADER_BYTES) & WINDOW_MASK;
  }

  /** The first 4 KiB, without a position of its own. */
  ByteBuffer headerPage() {
    return windows[0];
  }

  long longAt(long lapOffset) {
    return mapping.get(RingLayout.LONG, RingLayout.HEADER_BYTES + lapOffset);
  }

  /** Makes pages present and writable; changes no byte, whoever else stores. */
  void makeWritable(long fileOffset, long bytes) {
    long from = fileOffset & -RingLayout.PAGE_BYTES;
    long to = fileOffset + bytes;
    if (PagePopulator.populate(mapping.asSlice(from, to - from))) {
      return;
    }
    for (long at = from; at < to; at += RingLayout.PAGE_BYTES) {
      long unused = (long) COUNTER.getAndAdd(mapping, at, 0L);
    }
  }

  void setReserved(long position) {
    COUNTER.setRelease(mapping, (long) RingLayout.RESERVED_OFFSET, position);
  }

  long reserved() {
    return (long) COUNTER.getAcquire(mapping, (long) RingLayout.RESERVED_OFFSET);
  }

  void setCommitted(long position) {
    COUNTER.setRelease(mapping, (long) RingLayout.COMMITTED_OFFSET, position);
  }

  long committed() {
    return (long) COUNTER.getAcquire(mapping, (long) RingLayout.COMMITTED_OFFSET);
  }

  void setTail(long position, long streamUs) {
    COUNTER.setOpaque(mapping, (long) RingLayout.TAIL_US_OFFSET, streamUs);
    COUNTER.setRelease(mapping, (long) RingLayout.TAIL_OFFSET, position);
  }

  long tail() {
    return (long) COUNTER.getAcquire(mapping, (long) RingLayout.TAIL_OFFSET);
  }

  long tailUs() {
    return (long) COUNTER.getOpaque(mapping, (long) RingLayout.TAIL_US_OFFSET);
  }

  /** Whether the bytes read so far from {@code position} on were not yet touched by the writer. */
  boolean isIntact(long position) {
    VarHandle.loadLoadFence();
    long reserved = reserved();
    return position >= reserved - capacityBytes;
  }

  /** Writes all dirty pages out; blocks. */
  void force() {
    mapping.force();
  }

  /**
   * Unmaps. A thread inside an access gets {@code IllegalStateException}.
   *
   * @throws IllegalStateException when closed already
   */
  @Override
  public void close() {
    arena.close();
    closeQuietly(channel);
  }
}
