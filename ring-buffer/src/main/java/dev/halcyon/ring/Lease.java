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
  private final Leases leases;
  private final long fromPosition;
  private final long fromUs;
  private final long deadlineNs;
  private final AtomicReference<State> state = new AtomicReference<>(State.HELD);

  /**
   * @param fromUs the stream time at {@code fromPosition}
   */
  Lease(Ring ring, Leases leases, long fromPosition, long fromUs, long deadlineNs) {
    this.ring = ring;
    this.leases = leases;
    this.fromPosition = fromPosition;
    this.fromUs = fromUs;
    this.deadlineNs = deadlineNs;
  }

  public long fromPosition() {
    return fromPosition;
  }

  long fromUs() {
    return fromUs;
  }

  /** On {@code System.nanoTime}. */
  public long deadlineNs() {
    return deadlineNs;
  }

  /** As of now: the deadline and the ring are looked at, not only what the writer did about it. */
  public State state() {
    if (isGranted() && !endIfExpired(System.nanoTime()) && !ring.holds(fromPosition)) {
      leases.revoke(this);
    }
    return state.get();
  }

  /**
   * @throws HalcyonException RING_OVERRUN when the promise no longer holds; the message says why
   */
  public void requireHeld() {
    State now = state();
    if (now != State.HELD) {
      throw new HalcyonException(
          ErrorCode.RING_OVERRUN,
          "the lease on the ring is " + now.name().toLowerCase(Locale.ROOT));
    }
  }

  /** Whether it was not ended yet; its deadline may have passed. */
  boolean isGranted() {
    return state.get() == State.HELD;
  }

  /** Whether its deadline has passed. */
  boolean endIfExpired(long nowNs) {
    boolean isExpired = deadlineNs - nowNs <= 0;
    if (isExpired) {
      end(State.EXPIRED);
    }
    return isExpired;
  }

  /** Whether this call ended it. */
  boolean end(State as) {
    return state.compareAndSet(State.HELD, as);
  }

  @Override
  public void close() {
    end(State.CLOSED);
    leases.remove(this);
  }
}
