package dev.halcyon.core.clip;

/**
 * The epochs that a window may draw from.
 *
 * @param first the oldest
 * @param last the newest, inclusive
 */
public record EpochSpan(int first, int last) {
  public static final EpochSpan ALL = new EpochSpan(0, Integer.MAX_VALUE);

  public EpochSpan {
    if (last < first) {
      throw new IllegalArgumentException("no epoch [first=" + first + ", last=" + last + "]");
    }
  }

  public static EpochSpan only(int epoch) {
    return new EpochSpan(epoch, epoch);
  }

  /** An epoch and whatever follows it. */
  public static EpochSpan from(int first) {
    return new EpochSpan(first, Integer.MAX_VALUE);
  }

  public boolean contains(int epoch) {
    return first <= epoch && epoch <= last;
  }
}
