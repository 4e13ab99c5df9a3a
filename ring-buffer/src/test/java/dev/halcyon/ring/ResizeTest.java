package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.ring.RingCursor.Next;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResizeTest {
  private static final long SMALL = 128 << 10;
  private static final long LARGE = 512 << 10;
  static final int LARGEST_BYTES = 3000;

  /** A record, and a step of the tail: what two rings may differ by in what they hold. */
  private static final long TOLERANCE = 6;

  @TempDir Path folder;
  private Ring ring;
  private RingWriter writer;
  private long number;

  @AfterEach
  void close() {
    if (ring != null) {
      ring.close();
    }
  }

  private void create(long capacityBytes) {
    ring = Ring.create(folder.resolve("ring"), TestRings.options(capacityBytes));
    writer = TestRings.begun(ring);
  }

  static int length(long number) {
    return (int) (number * 739 % LARGEST_BYTES);
  }

  private void append(long packets) {
    for (long i = 0; i < packets; i++) {
      append(writer, number++);
    }
  }

  static void append(RingWriter writer, long number) {
    TestRings.appendPicture(writer, number, 10, TestRings.payload(number, length(number)));
  }

  /** Appends about so many bytes. */
  private void appendBytes(long bytes) {
    long until = ring.committedPosition() + bytes;
    while (ring.committedPosition() < until) {
      append(1);
    }
  }

  private static long oldest(Ring ring) {
    return ring.held().getFirst().fromUs() / 40_000;
  }

  /** Every packet from the oldest to the newest, right; answers how many. */
  private long assertWhole() {
    return assertWhole(ring, number - 1);
  }

  static long assertWhole(Ring ring, long newest) {
    ByteBuffer target = ByteBuffer.allocate(LARGEST_BYTES);
    long last = -1;
    long count = 0;
    try (RingCursor cursor = ring.cursor()) {
      for (Next next = cursor.next(); next != Next.NOTHING_YET; next = cursor.next()) {
        assertTrue(next != Next.OVERRUN, "a hole");
        if (next == Next.PACKET) {
          long found = cursor.ptsUs() / 40_000;
          assertTrue(last < 0 || found == last + 1, "after " + last + " comes " + found);
          assertTrue(cursor.copyPayload(target.clear()));
          assertEquals(TestRings.payload(found, length(found)), target.flip());
          last = found;
          count++;
        }
      }
    }
    assertEquals(newest, last);
    return count;
  }

  private void resize(long capacityBytes) {
    ring.resize(capacityBytes, TestRings.HOUR_US);
  }

  @Test
  void growsAtOnceBeforeTheFirstWrap() {
    create(SMALL);
    appendBytes(SMALL / 2);
    resize(LARGE);
    assertEquals(LARGE, ring.stats().targetCapacityBytes());
    append(1);
    assertEquals(LARGE, ring.capacityBytes());
    appendBytes(LARGE / 2);
    assertEquals(number, assertWhole(), "nothing is evicted");
  }

  @Test
  void growsAtTheEndOfALap() {
    create(SMALL);
    appendBytes(SMALL * 5 / 2);
    resize(LARGE);
    append(1);
    assertEquals(SMALL, ring.capacityBytes(), "in the middle of a lap");
    assertEquals(LARGE, ring.stats().targetCapacityBytes());
    appendBytes(SMALL / 2 + LARGEST_BYTES);
    assertEquals(LARGE, ring.capacityBytes());
    long oldest = oldest(ring);
    appendBytes(LARGE - SMALL * 3 / 2);
    assertEquals(oldest, oldest(ring), "the new room is filled before anything else is evicted");
    appendBytes(3 * LARGE);
    assertWhole();
  }

  @Test
  void shrinksWhereTheSmallerLapEnds() {
    create(LARGE);
    appendBytes(3 * LARGE + LARGE / 2);
    resize(SMALL);
    appendBytes(LARGE / 4);
    assertEquals(LARGE, ring.capacityBytes(), "this lap is beyond the smaller one's end");
    appendBytes(LARGE / 4 + SMALL + 2 * LARGEST_BYTES);
    assertEquals(SMALL, ring.capacityBytes());
    assertTrue(assertWhole() * LARGEST_BYTES / 2 > SMALL / 2);
    appendBytes(3 * SMALL);
    assertWhole();
  }

  /** Beside the ring run two that never change; what both of them hold, the ring holds. */
  private void followsTwins(long from, long to, long startBytes) {
    try (Ring one = Ring.create(folder.resolve("from"), TestRings.options(from));
        Ring other = Ring.create(folder.resolve("to"), TestRings.options(to))) {
      create(from);
      RingWriter oneWriter = TestRings.begun(one);
      RingWriter otherWriter = TestRings.begun(other);
      boolean isAsked = false;
      while (ring.committedPosition() < startBytes + 3 * LARGE) {
        if (!isAsked && ring.committedPosition() >= startBytes) {
          resize(to);
          isAsked = true;
        }
        append(oneWriter, number);
        append(otherWriter, number);
        append(1);
        long both = Math.max(oldest(one), oldest(other));
        assertTrue(
            oldest(ring) <= both + TOLERANCE,
            () -> "at " + number + " holds from " + oldest(ring) + ", both from " + both);
      }
      assertEquals(to, ring.capacityBytes());
      assertTrue(Math.abs(oldest(ring) - oldest(other)) <= TOLERANCE + to / LARGEST_BYTES / 8);
      assertWhole();
    }
  }

  @Test
  void growingKeepsWhatBothSizesHold() {
    followsTwins(SMALL, LARGE, SMALL * 7 / 3);
  }

  @Test
  void shrinkingKeepsWhatBothSizesHold() {
    followsTwins(LARGE, SMALL, LARGE * 7 / 3);
  }

  @Test
  void shrinkingInTheFirstLapKeepsWhatBothSizesHold() {
    followsTwins(LARGE, SMALL, LARGE / 2);
  }

  @Test
  void shrinkingInTheSmallersFirstLapKeepsWhatBothSizesHold() {
    followsTwins(LARGE, SMALL, SMALL / 2);
  }

  @Test
  void aReaderFollowsThroughEveryChange() {
    create(SMALL);
    long[] sizes = {LARGE, SMALL, SMALL * 2, LARGE * 2, SMALL, LARGE};
    try (RingCursor cursor = ring.cursor()) {
      ByteBuffer target = ByteBuffer.allocate(LARGEST_BYTES);
      for (long size : sizes) {
        resize(size);
        long until = number + 2500;
        while (number < until) {
          append(1);
          Next next = cursor.next();
          while (next != Next.PACKET) {
            assertTrue(next == Next.EPOCH || next == Next.CONFIGURATION, next.toString());
            next = cursor.next();
          }
          assertEquals(number - 1, cursor.ptsUs() / 40_000);
          assertTrue(cursor.copyPayload(target.clear()));
          assertEquals(TestRings.payload(number - 1, length(number - 1)), target.flip());
        }
        assertEquals(size, ring.capacityBytes());
      }
    }
  }

  @Test
  void theNewestWishCounts() {
    create(SMALL);
    appendBytes(SMALL * 5 / 2);
    resize(LARGE);
    resize(SMALL * 2);
    assertEquals(SMALL * 2, ring.stats().targetCapacityBytes());
    appendBytes(SMALL * 4);
    assertEquals(SMALL * 2, ring.capacityBytes());
    resize(LARGE);
    resize(SMALL * 2);
    assertEquals(SMALL * 2, ring.stats().targetCapacityBytes());
    appendBytes(SMALL * 8);
    assertEquals(SMALL * 2, ring.capacityBytes());
    assertWhole();
  }

  @Test
  void secondsCountFromTheNextPacketOn() {
    create(LARGE);
    appendBytes(LARGE / 2);
    long held = assertWhole();
    ring.resize(LARGE, 40_000L * held / 2);
    append(1);
    assertTrue(assertWhole() < held / 2 + 15);
  }

  @Test
  void isSettledWithoutAWriter() {
    create(LARGE);
    appendBytes(SMALL / 2);
    writer.close();
    resize(SMALL);
    assertEquals(SMALL, ring.capacityBytes());
    resize(LARGE);
    assertEquals(LARGE, ring.capacityBytes());
    assertEquals(number, assertWhole());
    ring.writer().beginEpoch(1, 0, 0);
  }

  @Test
  void openingResizesToWhatIsAsked() {
    create(SMALL);
    appendBytes(SMALL / 2);
    ring.close();
    ring = Ring.open(folder.resolve("ring"), TestRings.options(LARGE));
    assertEquals(LARGE, ring.capacityBytes());
    assertEquals(number, assertWhole());
  }

  @Test
  void aPacketTooLargeForTheSmallerSizeIsRefusedAndCostsNothing() {
    create(LARGE);
    appendBytes(LARGE * 3 / 2);
    appendBytes(LARGE / 2 + SMALL / 4);
    resize(SMALL);
    ByteBuffer tooLarge = ByteBuffer.allocate(RingLayout.maxPayloadBytes(LARGE));
    HalcyonException failure =
        assertThrows(HalcyonException.class, () -> TestRings.appendPicture(writer, 0, 1, tooLarge));
    assertEquals(ErrorCode.PAYLOAD_TOO_LARGE, failure.code());
    append(1);
    assertWhole();
  }

  @Test
  void aLeaseOnALapThatDoesNotFitIsRevoked() {
    create(LARGE);
    appendBytes(LARGE * 3 / 2);
    resize(SMALL);
    appendBytes(LARGE / 2);
    long deadlineNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    long newest = ring.index().newest().orElseThrow().position();
    try (Lease old = ring.lease(ring.oldestPosition(), deadlineNs);
        Lease recent = ring.lease(newest, deadlineNs)) {
      while (ring.capacityBytes() != SMALL) {
        append(1);
      }
      assertEquals(Lease.State.REVOKED, old.state());
      assertTrue(newest < ring.oldestPosition() ? !recent.isGranted() : recent.isGranted());
    }
    assertWhole();
  }

  @Test
  void isRefusedWhenTheDiskHasNoRoomAndNothingChanges() {
    long spaceBytes = SMALL + (64 << 10);
    ring =
        Ring.create(
            folder.resolve("ring"),
            new RingOptions(SMALL, TestRings.HOUR_US)
                .withAllocation(64 << 10, limitedTo(spaceBytes)));
    writer = TestRings.begun(ring);
    appendBytes(SMALL * 3 / 2);
    assertTrue(ring.stats().allocatedBytes() > SMALL);
    HalcyonException failure = assertThrows(HalcyonException.class, () -> resize(LARGE));
    assertEquals(ErrorCode.INSUFFICIENT_STORAGE, failure.code());
    assertEquals(SMALL, ring.stats().targetCapacityBytes());
    appendBytes(SMALL * 3);
    assertEquals(SMALL, ring.capacityBytes());
    assertFalse(ring.stats().isShrunk());
    assertWhole();
  }

  private static SpaceAllocator limitedTo(long spaceBytes) {
    return (file, offsetBytes, lengthBytes) -> {
      if (offsetBytes + lengthBytes > spaceBytes) {
        throw new IOException("no space left");
      }
    };
  }

  @Test
  void growsAsFarAsTheDiskGoesAndTriesAgain() {
    long[] spaceBytes = {SMALL * 2};
    ring =
        Ring.create(
            folder.resolve("ring"),
            new RingOptions(SMALL, TestRings.HOUR_US)
                .withAllocation(
                    64 << 10,
                    (file, offsetBytes, lengthBytes) ->
                        limitedTo(spaceBytes[0]).allocate(file, offsetBytes, lengthBytes)));
    writer = TestRings.begun(ring);
    appendBytes(SMALL * 3 / 2);
    resize(LARGE);
    appendBytes(SMALL * 8);
    assertTrue(ring.stats().isShrunk());
    assertEquals(LARGE, ring.stats().targetCapacityBytes());
    assertTrue(ring.capacityBytes() > SMALL && ring.capacityBytes() < SMALL * 2);
    assertWhole();
    spaceBytes[0] = LARGE * 2;
    resize(LARGE);
    appendBytes(LARGE * 2);
    assertFalse(ring.stats().isShrunk());
    assertEquals(LARGE, ring.capacityBytes());
    assertWhole();
  }

  @Test
  void whatASmallerSizeDoesNotNeedIsGivenBackToTheDisk() throws Exception {
    long large = 8 * TestRings.MIB;
    Path path = folder.resolve("ring");
    ring =
        Ring.create(
            path,
            new RingOptions(large, TestRings.HOUR_US)
                .withAllocation(TestRings.MIB, SpaceAllocator.ofThisPlatform()));
    writer = TestRings.begun(ring);
    appendBytes(large * 3 / 2);
    boolean canTell = blocksBytes(path) >= large;
    if (!canTell) {
      System.out.println("skipped: cannot tell how many blocks a file has");
    }
    assumeTrue(canTell, "cannot tell how many blocks a file has");
    resize(SMALL);
    appendBytes(large / 2 + 3 * SMALL);
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (blocksBytes(path) > 3 * SMALL && System.nanoTime() < deadlineNs) {
      LockSupport.parkNanos(5_000_000);
    }
    assertTrue(blocksBytes(path) <= 3 * SMALL, "still takes " + blocksBytes(path));
    assertTrue(ring.stats().allocatedBytes() <= 3 * SMALL);
    resize(large);
    appendBytes(2 * large);
    assertEquals(large, ring.capacityBytes());
    assertWhole();
  }

  /** What the file takes from the disk; −1 when this system cannot tell. */
  private static long blocksBytes(Path file) throws Exception {
    Process stat =
        new ProcessBuilder("stat", "-c", "%b", file.toString()).redirectErrorStream(true).start();
    try (BufferedReader lines = stat.inputReader()) {
      String line = lines.readLine();
      return stat.waitFor() == 0 ? Long.parseLong(line) * 512 : -1;
    }
  }
}
