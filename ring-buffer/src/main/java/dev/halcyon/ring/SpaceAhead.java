package dev.halcyon.ring;

import java.io.IOException;

/**
 * Takes the file's blocks step by step ahead of the writer, before the first wrap only. {@link
 * #ensure} on the writer's thread, {@link #prepare} on the keeper's.
 */
final class SpaceAhead {
  private final RingFile file;
  private final SpaceAllocator allocator;
  private final long stepBytes;
  private final long endBytes;
  private volatile long takenBytes;
  private volatile boolean isExhausted;
  private volatile String lastFailure = "";

  /**
   * @param endBytes the file's length; all of it is to be taken in the end
   */
  SpaceAhead(RingFile file, SpaceAllocator allocator, long stepBytes, long endBytes) {
    this.file = file;
    this.allocator = allocator;
    this.stepBytes = stepBytes;
    this.endBytes = endBytes;
  }

  /** File offset up to which stores cannot fault. */
  long takenBytes() {
    return takenBytes;
  }

  boolean isExhausted() {
    return isExhausted;
  }

  String lastFailure() {
    return lastFailure;
  }

  /**
   * Makes sure of the file up to {@code fileOffset}; takes whole steps, blocking, when the keeper
   * was not in time.
   *
   * @return false when the space cannot be had; final then
   */
  boolean ensure(long fileOffset) {
    while (takenBytes < fileOffset) {
      if (!takeStep(takenBytes)) {
        return false;
      }
    }
    return true;
  }

  /** Takes the next step when the writer has used half of the last one. */
  void prepare(long writerFileOffset) {
    long taken = takenBytes;
    if (taken < endBytes && writerFileOffset > taken - stepBytes / 2) {
      takeStep(taken);
    }
  }

  private synchronized boolean takeStep(long from) {
    if (takenBytes > from) {
      return true;
    }
    if (isExhausted || from >= endBytes) {
      return false;
    }
    long length = Math.min(stepBytes, endBytes - from);
    try {
      allocator.allocate(file.path(), from, length);
    } catch (IOException failure) {
      lastFailure = String.valueOf(failure.getMessage());
      isExhausted = true;
      return false;
    }
    takenBytes = from + length;
    return true;
  }
}
