package dev.halcyon.ring;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Takes the file's blocks step by step ahead of the writer, until it has been everywhere in its
 * geometry, and gives back what a smaller one does not need. {@link #ensure} and {@link #end} on
 * the writer's thread, {@link #prepare} on the keeper's, the others on any but the writer's.
 */
final class SpaceAhead {
  /** Holes are punched piece by piece: one holds up faults of the file's other pages meanwhile. */
  private static final long PIECE_BYTES = 16 << 20;

  /**
   * @param takenBytes file offset up to which stores cannot fault
   * @param endBytes file offset up to which blocks are to be taken in the end
   */
  private record Extent(long takenBytes, long endBytes) {
    /** When it was cut meanwhile, what was taken behind its end is given back afterwards. */
    Extent taking(long from, long to) {
      return takenBytes == from ? new Extent(Math.clamp(endBytes, from, to), endBytes) : this;
    }
  }

  private final RingFile file;
  private final SpaceAllocator allocator;
  private final long stepBytes;
  private final AtomicReference<Extent> extent;
  private volatile boolean isExhausted;
  private volatile String lastFailure = "";

  SpaceAhead(RingFile file, RingOptions options, long takenBytes, long endBytes) {
    this.file = file;
    this.allocator = options.allocator();
    this.stepBytes = options.allocationStepBytes();
    this.extent = new AtomicReference<>(new Extent(takenBytes, endBytes));
  }

  /** File offset up to which stores cannot fault. */
  long takenBytes() {
    return extent.get().takenBytes();
  }

  String lastFailure() {
    return lastFailure;
  }

  /**
   * Makes sure of the file up to {@code fileOffset}; takes whole steps, blocking, when the keeper
   * was not in time.
   *
   * @return false when the space cannot be had; until the next {@link #extend}
   */
  boolean ensure(long fileOffset) {
    long taken = takenBytes();
    while (taken < fileOffset) {
      if (!takeStep(taken)) {
        return false;
      }
      taken = takenBytes();
    }
    return true;
  }

  /** Takes the next step when the writer has used half of the last one. */
  void prepare(long writerFileOffset) {
    Extent now = extent.get();
    if (!isExhausted
        && now.takenBytes() < now.endBytes()
        && writerFileOffset > now.takenBytes() - stepBytes / 2) {
      takeStepOrNothing(now.takenBytes());
    }
  }

  /** A disk that has not all of a step is not left with none: others need what it has. */
  private synchronized boolean takeStepOrNothing(long from) {
    boolean isTaken = takeStep(from);
    if (!isTaken) {
      punch(from, from + stepBytes);
    }
    return isTaken;
  }

  private synchronized boolean takeStep(long from) {
    Extent now = extent.get();
    if (now.takenBytes() > from) {
      return true;
    }
    if (isExhausted || from >= now.endBytes()) {
      return false;
    }
    long length = Math.min(stepBytes, now.endBytes() - from);
    try {
      allocator.allocate(file.path(), from, length);
    } catch (IOException failure) {
      lastFailure = String.valueOf(failure.getMessage());
      isExhausted = true;
      return false;
    }
    return extent.updateAndGet(after -> after.taking(from, from + length)).takenBytes() > from;
  }

  /**
   * Lets the steps go on to {@code endBytes}, and takes the first one.
   *
   * @return false when there is no space for it; nothing has changed then
   */
  synchronized boolean extend(long endBytes) {
    Extent before = extent.get();
    boolean wasExhausted = isExhausted;
    isExhausted = false;
    extent.updateAndGet(now -> new Extent(now.takenBytes(), Math.max(now.endBytes(), endBytes)));
    boolean isUnderWay = before.takenBytes() < before.endBytes() && !wasExhausted;
    boolean isThere = before.takenBytes() >= endBytes;
    boolean hasRoom = isThere || isUnderWay || takeStepOrNothing(before.takenBytes());
    if (!hasRoom) {
      isExhausted = wasExhausted;
      extent.updateAndGet(now -> new Extent(now.takenBytes(), before.endBytes()));
    }
    return hasRoom;
  }

  /** What lies behind {@code endBytes} is not stored to any more; see {@link #giveBack}. */
  void end(long endBytes) {
    extent.updateAndGet(now -> new Extent(Math.min(now.takenBytes(), endBytes), endBytes));
  }

  /** Whether the file has anything behind the end. */
  boolean hasSpare() {
    return file.sizeBytes() > extent.get().endBytes();
  }

  /** Gives the blocks behind the end back, from the file's end on. Blocks on the disk. */
  void giveBack() {
    for (long at = file.sizeBytes(); at > 0; ) {
      long piece = giveBackPiece(at);
      if (piece == 0) {
        return;
      }
      at -= piece;
    }
  }

  /** The end is looked at with each piece: the ring may be growing again. */
  private synchronized long giveBackPiece(long toBytes) {
    long from = Math.max(extent.get().endBytes(), toBytes - PIECE_BYTES);
    return from < toBytes && punch(from, toBytes) ? toBytes - from : 0;
  }

  private boolean punch(long from, long to) {
    try {
      return allocator.giveBack(file.path(), from, to - from);
    } catch (IOException failure) {
      System.getLogger(SpaceAhead.class.getName())
          .log(System.Logger.Level.WARNING, "giving a ring's space back", failure);
      return false;
    }
  }
}
