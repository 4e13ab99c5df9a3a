package dev.halcyon.core.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/**
 * Gathers requests of many streams into batches for one model. A batch is due when it is full, or
 * when its oldest request has waited for {@link BatchLimits#maxWaitNs}; {@link FairShare} says who
 * is in it. A pure function of the calls and their times; the caller lets one thread in at a time.
 *
 * @param <T> what is computed on
 */
public final class BatchQueue<T> {
  private final BatchLimits limits;
  private final BiConsumer<Waiting<T>, Drop> drops;
  private final FairShare<T> waiting;
  private long numbers;
  private long batchNs;
  private boolean isClosed;

  /**
   * What became of an offer.
   *
   * @param request null when it was rejected
   */
  public record Offer<T>(Admission admission, Waiting<T> request) {}

  /**
   * @param drops is told, during the call that drops it, of each request that was taken and is not
   *     computed; cancelled ones are not told
   */
  public BatchQueue(BatchLimits limits, BiConsumer<Waiting<T>, Drop> drops) {
    this.limits = limits;
    this.drops = drops;
    this.waiting = new FairShare<>(limits.maxBatch());
  }

  public BatchLimits limits() {
    return limits;
  }

  /** How many wait. */
  public int depth() {
    return waiting.size();
  }

  public Offer<T> offer(Lot lot, T work, long nowNs) {
    if (waiting.size() >= limits.softLimit()) {
      dropLate(nowNs);
    }
    if (!isClosed && waiting.size() >= limits.hardLimit() && mayTake(lot)) {
      shedOne();
    }
    Admission admission = admission(lot);
    if (admission instanceof Admission.Rejected) {
      return new Offer<>(admission, null);
    }
    Waiting<T> request = new Waiting<>(lot, work, nowNs, numbers++);
    waiting.add(request);
    return new Offer<>(admission, request);
  }

  /** What would become of a request; nothing is changed. */
  public Admission admission(Lot lot) {
    if (isClosed) {
      return refused(Admission.Reason.CLOSED);
    }
    if (waiting.size(lot.workspaceId()) >= limits.workspaceLimit()) {
      return refused(Admission.Reason.WORKSPACE_FULL);
    }
    if (lot.importance() == Importance.PASSING && waiting.size() >= limits.softLimit()) {
      return refused(Admission.Reason.BUSY);
    }
    if (waiting.size() >= limits.hardLimit()) {
      return refused(Admission.Reason.FULL);
    }
    int before = waiting.size() / limits.maxBatch();
    return before == 0 ? new Admission.Admitted() : new Admission.Queued(before);
  }

  private boolean mayTake(Lot lot) {
    return lot.importance() == Importance.LASTING
        && waiting.size(lot.workspaceId()) < limits.workspaceLimit();
  }

  private Admission refused(Admission.Reason reason) {
    long batches = Math.ceilDiv(waiting.size(), limits.maxBatch()) + 1L;
    long ms = Math.ceilDiv(batches * Math.max(batchNs, limits.maxWaitNs()), 1_000_000L);
    return new Admission.Rejected(reason, Math.max(1, ms));
  }

  /** Of all passing work, what is wanted latest gives way. */
  private void shedOne() {
    List<Waiting<T>> latest = new ArrayList<>(1);
    waiting.forEach(
        each -> {
          if (each.lot().importance() == Importance.PASSING
              && (latest.isEmpty() || Waiting.byDeadline(each, latest.getFirst()) > 0)) {
            latest.clear();
            latest.add(each);
          }
        });
    latest.forEach(each -> drop(each, Drop.SHED));
  }

  /** Takes back a request before it costs anything; false when it is computed or done already. */
  public boolean cancel(Waiting<T> request) {
    return waiting.remove(request);
  }

  /**
   * When the next batch is due, monotonic; empty while nothing waits. It may have gone by. Where a
   * deadline comes sooner than others could join, the batch goes in time for it.
   */
  public OptionalLong dueNs() {
    if (waiting.size() == 0) {
      return OptionalLong.empty();
    }
    long[] oldestNs = {Long.MAX_VALUE};
    long[] deadlineNs = {Lot.NO_DEADLINE};
    waiting.forEach(
        each -> {
          oldestNs[0] = Math.min(oldestNs[0], each.offeredNs());
          deadlineNs[0] = Math.min(deadlineNs[0], each.lot().deadlineNs());
        });
    boolean isFull = waiting.size() >= limits.maxBatch();
    long gatheredNs = isFull ? oldestNs[0] : oldestNs[0] + limits.maxWaitNs();
    return OptionalLong.of(
        deadlineNs[0] == Lot.NO_DEADLINE
            ? gatheredNs
            : Math.min(gatheredNs, deadlineNs[0] - batchNs));
  }

  /**
   * The next batch, all of one bucket of lengths, in the order in which it was chosen; empty when
   * none is due.
   */
  public List<Waiting<T>> poll(long nowNs) {
    dropLate(nowNs);
    OptionalLong due = dueNs();
    if (due.isEmpty() || due.getAsLong() - nowNs > 0) {
      return List.of();
    }
    List<Waiting<T>> batch = new ArrayList<>(limits.maxBatch());
    Waiting<T> next = waiting.next(limits, -1);
    int bucket = limits.bucketOf(next.lot().length());
    while (next != null) {
      waiting.serve(next);
      batch.add(next);
      next = batch.size() < limits.maxBatch() ? waiting.next(limits, bucket) : null;
    }
    return batch;
  }

  /**
   * Tells how long a batch took, for what {@link Admission.Rejected} promises.
   *
   * @param ns of computing
   */
  public void computed(long ns) {
    batchNs = batchNs == 0 ? ns : (7 * batchNs + ns) / 8;
  }

  private void dropLate(long nowNs) {
    List<Waiting<T>> late = new ArrayList<>();
    waiting.forEach(
        each -> {
          if (each.lot().deadlineNs() != Lot.NO_DEADLINE && each.lot().deadlineNs() - nowNs < 0) {
            late.add(each);
          }
        });
    late.forEach(each -> drop(each, Drop.LATE));
  }

  private void drop(Waiting<T> request, Drop reason) {
    waiting.remove(request);
    drops.accept(request, reason);
  }

  /** Takes no more; what waits is dropped. */
  public void close() {
    isClosed = true;
    clear();
  }

  /** Drops what waits: there is nobody who would compute it. */
  public void clear() {
    List<Waiting<T>> all = new ArrayList<>();
    waiting.forEach(all::add);
    all.forEach(each -> drop(each, Drop.CLOSED));
  }
}
