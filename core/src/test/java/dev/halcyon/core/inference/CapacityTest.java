package dev.halcyon.core.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class CapacityTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

  private final ComputeMeter meter = new ComputeMeter();

  @Test
  void learnsTheFixedPartAndThatOfEachRequest() {
    assertThrows(IllegalStateException.class, meter::cost);
    for (int i = 0; i < 100; i++) {
      int size = 1 + i % 16;
      meter.learn(size, 200_000 + size * 50_000L);
    }
    assertEquals(200_000, meter.cost().fixedNs(), 1);
    assertEquals(50_000, meter.cost().perRequestNs(), 0.1);
    assertEquals(1_000_000, meter.cost().ofBatchNs(16), 10);
  }

  @Test
  void batchesOfOneSizeAreCountedByTheirRequests() {
    meter.learn(4, 400);
    assertEquals(new ComputeMeter.Cost(0, 100), meter.cost());
  }

  @Test
  void followsAMachineThatBecomesSlower() {
    for (int i = 0; i < 3_000; i++) {
      long factor = i < 1_000 ? 1 : 3;
      meter.learn(1 + i % 8, factor * (1 + i % 8) * 1_000L);
    }
    assertEquals(3_000, meter.cost().perRequestNs(), 10);
  }

  @Test
  void tellsHowBusyAThreadIs() {
    long nowNs = 0;
    for (int i = 0; i < 10_000; i++) {
      nowNs += 10 * MS;
      meter.add(1, 4 * MS, nowNs);
    }
    assertEquals(0.4, meter.busy(nowNs), 0.01);
    assertEquals(0, meter.busy(nowNs + 120_000 * MS), 0.001);
  }

  @Test
  void asManyStreamsFitAsKeepTheThreadsUnderSeventyPercent() {
    ComputeMeter.Cost cost = new ComputeMeter.Cost(0, MS);
    BatchLimits limits = BatchLimits.of(4);
    Capacity.Need need = new Capacity.Need(10, 100 * MS);
    // A stream takes a hundredth of a thread.
    assertEquals(140, Capacity.of(need, cost, limits, 2, 0).moreStreams());
    assertEquals(40, Capacity.of(need, cost, limits, 2, 1).moreStreams());
    assertEquals(0, Capacity.of(need, cost, limits, 2, 1.6).moreStreams());
    assertEquals(10 * MS, Capacity.of(need, cost, limits, 2, 0).worstNs());
  }

  @Test
  void noStreamFitsWhereTheDeadlineIsNotKept() {
    ComputeMeter.Cost cost = new ComputeMeter.Cost(100 * MS, 0);
    Capacity.Need need = new Capacity.Need(1, 150 * MS);
    assertEquals(
        new Capacity(0, 202 * MS, false), Capacity.of(need, cost, BatchLimits.of(1), 8, 0));
  }
}
