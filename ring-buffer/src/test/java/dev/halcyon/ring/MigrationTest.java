package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.ring.RingCursor.Next;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code version-1.ring} was written by the last code of that version: 64 KiB, several laps, epoch
 * 0 up to picture 99, reopened, epoch 1 up to picture 119; each payload's bytes are its number.
 */
class MigrationTest {
  private static final long CAPACITY = 64 << 10;

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void unpack() throws IOException {
    path = folder.resolve("ring");
    try (InputStream packed = MigrationTest.class.getResourceAsStream("version-1.ring.gz");
        InputStream bytes = new GZIPInputStream(packed)) {
      Files.copy(bytes, path);
    }
  }

  private static byte[] payload(long number) {
    byte[] bytes = new byte[(int) (900 + number * 37 % 1500)];
    Arrays.fill(bytes, (byte) number);
    return bytes;
  }

  private int version() throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(path))
        .order(ByteOrder.LITTLE_ENDIAN)
        .getInt(RingLayout.VERSION_OFFSET);
  }

  private static long assertHolds(Ring ring, long oldest) {
    long next = oldest;
    ByteBuffer target = ByteBuffer.allocate(3000);
    try (RingCursor cursor = ring.cursor()) {
      for (Next found = cursor.next(); found != Next.NOTHING_YET; found = cursor.next()) {
        if (found == Next.PACKET) {
          assertEquals(next, cursor.ptsUs() / 40_000);
          assertTrue(cursor.copyPayload(target.clear()));
          assertEquals(ByteBuffer.wrap(payload(next)), target.flip());
          next++;
        }
      }
    }
    return next - 1;
  }

  @Test
  void takesAFileOfVersionOneOver() throws IOException {
    assertEquals(1, version());
    for (int opening = 0; opening < 2; opening++) {
      try (Ring ring = Ring.open(path, TestRings.options(CAPACITY))) {
        assertTrue(ring.recovery().isWhole(), ring.recovery().toString());
        assertEquals(2, ring.held().size());
        assertEquals(152_312, ring.oldestPosition());
        assertEquals(212_872, ring.committedPosition());
        assertEquals(119, assertHolds(ring, 88));
      }
      assertEquals(2, version());
    }
  }

  @Test
  void itCanBeResizedAsAnyOther() throws IOException {
    try (Ring ring = Ring.open(path, TestRings.options(4 * CAPACITY));
        RingWriter writer = TestRings.begun(ring)) {
      for (long number = 120; number < 200; number++) {
        TestRings.appendPicture(writer, number, 10, ByteBuffer.wrap(payload(number)));
      }
      assertEquals(4 * CAPACITY, ring.capacityBytes());
    }
    try (Ring ring = Ring.open(path, TestRings.options(4 * CAPACITY))) {
      assertTrue(ring.recovery().isWhole());
      assertEquals(199, assertHolds(ring, ring.held().getFirst().fromUs() / 40_000));
      assertTrue(ring.held().getFirst().fromUs() / 40_000 < 140);
    }
  }

  /** What a newer version would have left: a codec that is not known here. */
  @Test
  void aTrackOfAnUnknownCodecIsPassedOver() throws IOException {
    Path other = folder.resolve("other");
    long configuration;
    try (Ring ring = Ring.create(other, TestRings.options(CAPACITY));
        RingWriter writer = ring.writer()) {
      writer.beginEpoch(0, 0, 0);
      writer.configure(TestRings.AUDIO);
      configuration = ring.committedPosition();
      writer.configure(TestRings.VIDEO);
      for (int i = 0; i < 5; i++) {
        writer.append(i % 2, true, i, i, 1, 0, ByteBuffer.wrap(payload(i)));
      }
    }
    byte[] image = Files.readAllBytes(other);
    int at = (int) (RingLayout.HEADER_BYTES + configuration);
    ByteBuffer page = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    image[at + RingLayout.RECORD_HEADER_BYTES + 1] = 99;
    CRC32C crc = new CRC32C();
    crc.update(image, at, RingLayout.CRC_AT);
    crc.update(image, at + RingLayout.RECORD_HEADER_BYTES, page.getInt(at));
    page.putInt(at + RingLayout.CRC_AT, (int) crc.getValue());
    Files.write(other, image);
    try (Ring ring = Ring.open(other, TestRings.options(CAPACITY));
        RingCursor cursor = ring.cursor()) {
      assertTrue(ring.recovery().isWhole());
      for (int i = 1; i < 5; i += 2) {
        Next next = cursor.next();
        while (next == Next.EPOCH || next == Next.CONFIGURATION) {
          next = cursor.next();
        }
        assertEquals(Next.PACKET, next);
        assertEquals(i, cursor.ptsUs());
      }
      assertEquals(Next.NOTHING_YET, cursor.next());
    }
  }

  @Test
  void leavesAFileOfAnotherVersionAlone() throws IOException {
    for (int other : new int[] {0, 3, -1, Integer.MAX_VALUE}) {
      byte[] image = Files.readAllBytes(path);
      ByteBuffer.wrap(image)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(RingLayout.VERSION_OFFSET, other);
      Files.write(path, image);
      HalcyonException failure =
          assertThrows(HalcyonException.class, () -> Ring.open(path, TestRings.options(CAPACITY)));
      assertEquals(ErrorCode.RING_CORRUPT, failure.code());
      assertTrue(failure.getMessage().contains("version " + other), failure.getMessage());
      assertEquals(ByteBuffer.wrap(image), ByteBuffer.wrap(Files.readAllBytes(path)));
    }
  }
}
