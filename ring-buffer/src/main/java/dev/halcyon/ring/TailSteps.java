package dev.halcyon.ring;

/**
 * Where the tail can go: every so many bytes the position and time of a record. Eviction steps
 * along these rather than read the old records, whose headers have long left the processor's caches
 * (a miss an append, a tenth of a microsecond and more). A step is 1/256 of the capacity at most,
 * or a record. The writer's thread.
 */
final class TailSteps {
  private static final int STEPS_SHIFT = 8;

  /** Twice what a lap holds: older steps may be closer together, from when the ring was smaller. */
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

  /** Leaves out steps that a ring of this, larger, capacity would not have noted. */
  void thinOut(long capacityBytes) {
    long to = end;
    end = first;
    for (long step = first; step < to; step++) {
      note(positions[row(step)], streamUs[row(step)], capacityBytes);
    }
  }

  void dropBefore(long position) {
    while (first < end && positions[row(first)] < position) {
      first++;
    }
  }

  /** The oldest step at or after a position; {@link #isStep} tells whether there is one. */
  long firstFrom(long position) {
    long step = first;
    while (step < end && positions[row(step)] < position) {
      step++;
    }
    return step;
  }

  boolean isStep(long step) {
    return step >= first && step < end;
  }

  long positionOf(long step) {
    return positions[row(step)];
  }

  long streamUsOf(long step) {
    return streamUs[row(step)];
  }
}
