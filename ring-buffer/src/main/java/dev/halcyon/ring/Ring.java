package dev.halcyon.ring;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The packets of a stream's last seconds in a memory-mapped file: one writer, any number of
 * cursors. What was appended survives the death of the process. Any thread; closed by whoever
 * opened it, which is safe while others read or write: they get a clear end.
 */
public final class Ring implements AutoCloseable {
  /**
   * How a ring file that is not finished yet is named: its name with this behind it. What a crash
   * leaves of it may be deleted, and is when the ring is made again.
   */
  public static final String UNFINISHED_ENDING = ".new";

  private static final int FREE = 0;
  private static final int TAKEN = 1;
  private static final int SETTLING = 2;

  private final RingFile file;
  private final RingContents contents;
  private final RingUpkeep upkeep;
  private final RecoveryReport recovery;
  private final RingWriter writer;
  private final Leases leases = new Leases();
  private final Readers readers = new Readers();

  private final AtomicInteger writing = new AtomicInteger(FREE);
  private final AtomicBoolean isClosing = new AtomicBoolean();
  private volatile boolean isClosed;

  private Ring(
      RingFile file,
      RingContents contents,
      SpaceAhead space,
      Recovered start,
      RingOptions options) {
    this.file = file;
    this.contents = contents;
    this.upkeep = new RingUpkeep(file, space, options);
    this.recovery = start.report();
    this.writer = new RingWriter(this, file, contents, upkeep, leases, start, options.capacityUs());
    upkeep.pages().request(start.headPosition());
  }

  /**
   * A new, empty ring.
   *
   * @throws HalcyonException INSUFFICIENT_STORAGE when the first blocks cannot be taken; IO_FAILED
   *     when the file exists or cannot be made. No file is left then.
   */
  public static Ring create(Path path, RingOptions options) {
    long takenBytes = NewRingFile.make(path, options);
    try {
      RingFile file = RingFile.open(path);
      try {
        SpaceAhead space =
            new SpaceAhead(
                file, options, takenBytes, RingLayout.HEADER_BYTES + options.capacityBytes());
        return new Ring(
            file, new RingContents(), space, Recovered.newFile(file.geometry()), options);
      } catch (RuntimeException | Error failure) {
        file.close();
        throw failure;
      }
    } catch (RuntimeException failure) {
      NewRingFile.delete(path, failure);
      throw failure;
    }
  }

  /**
   * Opens a ring and recovers it: keeps every record whose checksum holds. A file of an older
   * version is taken over. Where the options ask for another capacity, the ring is resized as
   * {@link #resize} says; growth that the disk has no room for is left for later.
   *
   * @throws HalcyonException RING_CORRUPT when it is not a ring file of a known version; IO_FAILED
   *     when it cannot be read and written or another process has it open; INSUFFICIENT_STORAGE
   *     when it has holes that cannot be filled
   */
  public static Ring open(Path path, RingOptions options) {
    RingFile file = RingFile.open(path, options.capacityBytes());
    Ring ring;
    try {
      RingContents contents = new RingContents();
      Recovered found = new Recovery(file, contents).run();
      Geometry geometry = found.geometry();
      long endBytes = RingLayout.HEADER_BYTES + geometry.capacityBytes();
      SpaceAhead space = new SpaceAhead(file, options, 0, endBytes);
      long head = found.headPosition();
      long needed =
          geometry.hasWrappedAt(head)
              ? endBytes
              : RingLayout.HEADER_BYTES + geometry.offsetOf(head) + 1;
      if (!space.ensure(needed)) {
        throw NewRingFile.noRoom(space.lastFailure());
      }
      if (file.header().version() != RingLayout.VERSION) {
        file.migrate();
      }
      file.cutTo(endBytes);
      ring = new Ring(file, contents, space, found, options);
    } catch (RuntimeException | Error failure) { // an error is what a bad sector ends in
      file.close();
      throw failure;
    }
    ring.adopt(options.capacityBytes());
    return ring;
  }

  /** The room may be there tomorrow: a ring that holds less than asked is better than none. */
  private void adopt(long capacityBytes) {
    try {
      resizeTo(capacityBytes);
    } catch (HalcyonException failure) {
      System.getLogger(Ring.class.getName())
          .log(System.Logger.Level.WARNING, "a ring stays smaller than asked", failure);
    }
  }

  /**
   * Changes how much the ring holds, also while it is written and read: no record moves, and none
   * is lost that both sizes can hold. Stream time counts from the next packet on. Bytes count once
   * the lap being written ends for the smaller of the two sizes, or earlier where that loses
   * nothing; {@link RingStats#targetCapacityBytes} tells until then. Any thread but the writer's;
   * blocks on the disk.
   *
   * @param capacityBytes as in {@link RingOptions}
   * @param capacityUs as in {@link RingOptions}
   * @throws HalcyonException INSUFFICIENT_STORAGE when the disk has no room to grow, IO_FAILED when
   *     the file cannot; nothing has changed then
   */
  public void resize(long capacityBytes, long capacityUs) {
    RingOptions wanted = new RingOptions(capacityBytes, capacityUs);
    resizeTo(wanted.capacityBytes());
    writer.hold(wanted.capacityUs());
  }

  private void resizeTo(long capacityBytes) {
    if (!upkeep.ask(capacityBytes)) {
      return;
    }
    if (writing.compareAndSet(FREE, SETTLING)) {
      try {
        writer.settle();
      } finally {
        writing.set(FREE);
      }
    }
    upkeep.giveSpaceBack();
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
    int seen = writing.compareAndExchange(FREE, TAKEN);
    while (seen == SETTLING) {
      Thread.onSpinWait(); // a resize is being settled: some stores
      seen = writing.compareAndExchange(FREE, TAKEN);
    }
    if (seen == TAKEN) {
      throw new IllegalStateException("the ring has its writer already");
    }
    return writer;
  }

  void onWriterClosed() {
    writing.compareAndSet(TAKEN, FREE);
  }

  /** A cursor at the oldest held record. The caller closes it. */
  public RingCursor cursor() {
    requireOpen();
    RingCursor cursor = new RingCursor(this, readers, file);
    readers.add(cursor);
    return cursor;
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
    Lease lease = new Lease(this, leases, fromPosition, streamUsAt(fromPosition), deadlineNs);
    leases.add(lease);
    if (!holds(fromPosition)) {
      lease.close();
      throw notHeld(fromPosition);
    }
    return lease;
  }

  private long streamUsAt(long position) {
    boolean canBe =
        holds(position) && position < file.committed() && position % RingLayout.ALIGNMENT == 0;
    if (canBe) {
      RecordReader reader = new RecordReader(file);
      try {
        if (reader.read(position) == RecordReader.Found.RECORD) {
          return reader.header().streamUs();
        }
      } catch (HalcyonException noRecord) {
        HalcyonException stated = notHeld(position);
        stated.addSuppressed(noRecord);
        throw stated;
      }
    }
    throw notHeld(position);
  }

  private HalcyonException notHeld(long position) {
    return new HalcyonException(
        ErrorCode.RING_OVERRUN,
        "no longer held [position=%d, oldest=%d]".formatted(position, file.tail()));
  }

  /** Whether a position is not evicted; false once the ring is closed. */
  boolean holds(long position) {
    try {
      return position >= file.tail();
    } catch (IllegalStateException closed) {
      return unlessClosed(closed, false);
    }
  }

  /** Where decoding can begin, by time. */
  public TimeIndex index() {
    return contents.index();
  }

  Readers readers() {
    return readers;
  }

  RingContents contents() {
    return contents;
  }

  /** What is held, one range an epoch, oldest first. */
  public List<HeldRange> held() {
    requireOpen();
    return contents.held(file.tail(), file.tailUs());
  }

  /** The damaged stretches among what is held, oldest first. */
  public List<LostRange> lost() {
    return contents.lost().list();
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
    return file.geometry().capacityBytes();
  }

  public RingStats stats() {
    requireOpen();
    boolean isShrunk =
        writer.isShrunk() && file.geometry().capacityBytes() < upkeep.resizing().askedBytes();
    return new RingStats(
        file.committed() - file.tail(),
        held().stream().mapToLong(range -> range.toUs() - range.fromUs()).sum(),
        file.geometry().capacityBytes(),
        upkeep.resizing().askedBytes(),
        upkeep.space().takenBytes(),
        upkeep.resizing().isPending(),
        isShrunk,
        isShrunk ? upkeep.space().lastFailure() : "",
        writer.appendedPackets(),
        writer.appendedBytes(),
        leases.held(),
        leases.revoked(),
        readers.overrunBytes(),
        upkeep.force().map(RingForce::lagNs).orElse(-1L),
        upkeep.force().map(RingForce::failures).orElse(0L));
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

  /** One that runs when it is told to. */
  RingForce newForce(RingForce.Disk disk) {
    return new RingForce(file, disk);
  }

  @Override
  public void close() {
    if (!isClosing.compareAndSet(false, true)) {
      return;
    }
    isClosed = true;
    readers.wake();
    upkeep.close();
  }
}
