package dev.halcyon.verticles.ingest.whip;

/**
 * Which packets of one source have come (RFC 3711, 3.3.2): none is taken twice, none that is older
 * than the window. Numbers are unwrapped by what came before. One thread.
 */
final class ReplayWindow {
  /** Half a second of 16 Mb/s. */
  private static final int WINDOW_PACKETS = 1_024;

  private static final long NONE = -1;
  private static final int HALF = 0x8000;

  private final long[] seen = new long[WINDOW_PACKETS / Long.SIZE];
  private long highest = NONE;

  /** 3.3.1: the index that a sequence number most likely means. */
  long indexOf(int sequence) {
    if (highest == NONE) {
      return sequence;
    }
    long wraps = highest >>> 16;
    int last = (int) (highest & 0xffff);
    if (last < HALF) {
      wraps -= sequence - last > HALF && wraps > 0 ? 1 : 0;
    } else {
      wraps += last - HALF > sequence ? 1 : 0;
    }
    return wraps << 16 | sequence;
  }

  /** Whether it may be taken, if it is authentic. */
  boolean isFresh(long index) {
    return index > highest || (highest - index < WINDOW_PACKETS && !isSeen(index));
  }

  /** It was authentic, and is taken. */
  void take(long index) {
    if (index > highest) {
      long first = Math.max(highest + 1, index - WINDOW_PACKETS + 1);
      for (long passed = first; passed < index; passed++) {
        seen[word(passed)] &= ~(1L << passed);
      }
      highest = index;
    }
    seen[word(index)] |= 1L << index;
  }

  private boolean isSeen(long index) {
    return (seen[word(index)] & 1L << index) != 0;
  }

  private static int word(long index) {
    return (int) (index / Long.SIZE) % (WINDOW_PACKETS / Long.SIZE);
  }
}
