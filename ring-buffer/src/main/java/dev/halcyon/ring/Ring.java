package dev.halcyon.ring;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The packets of a stream's last seconds in a memory-mapped file: one writer, any number of
 * cursors. What was appended survives the death of the process. Any thread; closed by whoever
 * opened it, which is safe while others read or write: they get a clear end.
 */
public final class Ring implements AutoCloseable {
  private final RingFile file;
  private final RingContents contents;
  private final SpaceAhead space;
  private final PagesAhead pages;
  private final RecoveryReport recovery;
  private final RingWriter writer;
  private final Leases leases = new Leases();

  private final AtomicBoolean isWriterTaken = new AtomicBoolean();
  private final AtomicBoolean isClosing = new AtomicBoolean();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile RingCursor[] cursors = new RingCursor[0];
  private volatile boolean isClosed;

  private Ring(
      RingFile file,
      RingContents contents,
      SpaceAhead space,
      Recovered start,
      RingOptions options) {
    this.file = file;
    this.contents = contents;
    this.space = space;
    this.pages = new PagesAhead(file, space);
    this.recovery = start.report();
    this.writer =
        new RingWriter(this, file, contents, space, pages, leases, start, options.capacityUs());
    RingKeeper.add(pages);
    pages.request(start.headPosition());
  }

  /**
   * A new, empty ring.
   *
   * @throws HalcyonException INSUFFICIENT_STORAGE when the first blocks cannot be taken; IO_FAILED
   *     when the file exists or cannot be made. No file is left then.
   */
  public static Ring create(Path path, RingOptions options) {
    RingFile file = RingFile.create(path, options.capacityBytes());
    try {
      SpaceAhead space =
          new SpaceAhead(
              file, options.allocator(), options.allocationStepBytes(), file.mappedBytes());
      if (!space.ensure(RingLayout.HEADER_BYTES + 1)) {
        throw noSpace(space);
      }
      HeaderPage.writeGeometry(file.headerPage(), options.capacityBytes(), Clock.system().wallUs());
      return new Ring(file, new RingContents(), space, Recovered.NEW, options);
    } catch (RuntimeException failure) {
      file.close();
      RingFile.deleteAfter(failure, path);
      throw failure;
    }
  }

  private static HalcyonException noSpace(SpaceAhead space) {
    return new HalcyonException(
        ErrorCode.INSUFFICIENT_STORAGE, "no room for the ring: " + space.lastFailure());
  }

  /**
   * Opens a ring and recovers it: keeps every record whose checksum holds. The file's capacity in
   * bytes stays; the one in seconds is that of {@code options}.
   *
   * @throws HalcyonException RING_CORRUPT when it is not a ring file of this version; IO_FAILED
   *     when it cannot be read and written or another process has it open; INSUFFICIENT_STORAGE
   *     when it has holes that cannot be filled
   */
  public static Ring open(Path path, RingOptions options) {
    long createdBytes = HeaderPage.readGeometry(path);
    RingFile file = RingFile.open(path, RingLayout.HEADER_BYTES + createdBytes);
    try {
      RingContents contents = new RingContents();
      Recovered found = new Recovery(file, contents, createdBytes).run();
      SpaceAhead space =
          new SpaceAhead(
              file,
              options.allocator(),
              options.allocationStepBytes(),
              RingLayout.HEADER_BYTES + file.capacityBytes());
      long needed =
          RingLayout.HEADER_BYTES + Math.min(found.headPosition() + 1, file.capacityBytes());
      if (!space.ensure(needed)) {
        throw noSpace(space);
      }
      return new Ring(file, contents, space, found, options);
    } catch (RuntimeException failure) {
      file.close();
      throw failure;
    }
  }

  /** What opening found; {@link RecoveryReport#NEW} when just created. */
  public RecoveryReport recovery() {
    return recovery;
  }

  /**
   * The writer, until it is closed.
   *
   * @throws IllegalStateException when taken or when the ring is closed
   */
  public RingWriter writer() {
    requireOpen();
    if (!isWriterTaken.compareAndSet(false, true)) {
      throw new IllegalStateException("the ring has its writer already");
    }
    return writer;
  }

  void onWriterClosed() {
    isWriterTaken.set(false);
  }

  /** A cursor at the oldest held record. The caller closes it. */
  public RingCursor cursor() {
    requireOpen();
    RingCursor cursor = new RingCursor(this, file);
    synchronized (this) {
      RingCursor[] next = Arrays.copyOf(cursors, cursors.length + 1);
      next[cursors.length] = cursor;
      cursors = next;
    }
    return cursor;
  }

  synchronized void onCursorClosed(RingCursor cursor) {
    cursors = Arrays.stream(cursors).filter(each -> each != cursor).toArray(RingCursor[]::new);
  }

  /**
   * Asks that records from a position on stay held. The promise is kept out of the slack: the ring
   * always holds a sixteenth less than it could, and a lease may use that much.
   *
   * @param fromPosition a record's position that is held now
   * @param deadlineNs when it ends by itself, on {@code System.nanoTime}
   * @return the lease; the caller closes it, and asks it before relying on what it read
   * @throws HalcyonException RING_OVERRUN when no record is held there (any more)
   */
  public Lease lease(long fromPosition, long deadlineNs) {
    requireOpen();
    Lease lease = new Lease(this, fromPosition, deadlineNs);
    leases.add(lease);
    if (fromPosition < file.tail() || !isRecord(fromPosition)) {
      lease.close();
      throw new HalcyonException(
          ErrorCode.RING_OVERRUN,
          "no longer held [position=%d, oldest=%d]".formatted(fromPosition, file.tail()));
    }
    return lease;
  }

  private boolean isRecord(long position) {
    long capacity = file.capacityBytes();
    long offset = position % capacity;
    boolean canBe =
        position < file.committed()
            && position % RingLayout.ALIGNMENT == 0
            && capacity - offset >= RingLayout.RECORD_HEADER_BYTES;
    return canBe && file.longAt(offset + RingLayout.POSITION_AT) == position;
  }

  void onLeaseClosed(Lease lease) {
    leases.remove(lease);
  }

  /** Where decoding can begin, by time. */
  public TimeIndex index() {
    return contents.index();
  }

  RingContents contents() {
    return contents;
  }

  /** What is held, one range an epoch, oldest first. */
  public List<HeldRange> held() {
    requireOpen();
    return contents.held(file.tail(), file.tailUs());
  }

  /** The newest epoch's number; −1 when none was begun. The next must be above it. */
  public int lastEpoch() {
    return contents.states().last().map(state -> state.span().epoch()).orElse(-1);
  }

  /** Position of the oldest held record. */
  public long oldestPosition() {
    requireOpen();
    return file.tail();
  }

  /** Where the newest record ends. */
  public long committedPosition() {
    requireOpen();
    return file.committed();
  }

  /** What one lap holds; less than asked once {@link RingStats#isShrunk}. */
  public long capacityBytes() {
    return file.capacityBytes();
  }

  public RingStats stats() {
    requireOpen();
    boolean isShrunk = writer.isShrunk();
    return new RingStats(
        file.committed() - file.tail(),
        file.capacityBytes(),
        space.takenBytes(),
        isShrunk,
        isShrunk ? space.lastFailure() : "",
        writer.appendedPackets(),
        writer.appendedBytes(),
        leases.held(),
        leases.revoked());
  }

  private void requireOpen() {
    if (isClosed) {
      throw new IllegalStateException("the ring is closed");
    }
  }

  boolean isClosed() {
    return isClosed;
  }

  /** {@code answer} when the failure comes from the ring's being closed; else throws it on. */
  <T> T unlessClosed(IllegalStateException failure, T answer) {
    if (!isClosed) {
      throw failure;
    }
    return answer;
  }

  /**
   * After a commit; without a fence, which would stall each append, see {@link RingCursor#await}.
   */
  void onCommitted() {
    if (waiting.getOpaque() != 0) {
      wakeReaders();
    }
  }

  void onWaiting(int change) {
    waiting.addAndGet(change);
  }

  private void wakeReaders() {
    for (RingCursor cursor : cursors) {
      cursor.wake();
    }
  }

  @Override
  public void close() {
    if (!isClosing.compareAndSet(false, true)) {
      return;
    }
    isClosed = true;
    wakeReaders();
    RingKeeper.remove(pages);
    file.close();
  }
}
