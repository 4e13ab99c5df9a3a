package dev.halcyon.ring;

/**
 * The oldest held record, and how far it moves on: what eviction by bytes, by time and by a resize
 * have in common. The writer's thread.
 */
final class RingTail {
  private final RingFile file;
  private final RingContents contents;
  private final Leases leases;
  private long position;
  private long streamUs;

  RingTail(RingFile file, RingContents contents, Leases leases, long position, long streamUs) {
    this.file = file;
    this.contents = contents;
    this.leases = leases;
    this.position = position;
    this.streamUs = streamUs;
  }

  long position() {
    return position;
  }

  /**
   * Lets go of what lies before {@code wanted}: moves to the next step at or after it, or only to
   * the oldest lease, but in any case to {@code needed} or beyond.
   *
   * @param needed what lies before is overwritten next; at most {@code wanted}
   * @param headPosition where the tail goes when nothing is left …
   * @param headUs … and the stream time there
   */
  void evict(long wanted, long needed, long headPosition, long headUs) {
    if (position >= wanted) {
      return;
    }
    TailSteps steps = contents.steps();
    long step = steps.firstFrom(wanted);
    boolean isStep = steps.isStep(step);
    long target = isStep ? steps.positionOf(step) : headPosition;
    long targetUs = isStep ? steps.streamUsOf(step) : headUs;
    long floor = leases.floor(target, Math.max(needed, position));
    if (floor < target) {
      moveTowards(floor, needed);
    } else {
      move(target, targetUs);
    }
  }

  /** To the last step before the oldest lease; to the lease itself where that is not enough. */
  private void moveTowards(long leasePosition, long needed) {
    TailSteps steps = contents.steps();
    long step = steps.firstFrom(leasePosition + 1) - 1;
    if (steps.isStep(step) && steps.positionOf(step) >= needed) {
      move(steps.positionOf(step), steps.streamUsOf(step));
    } else if (needed > position) {
      move(leasePosition, leases.floorUs());
    }
  }

  /** Lets go of what is older than {@code horizonUs}, up to the oldest lease. */
  void evictOlderThan(long horizonUs) {
    TimeIndex index = contents.index();
    long wanted = index.positionAtHorizon(horizonUs);
    if (wanted > position) {
      long floor = leases.floor(wanted, position);
      long target = floor < wanted ? index.positionAtOrBefore(floor) : wanted;
      if (target > position) {
        move(target, index.ptsUsAt(target));
      }
    }
  }

  /** Lets go of the oldest states, and of what they explain, where there are too many. */
  void evictCrowd(long headPosition, long headUs) {
    long oldest = contents.states().crowdedBefore();
    evict(oldest, oldest, headPosition, headUs);
  }

  private void move(long to, long us) {
    if (to > position) {
      position = to;
      streamUs = us;
      file.setTail(position, streamUs);
      contents.evictBefore(position);
    }
  }
}
