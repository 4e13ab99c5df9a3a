package dev.halcyon.bench.inference;

import dev.halcyon.codecs.model.BatchModel;
import dev.halcyon.core.inference.BatchLimits;
import dev.halcyon.core.inference.Capacity;
import dev.halcyon.core.inference.Importance;
import dev.halcyon.core.inference.Lot;
import dev.halcyon.core.inference.WorkClass;
import dev.halcyon.verticles.inference.ComputeLane;
import dev.halcyon.verticles.inference.ComputeLedger;
import dev.halcyon.verticles.inference.ModelQueue;
import dev.halcyon.verticles.inference.Outcome;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * Streams that each ask the next question as soon as the one before is answered, so that there is
 * always work: as many at once as there are streams.
 *
 * @param perSecond answers
 * @param us from asking to the answer
 * @param failures answers that were none
 */
record QueueLoad(double perSecond, Histogram us, long failures) {
  private static final long LONGEST_US = 60_000_000;
  private static final int WARM_PARTS = 4;

  /**
   * @param model closed afterwards
   * @param maxBatch 1 for one at a time
   */
  static <Q, A> QueueLoad run(BatchModel<Q, A> model, int streams, int maxBatch, long ns)
      throws InterruptedException {
    ComputeLane lane = new ComputeLane(WorkClass.ASR, 1);
    BatchLimits limits =
        new BatchLimits(
            maxBatch, BatchLimits.DEFAULT_WAIT_NS, 4 * streams, 4 * streams, 4 * streams, 1);
    Capacity.Need need = new Capacity.Need(1, TimeUnit.SECONDS.toNanos(1));
    try (lane;
        ModelQueue<Q, A> queue =
            new ModelQueue<>("bench", lane, limits, need, new ComputeLedger())) {
      Q question = model.sample();
      queue.open(model);
      ask(queue, question, streams, ns / WARM_PARTS);
      return ask(queue, question, streams, ns);
    }
  }

  private static <Q, A> QueueLoad ask(ModelQueue<Q, A> queue, Q question, int streams, long ns)
      throws InterruptedException {
    Histogram us = new Histogram(LONGEST_US, 3);
    AtomicLong failures = new AtomicLong();
    Semaphore ended = new Semaphore(0);
    long startNs = System.nanoTime();
    for (int i = 0; i < streams; i++) {
      new Stream<>(queue, question, new UUID(0, i), startNs + ns, us, failures, ended).ask();
    }
    ended.acquire(streams);
    double seconds = (System.nanoTime() - startNs) / 1e9;
    return new QueueLoad(us.getTotalCount() / seconds, us, failures.get());
  }

  /** One stream; its answers come on the one thread of the lane. */
  private record Stream<Q, A>(
      ModelQueue<Q, A> queue,
      Q question,
      UUID id,
      long untilNs,
      Histogram us,
      AtomicLong failures,
      Semaphore ended) {
    void ask() {
      long askedNs = System.nanoTime();
      Lot lot = new Lot(id, id, Importance.LASTING, 1, askedNs + TimeUnit.MINUTES.toNanos(1));
      boolean isTaken = queue.ask(lot, question, outcome -> onOutcome(outcome, askedNs)).isTaken();
      if (!isTaken) {
        failures.incrementAndGet();
        ended.release();
      }
    }

    private void onOutcome(Outcome<A> outcome, long askedNs) {
      long nowNs = System.nanoTime();
      if (outcome instanceof Outcome.Answered<A>) {
        us.recordValue(Math.clamp((nowNs - askedNs) / 1_000, 0, LONGEST_US));
      } else {
        failures.incrementAndGet();
      }
      if (nowNs - untilNs < 0) {
        ask();
      } else {
        ended.release();
      }
    }
  }
}
