package dev.halcyon.ring;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** A ring's cursors: who waits for a commit, and how much all of them missed. Any thread. */
final class Readers {
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean isAsking = new AtomicBoolean();
  private Readers nextAsking;
  private final LongAdder overrunBytes = new LongAdder();
  private volatile RingCursor[] cursors = new RingCursor[0];

  synchronized void add(RingCursor cursor) {
    RingCursor[] next = Arrays.copyOf(cursors, cursors.length + 1);
    next[cursors.length] = cursor;
    cursors = next;
  }

  synchronized void remove(RingCursor cursor) {
    cursors = Arrays.stream(cursors).filter(each -> each != cursor).toArray(RingCursor[]::new);
  }

  /**
   * After a commit; without a fence, which would stall each append, see {@link CommitWait#await}.
   */
  void onCommitted() {
    if (waiting.getOpaque() != 0 && isAsking.compareAndSet(false, true)) {
      RingWaker.ask(this);
    }
  }

  /** Those that {@link RingWaker} comes to after these; null for none. */
  void askedBefore(Readers others) {
    nextAsking = others;
  }

  /** From here on they may ask again; answers who was {@link #askedBefore}. */
  Readers beginWake() {
    Readers next = nextAsking;
    nextAsking = null;
    isAsking.set(false);
    return next;
  }

  void onWaiting(int change) {
    waiting.addAndGet(change);
  }

  void wake() {
    for (RingCursor cursor : cursors) {
      cursor.wake();
    }
  }

  void onOverrun(long missedBytes) {
    overrunBytes.add(missedBytes);
  }

  long overrunBytes() {
    return overrunBytes.sum();
  }
}
