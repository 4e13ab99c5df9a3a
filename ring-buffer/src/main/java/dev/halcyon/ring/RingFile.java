package dev.halcyon.ring;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The mapped file: owner of the mappings, the lock and the descriptor. Reads and stores in any
 * thread; who may store what is the ring's affair. After {@link #close} every access throws {@code
 * IllegalStateException}.
 */
final class RingFile implements AutoCloseable {
  private static final System.Logger log = System.getLogger(RingFile.class.getName());
  private static final VarHandle COUNTER = RingLayout.LONG.varHandle();

  private final Path path;
  private final FileChannel channel;
  private final RingLock lock;
  private final Arena arena;
  private final HeaderPage header;
  private final Mapping first;
  private final MemorySegment counters;

  /** The largest that there is; earlier ones stay for whoever reads in them. */
  private Mapping largest;

  private volatile Geometry geometry;

  private RingFile(
      Path path,
      FileChannel channel,
      RingLock lock,
      Arena arena,
      HeaderPage header,
      Mapping first) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
    this.arena = arena;
    this.header = header;
    this.first = first;
    this.largest = first;
    this.counters = first.segment().asSlice(0, RingLayout.HEADER_BYTES);
    this.geometry = new Geometry(0, first.byteSize() - RingLayout.HEADER_BYTES, first);
  }

  /** One that is whole, as it was just made. */
  static RingFile open(Path path) {
    return open(path, 0);
  }

  /**
   * Maps an existing file, all of it and at least a lap. Its geometry is yet to be told.
   *
   * @param askedBytes the capacity that it may have even where the file is shorter: cut off, by
   *     whatever
   * @throws HalcyonException RING_CORRUPT as {@link HeaderPage#read} says; IO_FAILED when it cannot
   *     be read and written, or mapped, or another process has it open
   */
  static RingFile open(Path path, long askedBytes) {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      opened.push(channel);
      RingLock lock = RingLock.take(path, channel);
      opened.push(lock);
      long foundBytes = channel.size() - RingLayout.HEADER_BYTES;
      HeaderPage header =
          HeaderPage.read(headerPageOf(channel)).within(Math.max(foundBytes, askedBytes));
      long capacityBytes =
          header
              .checkpoint()
              .map(HeaderPage.Checkpoint::capacityBytes)
              .orElse(header.createdCapacityBytes());
      long bytes = Math.max(RingLayout.HEADER_BYTES + capacityBytes, channel.size());
      Arena arena = Arena.ofShared();
      opened.push(arena);
      MemorySegment mapping = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
      return new RingFile(path, channel, lock, arena, header, new Mapping(mapping));
    } catch (IOException | RuntimeException | OutOfMemoryError failure) {
      opened.forEach(RingFile::closeQuietly);
      throw failure instanceof HalcyonException stated
          ? stated
          : new HalcyonException(
              ErrorCode.IO_FAILED, "cannot open the ring file: " + failure, failure);
    }
  }

  private static ByteBuffer headerPageOf(FileChannel channel) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(RingLayout.HEADER_BYTES);
    int at = 0;
    int read = channel.read(page, at);
    while (read > 0) {
      at += read;
      read = page.hasRemaining() ? channel.read(page, at) : 0;
    }
    return page;
  }

  /** Closing only gives a descriptor back; what was stored is in the page cache already. */
  private static void closeQuietly(AutoCloseable opened) {
    try {
      opened.close();
    } catch (Exception failure) {
      log.log(System.Logger.Level.WARNING, "closing a ring file", failure);
    }
  }

  Path path() {
    return path;
  }

  /** As it was when the file was opened. */
  HeaderPage header() {
    return header;
  }

  /** Of the file as opened. */
  Mapping firstMapping() {
    return first;
  }

  /** How what is held lies in the file. Whoever uses it asks {@link #isIntact} afterwards. */
  Geometry geometry() {
    return geometry;
  }

  /**
   * Lets another geometry take over. On the writer's thread, when all that is held has the same
   * place in both, and before anything is reserved that has not.
   */
  void use(Geometry next) {
    geometry = next;
  }

  /**
   * A mapping of at least so many bytes, to which the file grows. One thread at a time, not the
   * writer's. A new one is a quarter larger than the last, so that their number stays small.
   *
   * @throws HalcyonException IO_FAILED when the file cannot grow or be mapped
   */
  Mapping reach(long fileBytes) {
    try {
      if (largest.byteSize() < fileBytes) {
        long bytes = Math.max(fileBytes, largest.byteSize() / 4 * 5 & -RingLayout.PAGE_BYTES);
        largest = new Mapping(channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena));
      } else if (channel.size() < fileBytes) {
        growTo(fileBytes);
      }
      return largest;
    } catch (IOException | OutOfMemoryError failure) {
      throw new HalcyonException(
          ErrorCode.IO_FAILED, "cannot grow the ring file: " + failure, failure);
    }
  }

  /** A channel can only grow a file by writing, which takes blocks, or by mapping. */
  private void growTo(long bytes) throws IOException {
    try (Arena brief = Arena.ofConfined()) {
      channel.map(
          FileChannel.MapMode.READ_WRITE,
          bytes - RingLayout.PAGE_BYTES,
          RingLayout.PAGE_BYTES,
          brief);
    }
  }

  /** The file's length; 0 when it cannot be told. */
  long sizeBytes() {
    try {
      return channel.size();
    } catch (IOException failure) {
      log.log(System.Logger.Level.WARNING, "looking at a ring file", failure);
      return 0;
    }
  }

  /** Makes the file this long; what lies behind must not be touched any more. */
  void cutTo(long fileBytes) {
    try {
      channel.truncate(fileBytes);
    } catch (IOException failure) {
      log.log(System.Logger.Level.WARNING, "cutting a ring file", failure);
    }
  }

  /**
   * Writes this version's identity over an older one's: 64 bytes in one call, which a crash leaves
   * undone or done.
   *
   * @throws HalcyonException IO_FAILED
   */
  void migrate() {
    try {
      channel.write(
          HeaderPage.identityOf(header.createdCapacityBytes(), header.createdWallUs()), 0);
    } catch (IOException failure) {
      throw new HalcyonException(
          ErrorCode.IO_FAILED, "cannot migrate the ring file: " + failure, failure);
    }
  }

  /** The first 4 KiB, without a position of its own. */
  ByteBuffer headerPage() {
    return first.headerPage();
  }

  void setReserved(long position) {
    COUNTER.setRelease(counters, (long) RingLayout.RESERVED_OFFSET, position);
  }

  long reserved() {
    return (long) COUNTER.getAcquire(counters, (long) RingLayout.RESERVED_OFFSET);
  }

  void setCommitted(long position) {
    COUNTER.setRelease(counters, (long) RingLayout.COMMITTED_OFFSET, position);
  }

  long committed() {
    return (long) COUNTER.getAcquire(counters, (long) RingLayout.COMMITTED_OFFSET);
  }

  void setTail(long position, long streamUs) {
    COUNTER.setOpaque(counters, (long) RingLayout.TAIL_US_OFFSET, streamUs);
    COUNTER.setRelease(counters, (long) RingLayout.TAIL_OFFSET, position);
  }

  long tail() {
    return (long) COUNTER.getAcquire(counters, (long) RingLayout.TAIL_OFFSET);
  }

  long tailUs() {
    return (long) COUNTER.getOpaque(counters, (long) RingLayout.TAIL_US_OFFSET);
  }

  /**
   * Whether the bytes read so far from {@code position} on were not yet touched by the writer. The
   * geometry is looked at after the counter: a reservation made by another one shows that one. A
   * record that is held has the same place in each.
   */
  boolean isIntact(long position) {
    VarHandle.loadLoadFence();
    long reserved = reserved();
    Geometry now = geometry;
    return position >= now.basePosition() && position >= reserved - now.capacityBytes();
  }

  /**
   * Unmaps. A thread inside an access gets {@code IllegalStateException}.
   *
   * @throws IllegalStateException when closed already
   */
  @Override
  public void close() {
    arena.close();
    closeQuietly(lock);
    closeQuietly(channel);
  }
}
