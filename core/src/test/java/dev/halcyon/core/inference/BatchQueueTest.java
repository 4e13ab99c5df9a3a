package dev.halcyon.core.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class BatchQueueTest {
  private static final UUID ONE = new UUID(0, 1);
  private static final UUID OTHER = new UUID(0, 2);
  private static final BatchLimits LIMITS = new BatchLimits(4, 1_000, 8, 12, 100, 10);

  private final Map<Drop, List<String>> dropped = new HashMap<>();
  private final BatchQueue<String> queue = queue(LIMITS);

  private BatchQueue<String> queue(BatchLimits limits) {
    return new BatchQueue<>(
        limits,
        (request, reason) ->
            dropped.computeIfAbsent(reason, key -> new ArrayList<>()).add(request.work()));
  }

  private static Lot lot(UUID workspace, long deadlineNs) {
    return new Lot(workspace, workspace, Importance.LASTING, 1, deadlineNs);
  }

  private static Lot passing(long deadlineNs) {
    return new Lot(ONE, ONE, Importance.PASSING, 1, deadlineNs);
  }

  private static List<String> works(List<Waiting<String>> batch) {
    return batch.stream().map(Waiting::work).toList();
  }

  @Test
  void waitsForOthersUpToTheLongestWait() {
    assertEquals(OptionalLong.empty(), queue.dueNs());
    queue.offer(lot(ONE, Lot.NO_DEADLINE), "a", 100);
    assertEquals(OptionalLong.of(1_100), queue.dueNs());
    assertEquals(List.of(), queue.poll(1_099));
    assertEquals(List.of("a"), works(queue.poll(1_100)));
    assertEquals(0, queue.depth());
  }

  @Test
  void aFullBatchIsDueAtOnce() {
    for (String each : List.of("a", "b", "c", "d", "e")) {
      queue.offer(lot(ONE, Lot.NO_DEADLINE), each, 100);
    }
    assertEquals(List.of("a", "b", "c", "d"), works(queue.poll(100)));
    assertEquals(List.of(), queue.poll(101), "the fifth waits for others again");
    assertEquals(List.of("e"), works(queue.poll(1_100)));
  }

  @Test
  void theEarliestDeadlineGoesFirst() {
    queue.offer(lot(ONE, 9_000), "late", 0);
    queue.offer(lot(ONE, 3_000), "soon", 0);
    queue.offer(lot(OTHER, 5_000), "between", 0);
    assertEquals(List.of("soon", "between", "late"), works(queue.poll(1_000)));
  }

  @Test
  void aBatchGoesInTimeForItsDeadline() {
    queue.computed(300);
    queue.offer(lot(ONE, 700), "urgent", 0);
    assertEquals(OptionalLong.of(400), queue.dueNs());
  }

  @Test
  void whatNobodyWantsAnyMoreIsNotComputed() {
    queue.offer(lot(ONE, 500), "late", 0);
    queue.offer(lot(ONE, 5_000), "wanted", 0);
    assertEquals(List.of("wanted"), works(queue.poll(1_000)));
    assertEquals(Map.of(Drop.LATE, List.of("late")), dropped);
  }

  @Test
  void aCancelledRequestLeavesAtOnce() {
    Waiting<String> request = queue.offer(lot(ONE, 5_000), "a", 0).request();
    assertTrue(queue.cancel(request));
    assertFalse(queue.cancel(request));
    assertEquals(0, queue.depth());
    assertEquals(List.of(), queue.poll(2_000));
    assertEquals(Map.of(), dropped);
  }

  @Test
  void aBatchHoldsOneBucketOfLengths() {
    for (int length : new int[] {1, 10, 11, 20, 5}) {
      queue.offer(new Lot(ONE, ONE, Importance.LASTING, length, 9_000), "of " + length, 0);
    }
    assertEquals(List.of("of 1", "of 10", "of 5"), works(queue.poll(1_000)));
    assertEquals(List.of("of 11", "of 20"), works(queue.poll(1_000)));
  }

  @Test
  void passingWorkIsRefusedBeforeLastingWork() {
    for (int i = 0; i < LIMITS.softLimit(); i++) {
      queue.offer(lot(ONE, 9_000), "w" + i, 0);
    }
    Admission refused = queue.offer(passing(9_000), "frame", 0).admission();
    assertEquals(
        Admission.Reason.BUSY, assertInstanceOf(Admission.Rejected.class, refused).reason());
    assertEquals(new Admission.Queued(2), queue.offer(lot(ONE, 9_000), "keyframe", 0).admission());
  }

  @Test
  void passingWorkGivesWayWhenAllIsFull() {
    queue.offer(passing(7_000), "soon", 0);
    queue.offer(passing(9_000), "later", 0);
    while (queue.depth() < LIMITS.hardLimit()) {
      queue.offer(lot(ONE, 9_000), "w", 0);
    }
    queue.offer(lot(OTHER, 9_000), "keyframe", 0);
    assertEquals(Map.of(Drop.SHED, List.of("later")), dropped);
    queue.offer(lot(OTHER, 9_000), "keyframe", 0);
    queue.computed(2_000_000);
    Admission full = queue.offer(lot(OTHER, 9_000), "keyframe", 0).admission();
    assertEquals(new Admission.Rejected(Admission.Reason.FULL, 8), full, "four batches of 2 ms");
  }

  @Test
  void aWorkspaceHasItsOwnLimit() {
    BatchQueue<String> narrow = queue(new BatchLimits(4, 1_000, 8, 12, 2, 1));
    narrow.offer(lot(ONE, 9_000), "a", 0);
    narrow.offer(lot(ONE, 9_000), "b", 0);
    Admission third = narrow.offer(lot(ONE, 9_000), "c", 0).admission();
    assertEquals(
        Admission.Reason.WORKSPACE_FULL,
        assertInstanceOf(Admission.Rejected.class, third).reason());
    assertEquals(new Admission.Admitted(), narrow.offer(lot(OTHER, 9_000), "d", 0).admission());
  }

  @Test
  void aClosedQueueTakesNothingAndKeepsNothing() {
    queue.offer(lot(ONE, 9_000), "a", 0);
    queue.close();
    assertEquals(Map.of(Drop.CLOSED, List.of("a")), dropped);
    Admission after = queue.offer(lot(ONE, 9_000), "b", 0).admission();
    assertEquals(
        Admission.Reason.CLOSED, assertInstanceOf(Admission.Rejected.class, after).reason());
  }

  /** However the streams ask, nobody who waits all the time falls behind by more than a batch. */
  @Test
  void nobodyIsServedFarAheadOfOthersThatWait() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    BatchLimits limits = new BatchLimits(1 + random.nextInt(8), 1_000, 500, 500, 500, 1);
    BatchQueue<String> fair = queue(limits);
    Map<UUID, Integer> served = new HashMap<>();
    long nowNs = 0;
    for (int round = 0; round < 200; round++) {
      // One floods with tight deadlines; three always have a batch waiting, all of them patient.
      for (int i = 0; i < 4; i++) {
        UUID workspace = new UUID(1, i);
        int wanted = i == 0 ? 100 : limits.maxBatch() + 1;
        for (int held = served.getOrDefault(workspace, 0); held < wanted; held++) {
          long patienceNs = i == 0 ? 10_000_000 : 1_000_000_000;
          fair.offer(lot(workspace, nowNs + patienceNs + random.nextInt(1_000)), "", nowNs);
        }
        served.put(workspace, wanted);
      }
      Map<UUID, Integer> total = new HashMap<>();
      nowNs += 1_000;
      for (Waiting<String> each : fair.poll(nowNs)) {
        served.merge(each.lot().workspaceId(), -1, Integer::sum);
        total.merge(each.lot().workspaceId(), 1, Integer::sum);
      }
      total.forEach((workspace, count) -> counts.merge(workspace, count, Integer::sum));
    }
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    int least = counts.values().stream().mapToInt(Integer::intValue).min().orElseThrow();
    assertEquals(4, counts.size(), "seed " + seed);
    assertTrue(most - least <= limits.maxBatch(), counts + ", seed " + seed);
  }

  private final Map<UUID, Integer> counts = new HashMap<>();

  /** Each request that was taken has exactly one end: computed, dropped, cancelled, or it waits. */
  @Test
  void losesNothingAndInventsNothing() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Set<String> ended = new HashSet<>();
    BatchQueue<String> any =
        new BatchQueue<>(
            new BatchLimits(5, 50, 20, 30, 25, 7),
            (request, reason) -> assertTrue(ended.add(request.work()), "twice, seed " + seed));
    List<Waiting<String>> taken = new ArrayList<>();
    long nowNs = 0;
    for (int i = 0; i < 20_000; i++) {
      nowNs += random.nextInt(30);
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          Lot lot =
              new Lot(
                  new UUID(0, random.nextInt(3)),
                  new UUID(1, random.nextInt(9)),
                  random.nextBoolean() ? Importance.PASSING : Importance.LASTING,
                  1 + random.nextInt(20),
                  random.nextInt(9) == 0 ? Lot.NO_DEADLINE : nowNs + random.nextInt(2_000));
          BatchQueue.Offer<String> offer = any.offer(lot, "r" + i, nowNs);
          boolean isRejected = offer.admission() instanceof Admission.Rejected;
          assertEquals(isRejected, offer.request() == null);
          if (!isRejected) {
            taken.add(offer.request());
          }
        }
        case 2 -> {
          if (!taken.isEmpty()) {
            Waiting<String> one = taken.get(random.nextInt(taken.size()));
            boolean wasThere = any.cancel(one);
            assertTrue(!wasThere || ended.add(one.work()), "twice, seed " + seed);
          }
        }
        default -> {
          List<Waiting<String>> batch = any.poll(nowNs);
          assertTrue(batch.size() <= 5);
          for (Waiting<String> each : batch) {
            assertTrue(ended.add(each.work()), "twice, seed " + seed);
            assertEquals(
                any.limits().bucketOf(batch.getFirst().lot().length()),
                any.limits().bucketOf(each.lot().length()));
          }
        }
      }
      assertTrue(any.depth() <= 30);
      assertEquals(taken.size(), ended.size() + any.depth(), "seed " + seed);
    }
  }
}
