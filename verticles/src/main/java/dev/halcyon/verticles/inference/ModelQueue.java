package dev.halcyon.verticles.inference;

import dev.halcyon.codecs.model.BatchModel;
import dev.halcyon.core.inference.Admission;
import dev.halcyon.core.inference.BatchLimits;
import dev.halcyon.core.inference.BatchQueue;
import dev.halcyon.core.inference.Capacity;
import dev.halcyon.core.inference.ComputeMeter;
import dev.halcyon.core.inference.Drop;
import dev.halcyon.core.inference.Importance;
import dev.halcyon.core.inference.InferenceReport;
import dev.halcyon.core.inference.Lot;
import dev.halcyon.core.inference.Spent;
import dev.halcyon.core.inference.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One model's requests, and the model while there is one. Any thread; closed by who made it.
 *
 * @param <Q> what the model is asked
 * @param <A> what it answers
 */
public final class ModelQueue<Q, A> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ModelQueue.class);
  private static final UUID NOBODY = new UUID(0, 0);
  private static final Lot ANY = new Lot(NOBODY, NOBODY, Importance.LASTING, 1, Lot.NO_DEADLINE);

  /** How soon a model that is off may be asked for again. */
  private static final Admission OFF = new Admission.Rejected(Admission.Reason.CLOSED, 1_000);

  private final String name;
  private final ComputeLane lane;
  private final ReentrantLock lock;
  private final Condition idle;
  private final Capacity.Need need;
  private final ComputeLedger ledger;

  // Under the lane's lock.
  private final ComputeMeter meter = new ComputeMeter();
  private final BatchQueue<Request<Q, A>> queue;

  /** What is to be told to receivers once the lock is free. */
  private final List<Runnable> untold = new ArrayList<>();

  private Optional<BatchModel<Q, A>> model = Optional.empty();
  private String reason = "it is not open yet";
  private boolean isBusy;
  private long batches;
  private long answered;
  private long dropped;

  /** A question and who waits for the answer. */
  private record Request<Q, A>(Q question, Consumer<Outcome<A>> receiver) {}

  /**
   * @param need of one live stream, for the capacity
   */
  public ModelQueue(
      String name, ComputeLane lane, BatchLimits limits, Capacity.Need need, ComputeLedger ledger) {
    this.name = name;
    this.lane = lane;
    this.need = need;
    this.ledger = ledger;
    lock = lane.lock();
    idle = lock.newCondition();
    queue = new BatchQueue<>(limits, this::onDrop);
    lane.add(this);
  }

  /** Under the lock. */
  private void onDrop(Waiting<Request<Q, A>> request, Drop why) {
    dropped++;
    untold.add(() -> tell(request.work(), new Outcome.Dropped<>(why)));
  }

  public String name() {
    return name;
  }

  /** Whether it has a model. */
  public boolean isUp() {
    lock.lock();
    try {
      return model.isPresent();
    } finally {
      lock.unlock();
    }
  }

  /** How many requests wait. */
  public int depth() {
    lock.lock();
    try {
      return queue.depth();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks the model. Does not block.
   *
   * @param receiver called once unless this is rejected or cancelled, on another thread, which
   *     holds no lock; must return soon
   */
  public Asked ask(Lot lot, Q question, Consumer<Outcome<A>> receiver) {
    lock.lock();
    try {
      if (model.isEmpty()) {
        return new Asked(OFF, () -> false);
      }
      BatchQueue.Offer<Request<Q, A>> offer =
          queue.offer(lot, new Request<>(question, receiver), System.nanoTime());
      if (offer.request() == null) {
        return new Asked(offer.admission(), () -> false);
      }
      lane.wake();
      return new Asked(offer.admission(), () -> isCancelled(offer.request()));
    } finally {
      lock.unlock();
    }
  }

  private boolean isCancelled(Waiting<Request<Q, A>> request) {
    lock.lock();
    try {
      return queue.cancel(request);
    } finally {
      lock.unlock();
    }
  }

  /**
   * When there is something to do; empty while nothing waits or a batch is computed. Under the
   * lock.
   */
  OptionalLong dueNs(long nowNs) {
    if (!untold.isEmpty()) {
      return OptionalLong.of(nowNs);
    }
    return mayCompute() ? queue.dueNs() : OptionalLong.empty();
  }

  private boolean mayCompute() {
    return !isBusy && model.isPresent();
  }

  /** The work that is due, if any. Under the lock. */
  Optional<Runnable> take(long nowNs) {
    List<Waiting<Request<Q, A>>> batch = mayCompute() ? queue.poll(nowNs) : List.of();
    List<Runnable> told = takeUntold();
    if (batch.isEmpty()) {
      return told.isEmpty() ? Optional.empty() : Optional.of(() -> told.forEach(Runnable::run));
    }
    isBusy = true;
    BatchModel<Q, A> asked = model.orElseThrow();
    return Optional.of(
        () -> {
          told.forEach(Runnable::run);
          compute(asked, batch);
        });
  }

  private void compute(BatchModel<Q, A> asked, List<Waiting<Request<Q, A>>> batch) {
    long startNs = System.nanoTime();
    List<A> answers = List.of();
    String failure = "it answered too little";
    try {
      answers = asked.compute(batch.stream().map(each -> each.work().question()).toList());
    } catch (RuntimeException | LinkageError failed) {
      failure = String.valueOf(failed.getMessage());
      log.warn("a batch failed [model={}, size={}]: {}", name, batch.size(), failure);
    }
    long endNs = System.nanoTime();
    onComputed(batch.size(), answers.size(), endNs - startNs, endNs);
    for (int i = 0; i < batch.size(); i++) {
      Waiting<Request<Q, A>> each = batch.get(i);
      Spent spent = new Spent(startNs - each.offeredNs(), endNs - startNs, batch.size());
      ledger.add(each.lot().workspaceId(), spent.shareNs());
      tell(
          each.work(),
          i < answers.size()
              ? new Outcome.Answered<>(answers.get(i), spent)
              : new Outcome.Failed<>(failure));
    }
  }

  private void onComputed(int size, int answers, long ns, long nowNs) {
    lock.lock();
    try {
      isBusy = false;
      idle.signalAll();
      lane.wake();
      meter.add(size, ns, nowNs);
      queue.computed(ns);
      batches++;
      answered += answers;
    } finally {
      lock.unlock();
    }
  }

  private void tell(Request<Q, A> request, Outcome<A> outcome) {
    try {
      request.receiver().accept(outcome);
    } catch (RuntimeException failure) {
      log.error("an answer was not taken [model={}]", name, failure);
    }
  }

  private List<Runnable> takeUntold() {
    List<Runnable> told = List.copyOf(untold);
    untold.clear();
    return told;
  }

  private void unlockAndTell() {
    List<Runnable> told = takeUntold();
    lock.unlock();
    told.forEach(Runnable::run);
  }

  /**
   * Takes a model over, in place of the one before. Blocks until that one has finished its batch,
   * which closes it; on a platform or virtual thread, not an event loop.
   */
  public void open(BatchModel<Q, A> opened) {
    replace(Optional.of(opened), "");
  }

  /** Takes the model away, saying why. Blocks as {@link #open} does. */
  public void shut(String why) {
    replace(Optional.empty(), why);
  }

  private void replace(Optional<BatchModel<Q, A>> next, String why) {
    Optional<BatchModel<Q, A>> before;
    lock.lock();
    try {
      while (isBusy) {
        idle.awaitUninterruptibly();
      }
      before = model;
      model = next;
      reason = why;
      if (next.isEmpty()) {
        queue.clear();
      }
      lane.wake();
    } finally {
      unlockAndTell();
    }
    before.ifPresent(BatchModel::close);
  }

  /** How it stands. */
  InferenceReport.ModelState state(double laneBusy) {
    lock.lock();
    try {
      boolean isUp = model.isPresent();
      boolean isKnown = isUp && meter.hasLearnt();
      return new InferenceReport.ModelState(
          name,
          lane.workClass(),
          isUp ? Optional.empty() : Optional.of(reason),
          queue.depth(),
          queue.limits().maxBatch(),
          isUp ? queue.admission(ANY) : OFF,
          batches,
          answered,
          dropped,
          isKnown ? Optional.of(meter.cost()) : Optional.empty(),
          isKnown
              ? Optional.of(
                  Capacity.of(need, meter.cost(), queue.limits(), lane.threads(), laneBusy))
              : Optional.empty());
    } finally {
      lock.unlock();
    }
  }

  /** The part of one thread that it had lately. */
  double busy() {
    lock.lock();
    try {
      return meter.busy(System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  /** Learns what a batch costs from a trial, before the first request. */
  void learn(int size, long ns) {
    lock.lock();
    try {
      meter.learn(size, ns);
    } finally {
      lock.unlock();
    }
  }

  /** Drops what waits, and closes the model. Blocks as {@link #open} does. */
  @Override
  public void close() {
    lock.lock();
    try {
      queue.close();
    } finally {
      unlockAndTell();
    }
    shut("the node stops");
    lane.remove(this);
  }
}
