package dev.halcyon.verticles.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.model.BatchModel;
import dev.halcyon.core.inference.BatchLimits;
import dev.halcyon.core.inference.Capacity;
import dev.halcyon.core.inference.Drop;
import dev.halcyon.core.inference.Importance;
import dev.halcyon.core.inference.InferenceReport;
import dev.halcyon.core.inference.Lot;
import dev.halcyon.core.inference.WorkClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ModelQueueTest {
  private static final long LIMIT_S = 30;
  private static final UUID WORKSPACE = new UUID(0, 1);

  private final ComputeLane lane = new ComputeLane(WorkClass.ASR, 2);
  private final ComputeLedger ledger = new ComputeLedger();
  private final ModelQueue<Integer, Integer> queue =
      new ModelQueue<>(
          "doubler",
          lane,
          BatchLimits.of(4).withMaxWaitNs(1_000_000),
          new Capacity.Need(10, TimeUnit.SECONDS.toNanos(1)),
          ledger);
  private final BlockingQueue<Outcome<Integer>> outcomes = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    queue.close();
    lane.close();
  }

  /** Doubles what it is asked; each batch waits for a permit. */
  private static final class Doubler implements BatchModel<Integer, Integer> {
    final Semaphore permits = new Semaphore(0);
    final BlockingQueue<List<Integer>> begun = new LinkedBlockingQueue<>();
    final CountDownLatch closed = new CountDownLatch(1);

    static Doubler free() {
      Doubler doubler = new Doubler();
      doubler.permits.release(1_000_000);
      return doubler;
    }

    @Override
    public int maxBatch() {
      return 4;
    }

    @Override
    public Integer sample() {
      return 0;
    }

    @Override
    public List<Integer> compute(List<Integer> questions) {
      begun.add(questions);
      permits.acquireUninterruptibly();
      assertEquals(1, closed.getCount(), "asked after it was closed");
      if (questions.contains(13)) {
        throw new IllegalStateException("thirteen");
      }
      return questions.stream().map(each -> 2 * each).toList();
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private static Lot lot(UUID stream, long inMs) {
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(inMs);
    return new Lot(WORKSPACE, stream, Importance.LASTING, 1, deadlineNs);
  }

  private Asked ask(int question) {
    return queue.ask(lot(new UUID(1, question), 60_000), question, outcomes::add);
  }

  private Outcome<Integer> next() throws InterruptedException {
    Outcome<Integer> outcome = outcomes.poll(LIMIT_S, TimeUnit.SECONDS);
    assertTrue(outcome != null, "no answer");
    return outcome;
  }

  /** In whatever order: two threads compute. */
  private List<Outcome<Integer>> next(int count) throws InterruptedException {
    List<Outcome<Integer>> told = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      told.add(next());
    }
    return told;
  }

  private static Outcome.Answered<Integer> answered(Outcome<Integer> outcome) {
    if (outcome instanceof Outcome.Answered<Integer> answered) {
      return answered;
    }
    throw new AssertionError(outcome);
  }

  private static List<Integer> begun(Doubler model) throws InterruptedException {
    List<Integer> batch = model.begun.poll(LIMIT_S, TimeUnit.SECONDS);
    assertTrue(batch != null, "no batch");
    return batch;
  }

  @Test
  void streamsShareABatchAndEachGetsItsOwnAnswer() throws Exception {
    Doubler model = new Doubler();
    queue.open(model);
    ask(1);
    begun(model);
    for (int i = 2; i <= 5; i++) {
      ask(i);
    }
    model.permits.release(2);
    assertEquals(List.of(2, 3, 4, 5), begun(model));
    Map<Integer, Integer> batchSizes = new TreeMap<>();
    for (Outcome<Integer> outcome : next(5)) {
      Outcome.Answered<Integer> answered = answered(outcome);
      batchSizes.put(answered.answer(), answered.spent().batchSize());
      assertTrue(answered.spent().queueNs() >= 0 && answered.spent().computeNs() > 0);
    }
    assertEquals(Map.of(2, 1, 4, 4, 6, 4, 8, 4, 10, 4), batchSizes);
    assertTrue(ledger.ns(WORKSPACE) > 0);
  }

  @Test
  void aCancelledRequestCostsNothing() throws Exception {
    Doubler model = new Doubler();
    queue.open(model);
    ask(1);
    begun(model);
    Asked second = ask(2);
    ask(3);
    assertTrue(second.cancel().getAsBoolean());
    assertFalse(second.cancel().getAsBoolean());
    model.permits.release(2);
    assertEquals(List.of(3), begun(model));
    Set<Integer> answers =
        next(2).stream().map(outcome -> answered(outcome).answer()).collect(Collectors.toSet());
    assertEquals(Set.of(2, 6), answers);
  }

  @Test
  void whatIsTooLateIsToldSo() throws Exception {
    Doubler model = new Doubler();
    queue.open(model);
    ask(1);
    begun(model);
    queue.ask(lot(new UUID(1, 2), -1), 2, outcomes::add);
    model.permits.release(1);
    List<Outcome<Integer>> both = next(2);
    assertTrue(both.contains(new Outcome.Dropped<Integer>(Drop.LATE)), both::toString);
  }

  @Test
  void aBatchThatFailsIsToldAndTheNextIsComputed() throws Exception {
    queue.open(Doubler.free());
    ask(13);
    assertEquals(new Outcome.Failed<Integer>("thirteen"), next());
    ask(4);
    assertEquals(8, assertInstanceOf(Outcome.Answered.class, next()).answer());
  }

  @Test
  void withoutAModelNothingIsTaken() throws Exception {
    assertFalse(ask(1).isTaken());
    Doubler model = new Doubler();
    queue.open(model);
    ask(1);
    begun(model);
    ask(2);
    model.permits.release(1);
    queue.shut("taken away");
    // The second was waiting, or just begun when the model was to go: then it was finished first.
    model.permits.release(1);
    List<Outcome<Integer>> both = next(2);
    assertTrue(both.stream().anyMatch(Outcome.Answered.class::isInstance), both::toString);
    assertTrue(model.closed.await(LIMIT_S, TimeUnit.SECONDS));
    InferenceReport.ModelState state = queue.state(0);
    assertEquals("taken away", state.reason().orElseThrow());
    assertFalse(ask(3).isTaken());
  }

  @Test
  void anotherModelTakesOverOnceTheBatchIsDone() throws Exception {
    Doubler before = new Doubler();
    queue.open(before);
    ask(1);
    begun(before);
    Doubler after = Doubler.free();
    Thread opening = Thread.ofPlatform().start(() -> queue.open(after));
    assertEquals(1, before.closed.getCount());
    before.permits.release(1);
    assertTrue(opening.join(Duration.ofSeconds(LIMIT_S)));
    assertEquals(0, before.closed.getCount());
    assertEquals(2, assertInstanceOf(Outcome.Answered.class, next()).answer());
    ask(2);
    assertEquals(List.of(2), begun(after));
  }

  private final Map<Integer, Integer> answers = new ConcurrentHashMap<>();
  private final CountDownLatch all = new CountDownLatch(2_000);

  private void note(int question, Outcome<Integer> outcome) {
    if (outcome instanceof Outcome.Answered<Integer> answered) {
      answers.merge(question, answered.answer(), Integer::sum);
    }
    all.countDown();
  }

  @Test
  void manyThreadsGetOneOutcomeForEachQuestion() throws Exception {
    queue.open(Doubler.free());
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int t = 0; t < 4; t++) {
        int first = 1_000 * (t + 1);
        threads.execute(
            () -> {
              for (int i = first; i < first + 500; i++) {
                int question = i;
                Lot lot = lot(new UUID(2, question % 7), 60_000);
                while (!queue.ask(lot, question, outcome -> note(question, outcome)).isTaken()) {
                  Thread.onSpinWait();
                }
              }
            });
      }
      assertTrue(all.await(LIMIT_S, TimeUnit.SECONDS), () -> all.getCount() + " are missing");
    }
    assertEquals(2_000, answers.size());
    answers.forEach((question, answer) -> assertEquals(2 * question, answer));
    InferenceReport.ModelState state = queue.state(0);
    assertEquals(2_000, state.answered());
    assertTrue(state.cost().isPresent() && state.capacity().isPresent());
  }
}
