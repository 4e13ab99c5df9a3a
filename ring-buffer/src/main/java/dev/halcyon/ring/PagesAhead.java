package dev.halcyon.ring;

/**
 * Work ahead of one writer that must not happen in its thread: taking blocks until it has been
 * everywhere, and making pages present and writable on every lap. {@link #request} on the writer's
 * thread, {@link #run} on the keeper's.
 */
final class PagesAhead {
  private static final long AHEAD_BYTES = 4 << 20;

  private final RingFile file;
  private final SpaceAhead space;
  private volatile long writerPosition;
  private volatile int requests;
  private Geometry touchedIn;
  private long touchedPosition;
  private boolean isClosed;

  PagesAhead(RingFile file, SpaceAhead space) {
    this.file = file;
    this.space = space;
    this.touchedIn = file.geometry();
  }

  /**
   * Asks for the bytes after {@code position}; answers where to ask again: when a quarter of what
   * was asked for is used up, and with more emphasis when nothing was done after half of it.
   */
  long request(long position) {
    writerPosition = position;
    int unanswered = requests + 1; // Only too many when run() begins just now.
    requests = unanswered;
    if (unanswered == 1) {
      RingKeeper.onRequest();
    } else if (unanswered > 2) {
      RingKeeper.hurry();
    }
    return position + aheadBytes(file.geometry()) / 4;
  }

  private static long aheadBytes(Geometry geometry) {
    return Math.min(AHEAD_BYTES, geometry.capacityBytes() / 4);
  }

  /** How often the writer has asked since {@link #run} last began. */
  int requests() {
    return requests;
  }

  /** Waits for a running {@link #run}; none runs afterwards. */
  synchronized void close() {
    isClosed = true;
  }

  synchronized void run() {
    requests = 0;
    if (isClosed) {
      return;
    }
    Geometry geometry = file.geometry();
    long from = Math.max(writerPosition, geometry.basePosition());
    space.prepare(RingLayout.HEADER_BYTES + geometry.offsetOf(from));
    if (geometry != touchedIn) {
      touchedIn = geometry;
      touchedPosition = from;
    }
    long to = from + aheadBytes(geometry);
    touch(geometry, Math.max(from, touchedPosition), to);
    touchedPosition = to;
  }

  /**
   * At most two stretches: the ring's end may lie between. What has no blocks yet is left out: the
   * disk may be full.
   */
  private void touch(Geometry geometry, long from, long to) {
    for (long position = from; position < to; ) {
      long offset = geometry.offsetOf(position);
      long bytes = Math.min(to - position, geometry.capacityBytes() - offset);
      long present = space.takenBytes() - RingLayout.HEADER_BYTES - offset;
      if (present > 0) {
        geometry.mapping().makeWritable(RingLayout.HEADER_BYTES + offset, Math.min(bytes, present));
      }
      position += bytes;
    }
  }
}
