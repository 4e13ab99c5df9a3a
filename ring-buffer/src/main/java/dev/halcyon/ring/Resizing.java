package dev.halcyon.ring;

import java.util.concurrent.atomic.AtomicReference;

/**
 * A change of a ring's size, from the asking to the writer's carrying it out. {@link #ask} in any
 * thread but the writer's; it does what takes time: growing the file, mapping it, taking blocks.
 * {@link #begin} and {@link #end} on the writer's.
 */
final class Resizing {
  /** How far it is. */
  sealed interface State {}

  /** Nothing to be done, or the writer is at it. */
  private enum Rest implements State {
    NONE,
    SWITCHING
  }

  /**
   * What the next geometry is to be.
   *
   * @param mapping covers it
   */
  record Target(long capacityBytes, Mapping mapping) implements State {}

  private final RingFile file;
  private final SpaceAhead space;
  private final AtomicReference<State> state = new AtomicReference<>(Rest.NONE);
  private volatile long askedBytes;

  /**
   * @param askedBytes the capacity that the ring should have
   */
  Resizing(RingFile file, SpaceAhead space, long askedBytes) {
    this.file = file;
    this.space = space;
    this.askedBytes = askedBytes;
  }

  /** The capacity that was asked for last. */
  long askedBytes() {
    return askedBytes;
  }

  boolean isPending() {
    return state() instanceof Target;
  }

  /** A {@link Target} while one waits for the writer. */
  State state() {
    return state.getAcquire();
  }

  /**
   * Asks for another capacity, instead of any that is pending.
   *
   * @return whether something is to be done about it
   * @throws dev.halcyon.core.error.HalcyonException INSUFFICIENT_STORAGE when there is no space for
   *     a first step; IO_FAILED when the file cannot grow or be mapped; what was pending stays so
   */
  synchronized boolean ask(long capacityBytes) {
    State before = withdraw();
    try {
      Geometry now = file.geometry();
      long furthest = Math.max(now.capacityBytes(), capacityBytes);
      Mapping mapping = file.reach(RingLayout.HEADER_BYTES + furthest);
      if (capacityBytes > now.capacityBytes()
          && !space.extend(RingLayout.HEADER_BYTES + capacityBytes)) {
        throw NewRingFile.noRoom(space.lastFailure());
      }
      space.end(RingLayout.HEADER_BYTES + furthest);
      if (capacityBytes != now.capacityBytes()) {
        state.set(new Target(capacityBytes, mapping));
      }
    } catch (RuntimeException failure) {
      state.set(before);
      throw failure;
    }
    askedBytes = capacityBytes;
    return before instanceof Target || state() != Rest.NONE;
  }

  /** Afterwards the writer does not switch; waits the moment that a switch in progress takes. */
  private State withdraw() {
    while (true) {
      State now = state.get();
      if (now != Rest.SWITCHING && state.compareAndSet(now, Rest.NONE)) {
        return now;
      }
      Thread.onSpinWait();
    }
  }

  /** Whether the writer may switch to {@code wanted} now; then {@link #end} must follow. */
  boolean begin(Target wanted) {
    return state.compareAndSet(wanted, Rest.SWITCHING);
  }

  void end() {
    state.set(Rest.NONE);
  }
}
