package dev.halcyon.ring;

/**
 * Where the tail can go: every so many bytes the position and time of a record. Eviction steps
 * along these rather than read the old records, whose headers have long left the processor's caches
 * (a miss an append, a tenth of a microsecond and more). A step is 1/256 of the capacity at most,
 * or a record. The writer's thread.
 */
final class TailSteps {
  private static final int STEPS_SHIFT = 8;

  /** Twice what a lap holds: steps only come closer together, when the ring is shrunk. */
  private static final int ROWS = 2 << STEPS_SHIFT;

  private final long[] positions = new long[ROWS];
  private final long[] streamUs = new long[ROWS];
  private long first;
  private long end;

  /** Notes a record, unless one was noted shortly before. */
  void note(long position, long us, long capacityBytes) {
    if (end > first && position - positions[row(end - 1)] < capacityBytes >> STEPS_SHIFT) {
      return;
    }
    if (end - first == ROWS) {
      first++;
    }
    positions[row(end)] = position;
    streamUs[row(end)] = us;
    end++;
  }

  private static int row(long step) {
    return (int) step & (ROWS - 1);
  }

  void dropBefore(long position) {
    while (first < end && positions[row(first)] < position) {
      first++;
    }
  }

  boolean isEmpty() {
    return first == end;
  }

  long oldestPosition() {
    return positions[row(first)];
  }

  long oldestUs() {
    return streamUs[row(first)];
  }
}
