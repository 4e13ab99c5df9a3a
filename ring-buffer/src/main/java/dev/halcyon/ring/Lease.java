package dev.halcyon.ring;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The promise that records from a position on stay held until a deadline. It is kept out of the
 * ring's slack, a sixteenth of its capacity: a writer that has used the slack up revokes the lease
 * rather than wait. Any thread; closed by whoever got it.
 */
public final class Lease implements AutoCloseable {
  /** What became of the promise. */
  public enum State {
    HELD,
    /** Closed by its holder. */
    CLOSED,
    /** The deadline passed. */
    EXPIRED,
    /** The writer needed the room. */
    REVOKED
  }

  private final Ring ring;
  private final long fromPosition;
  private final long deadlineNs;
  private final AtomicReference<State> state = new AtomicReference<>(State.HELD);

  Lease(Ring ring, long fromPosition, long deadlineNs) {
    this.ring = ring;
    this.fromPosition = fromPosition;
    this.deadlineNs = deadlineNs;
  }

  public long fromPosition() {
    return fromPosition;
  }

  /** On {@code System.nanoTime}. */
  public long deadlineNs() {
    return deadlineNs;
  }

  public State state() {
    return state.get();
  }

  /**
   * @throws HalcyonException RING_OVERRUN when the promise no longer holds; the message says why
   */
  public void requireHeld() {
    State now = state.get();
    if (now != State.HELD) {
      throw new HalcyonException(
          ErrorCode.RING_OVERRUN,
          "the lease on the ring is " + now.name().toLowerCase(Locale.ROOT));
    }
  }

  boolean isHeld() {
    return state.get() == State.HELD;
  }

  /** Whether this call ended it. */
  boolean end(State as) {
    return state.compareAndSet(State.HELD, as);
  }

  @Override
  public void close() {
    end(State.CLOSED);
    ring.onLeaseClosed(this);
  }
}
