package dev.halcyon.codecs.mux;

/**
 * Time stamps that begin anew after so many bits (MPEG-TS: 33, after 26.5 hours), counted on. All
 * tracks of a source share one: they wrap within moments of each other. One thread.
 */
final class TickUnwrapper {
  private final int bits;
  private boolean hasLast;
  private long last;

  /**
   * @param bits 64 when they never begin anew
   */
  TickUnwrapper(int bits) {
    this.bits = Math.clamp(bits, 8, 64);
  }

  /** The time that is nearest to the last one. */
  long unwrap(long ticks) {
    last = hasLast ? last + signed(ticks - last) : ticks;
    hasLast = true;
    return last;
  }

  /** A time that is near another one: the pts beside its dts. */
  long near(long ticks, long other) {
    return other + signed(ticks - other);
  }

  private long signed(long difference) {
    int unused = 64 - bits;
    return difference << unused >> unused;
  }
}
