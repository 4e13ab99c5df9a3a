package dev.halcyon.codecs.probe;

import java.util.PriorityQueue;

/**
 * How long the pictures of a stream are shown, from their times in the order in which they are
 * coded. Bounded memory, one thread.
 */
final class IntervalHistogram {
  /** Further than any codec reorders. */
  private static final int HELD = 32;

  private static final long BUCKET_US = 250;
  private static final int BUCKETS = 8_000;

  /** Stamps in whole milliseconds make 33 and 34 of 33.4. */
  private static final long STAMP_US = 1_500;

  /** A few long ones are gaps, not a rate. */
  private static final double MOST_ODD = 0.02;

  private final PriorityQueue<Long> held = new PriorityQueue<>();
  private final long[] counts = new long[BUCKETS];
  private long intervals;
  private long lastUs = Long.MIN_VALUE;

  void add(long ptsUs) {
    held.add(ptsUs);
    if (held.size() > HELD) {
      take();
    }
  }

  private void take() {
    long ptsUs = held.remove();
    if (lastUs != Long.MIN_VALUE && ptsUs > lastUs) {
      counts[(int) Math.min((ptsUs - lastUs) / BUCKET_US, BUCKETS - 1)]++;
      intervals++;
    }
    lastUs = Math.max(lastUs, ptsUs);
  }

  /** No more follow. */
  void end() {
    while (!held.isEmpty()) {
      take();
    }
  }

  /** Whether more than a few pictures are shown for another time than most. After the end. */
  boolean isVariable() {
    int usual = 0;
    for (int i = 1; i < BUCKETS; i++) {
      usual = counts[i] > counts[usual] ? i : usual;
    }
    long toleranceUs = Math.max(STAMP_US, usual * BUCKET_US / 10);
    int near = (int) (toleranceUs / BUCKET_US);
    long odd = intervals;
    for (int i = Math.max(0, usual - near); i <= Math.min(BUCKETS - 1, usual + near); i++) {
      odd -= counts[i];
    }
    return odd > 1 && odd > intervals * MOST_ODD;
  }
}
