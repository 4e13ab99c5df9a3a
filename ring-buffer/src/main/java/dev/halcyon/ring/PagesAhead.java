package dev.halcyon.ring;

/**
 * Work ahead of one writer that must not happen in its thread: taking blocks on the first lap, and
 * making pages present and writable on every lap. {@link #request} on the writer's thread, {@link
 * #run} on the keeper's.
 */
final class PagesAhead {
  private static final long AHEAD_BYTES = 4 << 20;

  private final RingFile file;
  private final SpaceAhead space;
  private volatile long writerPosition;
  private volatile boolean isRequested;
  private long touchedPosition;
  private boolean isClosed;

  PagesAhead(RingFile file, SpaceAhead space) {
    this.file = file;
    this.space = space;
  }

  /** Asks for the bytes after {@code position}; answers where to ask again. */
  long request(long position) {
    writerPosition = position;
    isRequested = true;
    RingKeeper.wake();
    return position + aheadBytes() / 2;
  }

  private long aheadBytes() {
    return Math.min(AHEAD_BYTES, file.capacityBytes() / 4);
  }

  boolean isRequested() {
    return isRequested;
  }

  /** Waits for a running {@link #run}; none runs afterwards. */
  synchronized void close() {
    isClosed = true;
  }

  synchronized void run() {
    isRequested = false;
    if (isClosed) {
      return;
    }
    long from = writerPosition;
    long capacity = file.capacityBytes();
    if (from < capacity) {
      space.prepare(RingLayout.HEADER_BYTES + from);
    }
    long to = from + aheadBytes();
    if (to <= capacity) {
      to = Math.min(to, space.takenBytes() - RingLayout.HEADER_BYTES);
    }
    touch(Math.max(from, touchedPosition), to, capacity);
    touchedPosition = to;
  }

  /** At most two stretches: the ring's end may lie between. */
  private void touch(long from, long to, long capacity) {
    for (long position = from; position < to; ) {
      long offset = position % capacity;
      long bytes = Math.min(to - position, capacity - offset);
      file.makeWritable(RingLayout.HEADER_BYTES + offset, bytes);
      position += bytes;
    }
  }
}
