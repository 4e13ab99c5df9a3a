package dev.halcyon.verticles.detect;

/** When the newest media of a stream arrived, by its stream time. One thread at a time. */
final class ArrivalTimes {
  /** At ten a second, longer than any signal takes to be confirmed. */
  private static final int KEPT = 32;

  private final long[] atUs = new long[KEPT];
  private final long[] arrivalUs = new long[KEPT];
  private int next;
  private int count;

  void add(long streamTimeUs, long wallUs) {
    atUs[next] = streamTimeUs;
    arrivalUs[next] = wallUs;
    next = (next + 1) % KEPT;
    count = Math.min(KEPT, count + 1);
  }

  /** Wall clock at which the media at or next after this stream time arrived; 0 when unknown. */
  long of(long streamTimeUs) {
    long arrival = 0;
    for (int back = 1; back <= count; back++) {
      int index = Math.floorMod(next - back, KEPT);
      if (atUs[index] < streamTimeUs) {
        break;
      }
      arrival = arrivalUs[index];
    }
    return arrival;
  }
}
