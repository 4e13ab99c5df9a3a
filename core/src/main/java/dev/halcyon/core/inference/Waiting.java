package dev.halcyon.core.inference;

/**
 * A request in a {@link BatchQueue}, as who offered it holds it.
 *
 * @param <T> what is computed on
 */
public final class Waiting<T> {
  private final Lot lot;
  private final T work;
  private final long offeredNs;
  private final long number;

  Waiting(Lot lot, T work, long offeredNs, long number) {
    this.lot = lot;
    this.work = work;
    this.offeredNs = offeredNs;
    this.number = number;
  }

  public Lot lot() {
    return lot;
  }

  public T work() {
    return work;
  }

  /** Monotonic. */
  public long offeredNs() {
    return offeredNs;
  }

  /** The earlier deadline first; the earlier offer where they are equal. */
  static int byDeadline(Waiting<?> one, Waiting<?> other) {
    int byDeadline = Long.compare(one.lot.deadlineNs(), other.lot.deadlineNs());
    return byDeadline != 0 ? byDeadline : Long.compare(one.number, other.number);
  }
}
