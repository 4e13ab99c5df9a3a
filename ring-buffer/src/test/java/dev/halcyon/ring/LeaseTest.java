package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {
  private static final long CAPACITY = TestRings.MIB;
  private static final ByteBuffer PAYLOAD = ByteBuffer.allocate(936);
  private static final long RECORD_BYTES = 1000;

  @TempDir Path folder;
  private Ring ring;
  private RingWriter writer;
  private long number;

  @BeforeEach
  void fillOneLap() {
    ring = Ring.create(folder.resolve("ring"), TestRings.options(CAPACITY));
    writer = TestRings.begun(ring);
    append(2 * CAPACITY / RECORD_BYTES);
  }

  @AfterEach
  void close() {
    ring.close();
  }

  private void append(long packets) {
    for (long i = 0; i < packets; i++) {
      TestRings.appendPicture(writer, number++, 10, PAYLOAD);
    }
  }

  private static long inAMinute() {
    return System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
  }

  @Test
  void holdsTheTailWithinTheSlack() {
    long tail = ring.oldestPosition();
    try (Lease lease = ring.lease(tail, inAMinute())) {
      append(RingLayout.slackBytes(CAPACITY) / RECORD_BYTES - 5);
      assertEquals(tail, ring.oldestPosition());
      lease.requireHeld();
      assertEquals(1, ring.stats().heldLeases());
    }
    append(1);
    assertTrue(ring.oldestPosition() > tail + RingLayout.slackBytes(CAPACITY) * 3 / 4);
    assertEquals(0, ring.stats().heldLeases());
  }

  @Test
  void isRevokedWhenTheSlackIsUsedUp() {
    long tail = ring.oldestPosition();
    try (Lease lease = ring.lease(tail, inAMinute())) {
      append(RingLayout.slackBytes(CAPACITY) / RECORD_BYTES + 5);
      assertEquals(Lease.State.REVOKED, lease.state());
      HalcyonException failure = assertThrows(HalcyonException.class, lease::requireHeld);
      assertEquals(ErrorCode.RING_OVERRUN, failure.code());
      assertTrue(failure.getMessage().contains("revoked"));
      assertTrue(ring.oldestPosition() > tail);
      assertEquals(1, ring.stats().revokedLeases());
    }
  }

  @Test
  void endsAtItsDeadline() {
    long tail = ring.oldestPosition();
    try (Lease lease = ring.lease(tail, System.nanoTime())) {
      append(5);
      assertEquals(Lease.State.EXPIRED, lease.state());
      assertTrue(ring.oldestPosition() > tail);
      assertEquals(0, ring.stats().revokedLeases());
    }
  }

  @Test
  void isRefusedForWhatIsGone() {
    HalcyonException failure =
        assertThrows(
            HalcyonException.class, () -> ring.lease(ring.oldestPosition() - 8, inAMinute()));
    assertEquals(ErrorCode.RING_OVERRUN, failure.code());
    assertEquals(0, ring.stats().heldLeases());
  }

  @Test
  void holdsNothingOlderThanItselfAgainstEvictionByTime() {
    long newestUs = (number - 1) * 40_000;
    KeyframeEntry leased = ring.index().atOrBefore(newestUs - 100 * 40_000).orElseThrow();
    try (Lease lease = ring.lease(leased.position(), inAMinute())) {
      ring.resize(CAPACITY, 50 * 40_000);
      append(1);
      assertEquals(leased.position(), ring.oldestPosition());
      append(300);
      assertEquals(leased.position(), ring.oldestPosition());
      lease.requireHeld();
    }
    append(1);
    assertTrue(ring.held().getFirst().fromUs() >= (number - 62) * 40_000);
  }

  @Test
  void aNewerLeaseDoesNotHoldOlderRecords() {
    long tail = ring.oldestPosition();
    long newestUs = (number - 1) * 40_000;
    KeyframeEntry newer = ring.index().atOrBefore(newestUs - 200 * 40_000).orElseThrow();
    try (Lease lease = ring.lease(newer.position(), inAMinute())) {
      append(50);
      assertTrue(ring.oldestPosition() > tail);
      lease.requireHeld();
    }
  }
}
