package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.ring.RingCursor.Next;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingTest {
  @TempDir Path folder;

  private Ring ring(long capacityBytes) {
    return Ring.create(folder.resolve("ring"), TestRings.options(capacityBytes));
  }

  private static byte[] read(RingCursor cursor) {
    ByteBuffer target = ByteBuffer.allocate(cursor.payloadLength());
    assertTrue(cursor.copyPayload(target));
    return target.array();
  }

  private static Next nextPacket(RingCursor cursor) {
    while (true) {
      Next next = cursor.next();
      if (next != Next.EPOCH && next != Next.CONFIGURATION) {
        return next;
      }
    }
  }

  @Test
  void givesBackEveryFieldOfAPacket() {
    try (Ring ring = ring(TestRings.MIB);
        RingWriter writer = TestRings.begun(ring);
        RingCursor cursor = ring.cursor()) {
      writer.append(0, true, 80_000, 40_000, 33_333, 77, TestRings.payload(1, 999));
      writer.append(1, false, 5, 5, 21_333, 78, TestRings.payload(2, 7));

      assertEquals(Next.EPOCH, cursor.next());
      assertEquals(0, cursor.epoch());
      assertEquals(TestRings.WALL_US, cursor.anchorWallUs());
      assertEquals(Next.CONFIGURATION, cursor.next());
      assertEquals(TestRings.VIDEO, cursor.trackConfiguration());
      assertEquals(Next.CONFIGURATION, cursor.next());
      assertEquals(TestRings.AUDIO, cursor.trackConfiguration());
      assertEquals(Next.PACKET, cursor.next());
      assertEquals(0, cursor.track());
      assertTrue(cursor.isKeyframe());
      assertEquals(80_000, cursor.ptsUs());
      assertEquals(40_000, cursor.dtsUs());
      assertEquals(33_333, cursor.durationUs());
      assertEquals(77, cursor.arrivalUs());
      assertEquals(3, cursor.seq());
      assertArrayEquals(TestRings.payload(1, 999).array(), read(cursor));
      assertEquals(Next.PACKET, cursor.next());
      assertEquals(1, cursor.track());
      assertFalse(cursor.isKeyframe());
      assertEquals(TestRings.AUDIO, cursor.trackConfiguration());
      assertArrayEquals(TestRings.payload(2, 7).array(), read(cursor));
      assertEquals(Next.NOTHING_YET, cursor.next());
    }
  }

  @Test
  void takesHeapDirectAndReadOnlyPayloadsAndLeavesTheirPositions() {
    try (Ring ring = ring(TestRings.MIB);
        RingWriter writer = TestRings.begun(ring);
        RingCursor cursor = ring.cursor()) {
      byte[] bytes = TestRings.payload(3, 10_000).array();
      ByteBuffer direct = ByteBuffer.allocateDirect(10_100).position(50).put(bytes).flip();
      direct.position(50);
      for (ByteBuffer payload :
          List.of(
              ByteBuffer.wrap(bytes),
              direct,
              ByteBuffer.wrap(bytes).asReadOnlyBuffer(),
              direct.duplicate().asReadOnlyBuffer())) {
        int position = payload.position();
        writer.append(1, false, 0, 0, 0, 0, payload);
        assertEquals(position, payload.position());
        assertEquals(10_000, payload.remaining());
        assertEquals(Next.PACKET, nextPacket(cursor));
        ByteBuffer target = ByteBuffer.allocateDirect(20_000).position(3);
        assertTrue(cursor.copyPayload(target));
        assertEquals(ByteBuffer.wrap(bytes), target.flip().position(3));
      }
    }
  }

  @Test
  void wrapsAndKeepsTheNewestRecords() {
    try (Ring ring = ring(64 << 10);
        RingWriter writer = TestRings.begun(ring)) {
      for (int i = 0; i < 1000; i++) {
        TestRings.appendPicture(writer, i, 5, TestRings.payload(i, 1 + i * 37 % 4000));
      }
      try (RingCursor cursor = ring.cursor()) {
        long first = -1;
        long last = -1;
        while (nextPacket(cursor) == Next.PACKET) {
          long number = cursor.ptsUs() / 40_000;
          assertTrue(last < 0 || number == last + 1, "in order");
          assertArrayEquals(
              TestRings.payload(number, (int) (1 + number * 37 % 4000)).array(), read(cursor));
          first = first < 0 ? number : first;
          last = number;
        }
        assertEquals(999, last);
        assertTrue(first > 950 && first < 990, "first " + first);
        assertEquals(
            List.of(new HeldRange(0, first * 40_000, 1000 * 40_000, 0, TestRings.WALL_US)),
            ring.held());
      }
    }
  }

  @Test
  void tellsASlowCursorHowMuchItMissed() {
    try (Ring ring = ring(64 << 10);
        RingWriter writer = TestRings.begun(ring);
        RingCursor cursor = ring.cursor()) {
      TestRings.appendPicture(writer, 0, 5, TestRings.payload(0, 1000));
      assertEquals(Next.PACKET, nextPacket(cursor));
      long stoodAt = cursor.position();
      for (int i = 1; i < 200; i++) {
        TestRings.appendPicture(writer, i, 5, TestRings.payload(i, 1000));
      }
      assertFalse(cursor.isIntact());
      assertFalse(cursor.copyPayload(ByteBuffer.allocate(1000)));
      assertEquals(Next.OVERRUN, cursor.next());
      assertEquals(
          ring.oldestPosition() - stoodAt - RingLayout.recordBytes(1000), cursor.missedBytes());
      assertEquals(Next.EPOCH, cursor.next());
      assertEquals(Next.CONFIGURATION, cursor.next());
      assertEquals(Next.CONFIGURATION, cursor.next());
      assertEquals(Next.PACKET, cursor.next());
      assertEquals(cursor.ptsUs() - 40_000, cursor.missedUs());
    }
  }

  @Test
  void evictsBySecondsAtAKeyframe() {
    RingOptions options =
        new RingOptions(TestRings.MIB, 2_000_000)
            .withAllocation(TestRings.MIB, (file, offsetBytes, lengthBytes) -> {});
    try (Ring ring = Ring.create(folder.resolve("ring"), options);
        RingWriter writer = TestRings.begun(ring)) {
      for (int i = 0; i < 200; i++) {
        TestRings.appendPicture(writer, i, 10, TestRings.payload(i, 100));
      }
      long newestUs = 199 * 40_000;
      HeldRange held = ring.held().getFirst();
      assertEquals((newestUs - 2_000_000) / 400_000 * 400_000, held.fromUs());
      try (RingCursor cursor = ring.cursor()) {
        assertEquals(Next.PACKET, nextPacket(cursor));
        assertEquals(held.fromUs(), cursor.ptsUs());
        assertTrue(cursor.isKeyframe());
      }
    }
  }

  @Test
  void repeatsConfigurationsSoThatEveryWindowDecodes() {
    try (Ring ring = ring(64 << 10);
        RingWriter writer = TestRings.begun(ring)) {
      for (int i = 0; i < 500; i++) {
        TestRings.appendPicture(writer, i, 50, TestRings.payload(i, 1000));
      }
      try (RingCursor cursor = ring.cursor()) {
        cursor.seek(ring.index().newest().orElseThrow().position());
        assertEquals(Next.EPOCH, cursor.next());
        assertEquals(Next.CONFIGURATION, cursor.next());
        assertEquals(TestRings.VIDEO, cursor.trackConfiguration());
        assertEquals(Next.CONFIGURATION, cursor.next());
        assertEquals(Next.PACKET, cursor.next());
        assertTrue(cursor.isKeyframe());
        while (cursor.next() != Next.NOTHING_YET) {
          assertEquals(TestRings.VIDEO, cursor.trackConfiguration());
        }
      }
    }
  }

  @Test
  void largeConfigurationsAreNotRepeatedWithEachPacket() {
    Bytes large = Bytes.copyOf(TestRings.payload(1, 9_000).array());
    try (Ring ring = ring(64 << 10);
        RingWriter writer = ring.writer()) {
      writer.beginEpoch(0, 0, 0);
      writer.configure(new Track(0, new VideoFormat(Codec.H264, 1280, 720, large)));
      for (int i = 0; i < 100; i++) {
        writer.append(0, false, i, i, 0, 0, TestRings.payload(i, 36));
      }
      assertTrue(ring.committedPosition() < 3 * 9_100 + 100 * 100, "repeated all the time");
    }
  }

  @Test
  void givesANewConfigurationWhereItBegins() {
    Track larger = new Track(0, new VideoFormat(Codec.H264, 1920, 1080, Bytes.EMPTY));
    try (Ring ring = ring(TestRings.MIB);
        RingWriter writer = TestRings.begun(ring);
        RingCursor cursor = ring.cursor()) {
      TestRings.appendPicture(writer, 0, 1, TestRings.payload(0, 10));
      writer.configure(TestRings.VIDEO);
      writer.configure(larger);
      TestRings.appendPicture(writer, 1, 1, TestRings.payload(1, 10));
      assertEquals(Next.PACKET, nextPacket(cursor));
      assertEquals(TestRings.VIDEO, cursor.trackConfiguration());
      assertEquals(Next.CONFIGURATION, cursor.next());
      assertEquals(larger, cursor.trackConfiguration());
      assertEquals(Next.PACKET, cursor.next());
      assertEquals(Next.NOTHING_YET, cursor.next());
    }
  }

  @Test
  void keepsEpochsApart() {
    try (Ring ring = ring(TestRings.MIB);
        RingWriter writer = TestRings.begun(ring);
        RingCursor cursor = ring.cursor()) {
      TestRings.appendPicture(writer, 0, 1, TestRings.payload(0, 10));
      writer.beginEpoch(1, 10_000_000, TestRings.WALL_US + 11_000_000);
      writer.configure(TestRings.AUDIO);
      assertThrows(
          IllegalStateException.class,
          () -> writer.append(0, true, 0, 0, 0, 0, TestRings.payload(1, 10)));
      writer.append(1, true, 10_000_000, 10_000_000, 20_000, 0, TestRings.payload(1, 10));
      assertEquals(Next.PACKET, nextPacket(cursor));
      assertEquals(Next.EPOCH, cursor.next());
      assertEquals(10_000_000, cursor.anchorStreamUs());
      assertEquals(Next.CONFIGURATION, cursor.next());
      assertEquals(Next.PACKET, cursor.next());
      assertEquals(1, cursor.epoch());
      assertEquals(
          List.of(
              new HeldRange(0, 0, 40_000, 0, TestRings.WALL_US),
              new HeldRange(1, 10_000_000, 10_020_000, 10_000_000, TestRings.WALL_US + 11_000_000)),
          ring.held());
      assertThrows(IllegalArgumentException.class, () -> writer.beginEpoch(1, 0, 0));
    }
  }

  @Test
  void hasOneWriterAtATime() {
    try (Ring ring = ring(TestRings.MIB)) {
      RingWriter writer = ring.writer();
      assertThrows(IllegalStateException.class, ring::writer);
      writer.close();
      ring.writer().close();
    }
  }

  @Test
  void refusesPacketsThatDoNotFit() {
    try (Ring ring = ring(TestRings.MIB);
        RingWriter writer = TestRings.begun(ring)) {
      ByteBuffer large = ByteBuffer.allocate((int) TestRings.MIB / 4);
      HalcyonException failure =
          assertThrows(HalcyonException.class, () -> writer.append(0, true, 0, 0, 0, 0, large));
      assertEquals(ErrorCode.PAYLOAD_TOO_LARGE, failure.code());
      writer.append(0, true, 0, 0, 0, 0, large.limit(large.limit() - 64));
      assertEquals(1, ring.stats().appendedPackets());
    }
  }

  @Test
  void waitsUntilSomethingIsWritten() throws InterruptedException {
    try (Ring ring = ring(TestRings.MIB);
        RingWriter writer = TestRings.begun(ring);
        RingCursor cursor = ring.cursor()) {
      assertEquals(Next.NOTHING_YET, nextPacket(cursor));
      assertFalse(cursor.await(1_000_000));
      Thread publisher =
          Thread.ofPlatform()
              .start(() -> TestRings.appendPicture(writer, 0, 1, TestRings.payload(0, 10)));
      assertTrue(cursor.await(10_000_000_000L));
      assertEquals(Next.PACKET, nextPacket(cursor));
      publisher.join();
    }
  }
}
