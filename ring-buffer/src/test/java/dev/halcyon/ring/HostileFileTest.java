package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.ring.RingCursor.Next;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files whose checksums are right and whose contents are not: made, not damaged. {@code
 * -Dhalcyon.ring.hostile.rounds=N} for a long run, {@code -Dhalcyon.ring.hostile.seed=N} to repeat
 * one.
 */
class HostileFileTest {
  private static final int ROUNDS = Integer.getInteger("halcyon.ring.hostile.rounds", 300);
  private static final long CAPACITY = 64 << 10;
  private static final long PACKETS_AFTER = 60;
  private static final Duration GENEROUS = Duration.ofSeconds(30);

  @TempDir Path folder;
  private Path path;
  private byte[] good;
  private List<Integer> records;
  private Random random;

  @BeforeEach
  void write() throws IOException {
    path = folder.resolve("ring");
    try (Ring ring = Ring.create(path, TestRings.options(CAPACITY));
        RingWriter writer = TestRings.begun(ring);
        RingCursor cursor = ring.cursor()) {
      append(writer, 0, 60);
      writer.beginEpoch(1, 60 * 40_000, TestRings.WALL_US);
      writer.configure(TestRings.VIDEO);
      append(writer, 60, 90);
      records = new ArrayList<>();
      for (Next next = cursor.next(); next != Next.NOTHING_YET; next = cursor.next()) {
        if (next == Next.PACKET || cursor.seq() >= 0) {
          records.add((int) (RingLayout.HEADER_BYTES + cursor.position() % CAPACITY));
        }
      }
    }
    good = Files.readAllBytes(path);
  }

  private static void append(RingWriter writer, long from, long to) {
    for (long i = from; i < to; i++) {
      TestRings.appendPicture(writer, i, 10, TestRings.payload(i, (int) (100 + i * 131 % 3000)));
    }
  }

  private static ByteBuffer page(byte[] image) {
    return ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void seal(byte[] image, int from, int payloadLength) {
    CRC32C crc = new CRC32C();
    crc.update(image, from, RingLayout.CRC_AT);
    int payload = from + RingLayout.RECORD_HEADER_BYTES;
    if (payloadLength > 0 && payload + (long) payloadLength <= image.length) {
      crc.update(image, payload, payloadLength);
    }
    page(image).putInt(from + RingLayout.CRC_AT, (int) crc.getValue());
  }

  private long someLong(long right) {
    return switch (random.nextInt(12)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> Long.MAX_VALUE;
      case 3 -> Long.MAX_VALUE & -RingLayout.ALIGNMENT;
      case 4 -> Long.MIN_VALUE;
      case 5 -> 1L << random.nextInt(63);
      case 6 -> right + (long) RingLayout.ALIGNMENT * (random.nextInt(33) - 16);
      case 7 -> right + CAPACITY * (random.nextInt(9) - 4);
      case 8 -> (1L << 60) & -RingLayout.PAGE_BYTES;
      case 9 -> random.nextLong() & -RingLayout.ALIGNMENT;
      case 10 -> right ^ 1L << random.nextInt(63);
      default -> random.nextLong();
    };
  }

  private void changeCheckpoint(byte[] image) {
    int slot = HeaderPage.slotOf(random.nextInt(2));
    int at = slot + 8 * random.nextInt(7);
    page(image).putLong(at, someLong(page(image).getLong(at)));
    seal(image, slot, 0);
  }

  private void changeIdentity(byte[] image) {
    int at = RingLayout.CAPACITY_OFFSET + 8 * random.nextInt(2);
    page(image).putLong(at, someLong(page(image).getLong(at)));
    seal(image, 0, 0);
  }

  private void changeCounter(byte[] image) {
    int[] counters = {
      RingLayout.RESERVED_OFFSET,
      RingLayout.COMMITTED_OFFSET,
      RingLayout.TAIL_OFFSET,
      RingLayout.TAIL_US_OFFSET
    };
    int at = counters[random.nextInt(counters.length)];
    page(image).putLong(at, someLong(page(image).getLong(at)));
  }

  private void changeRecord(byte[] image) {
    int record = records.get(random.nextInt(records.size()));
    int at = record + 8 * random.nextInt(8);
    page(image).putLong(at, someLong(page(image).getLong(at)));
    seal(image, record, page(image).getInt(record));
  }

  /** A whole record where another may be: at any place that it fits to. */
  private void plantRecord(byte[] image) {
    int offset = random.nextInt((int) CAPACITY - 200) & -RingLayout.ALIGNMENT;
    int at = RingLayout.HEADER_BYTES + offset;
    int from = records.get(random.nextInt(records.size()));
    System.arraycopy(image, from, image, at, RingLayout.RECORD_HEADER_BYTES);
    long lap = page(image).getLong(RingLayout.TAIL_OFFSET) / CAPACITY + random.nextInt(2);
    page(image).putInt(at, random.nextInt(64));
    page(image).putLong(at + RingLayout.POSITION_AT, lap * CAPACITY + offset);
    seal(image, at, page(image).getInt(at));
  }

  private void damage(byte[] image) {
    int at = RingLayout.CHECKPOINT_OFFSET + random.nextInt(image.length - 4096);
    for (int i = at; i < Math.min(image.length, at + random.nextInt(2000)); i++) {
      image[i] = 0;
    }
  }

  private byte[] change() {
    byte[] image = good.clone();
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      switch (random.nextInt(6)) {
        case 0 -> changeCheckpoint(image);
        case 1 -> changeIdentity(image);
        case 2 -> changeCounter(image);
        case 3 -> changeRecord(image);
        case 4 -> plantRecord(image);
        default -> damage(image);
      }
    }
    return random.nextInt(8) == 0
        ? Arrays.copyOf(image, 4096 + random.nextInt(image.length - 4096))
        : image;
  }

  /** Reads all that there is; answers the newest packet's number. */
  private static long readAll(Ring ring) {
    ByteBuffer target = ByteBuffer.allocate((int) CAPACITY);
    long newest = -1;
    try (RingCursor cursor = ring.cursor()) {
      for (Next next = cursor.next(); next != Next.NOTHING_YET; next = cursor.next()) {
        if (next == Next.PACKET) {
          assertTrue(cursor.copyPayload(target.clear()));
          newest = cursor.ptsUs() / 40_000;
        }
      }
    }
    return newest;
  }

  /** False when it is refused by name. */
  private boolean opensAndGoesOn() {
    Ring opened;
    try {
      opened = Ring.open(path, TestRings.options(CAPACITY));
    } catch (HalcyonException refused) {
      assertEquals(ErrorCode.RING_CORRUPT, refused.code(), refused.getMessage());
      return false;
    }
    try (Ring ring = opened) {
      readAll(ring);
      RingWriter writer = TestRings.begun(ring);
      append(writer, 1000, 1000 + PACKETS_AFTER);
      assertEquals(999 + PACKETS_AFTER, readAll(ring));
    }
    try (Ring ring = Ring.open(path, TestRings.options(CAPACITY))) {
      assertEquals(999 + PACKETS_AFTER, readAll(ring), "after another opening");
    }
    return true;
  }

  @Test
  void neverCrashNorLoopAndTheRingGoesOn() throws IOException {
    long seed = Long.getLong("halcyon.ring.hostile.seed", System.nanoTime());
    System.out.println("seed " + seed + ", rounds " + ROUNDS);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      random = new Random(seed + round);
      Files.write(path, change());
      try {
        boolean isOpened = assertTimeoutPreemptively(GENEROUS, this::opensAndGoesOn);
        refused += isOpened ? 0 : 1;
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("-Dhalcyon.ring.hostile.seed=" + (seed + round), failure);
      }
    }
    System.out.println("refused " + refused);
    assertTrue(refused < ROUNDS / 2, "most files still hold something");
  }

  @Test
  void aCapacityThatNoFileEverHadIsNotBelieved() throws IOException {
    byte[] image = good.clone();
    for (int slot : new int[] {HeaderPage.slotOf(0), HeaderPage.slotOf(1)}) {
      page(image).putLong(slot + RingLayout.CAPACITY_AT, 1L << 42);
      seal(image, slot, 0);
    }
    page(image).putLong(RingLayout.CAPACITY_OFFSET, 1L << 42);
    seal(image, 0, 0);
    Files.write(path, image);
    assertTimeoutPreemptively(
        GENEROUS,
        () -> {
          try (Ring ring = Ring.open(path, TestRings.options(CAPACITY))) {
            assertEquals(89, readAll(ring));
          }
        });
    assertTrue(Files.size(path) < 4 * CAPACITY, "the file stays as long as it was");
  }
}
