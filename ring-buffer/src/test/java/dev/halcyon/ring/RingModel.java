package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a ring must do, as simply as can be said: a list of all that was appended, and what may be
 * missing from its beginning.
 */
final class RingModel {
  /** The tail goes by steps of 1/256 of a capacity; a record more or less of each kind. */
  private static final long STEP_BYTES = RingModelTest.LARGEST_CAPACITY >> 8;

  private static final long RECORDS_BYTES =
      3 * RingLayout.recordBytes(RingModelTest.LARGEST_PAYLOAD);

  /** Pictures come out of order by this much. */
  private static final long REORDER_US = 100_000;

  record Packet(
      long position,
      int epoch,
      int track,
      boolean isKeyframe,
      long ptsUs,
      long dtsUs,
      long arrivalUs,
      int length) {}

  private final List<Packet> appended = new ArrayList<>();
  private final ByteBuffer target = ByteBuffer.allocate(RingModelTest.LARGEST_PAYLOAD);
  private long tail;
  private long newestDtsUs = Long.MIN_VALUE;

  int count() {
    return appended.size();
  }

  long newestUs() {
    return Math.max(0, newestDtsUs);
  }

  ByteBuffer payload(int index, int length) {
    return TestRings.payload(index, length);
  }

  /**
   * A packet was appended: the tail moved no further than the sizes in force made it.
   *
   * @param leastCapacity of those in force and asked for, before and after
   */
  void onAppended(Ring ring, Packet packet, long leastCapacity, long capacityUs) {
    appended.add(packet);
    newestDtsUs = Math.max(newestDtsUs, packet.dtsUs());
    long end = ring.committedPosition();
    long byBytes =
        end - (leastCapacity - RingLayout.slackBytes(leastCapacity)) + STEP_BYTES + RECORDS_BYTES;
    long allowed = Math.max(tail, Math.max(byBytes, byTime(newestDtsUs - capacityUs)));
    long now = ring.oldestPosition();
    assertTrue(now >= tail, "the tail went back");
    assertTrue(now <= allowed, () -> "evicted up to " + now + ", allowed " + allowed);
    tail = now;
  }

  /** Something else than a packet was appended, which makes room by bytes only. */
  void onOther(Ring ring, long leastCapacity) {
    long end = ring.committedPosition();
    long byBytes =
        end - (leastCapacity - RingLayout.slackBytes(leastCapacity)) + STEP_BYTES + RECORDS_BYTES;
    assertTrue(ring.oldestPosition() <= Math.max(tail, byBytes));
    tail = ring.oldestPosition();
  }

  /** Where the first packet is that is surely not older than a horizon. */
  private long byTime(long horizonUs) {
    for (int index = indexOf(tail); index < appended.size(); index++) {
      if (appended.get(index).ptsUs() >= horizonUs + REORDER_US) {
        return appended.get(index).position();
      }
    }
    return Long.MAX_VALUE;
  }

  /** A lease's end is right: it was over, or it held more than can be. */
  void assertEnded(Lease lease, Ring ring, long leastCapacity, boolean isOver) {
    switch (lease.state()) {
      case HELD -> assertTrue(ring.oldestPosition() <= lease.fromPosition() && !isOver);
      case EXPIRED -> assertTrue(isOver);
      case REVOKED ->
          assertTrue(
              lease.fromPosition() < ring.committedPosition() - leastCapacity + RECORDS_BYTES,
              "revoked too early");
      case CLOSED -> throw new AssertionError("nobody closed it");
    }
  }

  /** The first packet at or after a position. */
  int indexOf(long position) {
    int low = 0;
    int high = appended.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (appended.get(middle).position() < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * The cursor gave a packet: it is that one.
   *
   * @param expected its index; −1 when it may be any
   * @return its index
   */
  int assertGave(RingCursor cursor, int expected) {
    int index = expected >= 0 ? expected : indexOf(cursor.position());
    Packet packet = appended.get(index);
    Packet found =
        new Packet(
            cursor.position(),
            cursor.epoch(),
            cursor.track(),
            cursor.isKeyframe(),
            cursor.ptsUs(),
            cursor.dtsUs(),
            cursor.arrivalUs(),
            cursor.payloadLength());
    assertEquals(packet, found);
    assertEquals(
        packet.track() == 0 ? TestRings.VIDEO : TestRings.AUDIO, cursor.trackConfiguration());
    assertTrue(cursor.copyPayload(target.clear()));
    assertEquals(payload(index, packet.length()), target.flip());
    return index;
  }

  /** All that is held, read once: from the tail to the newest without a hole. */
  void assertHolds(Ring ring) {
    try (RingCursor cursor = ring.cursor()) {
      int next = indexOf(ring.oldestPosition());
      RingCursor.Next found = cursor.next();
      while (found != RingCursor.Next.NOTHING_YET) {
        assertTrue(found != RingCursor.Next.OVERRUN, "a hole");
        if (found == RingCursor.Next.PACKET) {
          assertEquals(next, assertGave(cursor, next));
          next++;
        }
        found = cursor.next();
      }
      assertEquals(appended.size(), next);
    }
  }
}
