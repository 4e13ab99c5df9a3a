package dev.halcyon.verticles.stream;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.stream.RingSettings;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RingSpaceTest {
  private static final long MIB = 1 << 20;
  private static final UUID A = new UUID(0, 1);
  private static final UUID B = new UUID(0, 2);

  private final AtomicLong usable = new AtomicLong(1000 * MIB);

  @Test
  void ringIsAsLongAsItsSecondsAtTheHighestBitrateOrItsBytes() {
    RingSpace space = space(0);

    assertEquals(75_000_000, space.capacityBytes(new RingSettings(60, 2L << 30)));
    assertEquals(64 * MIB, space.capacityBytes(new RingSettings(600, 64 * MIB)));
  }

  @Test
  void refusesWhatTheDiskHasNoRoomForAndSaysSo() {
    RingSpace space = space(0);

    HalcyonException refused =
        assertThrows(HalcyonException.class, () -> space.reserve(A, 901 * MIB));
    assertEquals(ErrorCode.INSUFFICIENT_STORAGE, refused.code());
    assertTrue(refused.getMessage().contains("900 MiB"), refused.getMessage());
  }

  @Test
  void reservationsThatAreNotYetTakenCountAgainstTheDisk() {
    RingSpace space = space(0);
    space.reserve(A, 500 * MIB);

    assertThrows(HalcyonException.class, () -> space.reserve(B, 500 * MIB));
    space.release(A);
    assertDoesNotThrow(() -> space.reserve(B, 500 * MIB));
  }

  @Test
  void whatARingHasTakenIsNotCountedTwice() {
    RingSpace space = space(0);
    space.adopt(A, 500 * MIB, () -> 500 * MIB);
    usable.set(500 * MIB);

    assertDoesNotThrow(() -> space.reserve(B, 400 * MIB));
  }

  @Test
  void aRingThatGrowsNeedsOnlyWhatItHasNotTakenYet() {
    RingSpace space = space(0);
    space.adopt(A, 600 * MIB, () -> 600 * MIB);
    usable.set(400 * MIB);

    HalcyonException refused =
        assertThrows(HalcyonException.class, () -> space.resize(A, 1000 * MIB));
    assertEquals(ErrorCode.INSUFFICIENT_STORAGE, refused.code());
    assertTrue(refused.getMessage().contains("room for 900 MiB"), refused.getMessage());
    assertTrue(refused.getMessage().contains("100 MiB are missing"), refused.getMessage());
    assertEquals(600 * MIB, space.resize(A, 900 * MIB));
    assertThrows(HalcyonException.class, () -> space.reserve(B, 64 * MIB));
    assertTrue(space.hasRoomFor(A));
    usable.set(300 * MIB);
    assertFalse(space.hasRoomFor(A));
  }

  @Test
  void aRingThatShrinksStillCountsAsWhatItHasTaken() {
    RingSpace space = space(1000 * MIB);
    AtomicLong taken = new AtomicLong(800 * MIB);
    space.adopt(A, 800 * MIB, taken::get);

    assertEquals(800 * MIB, space.resize(A, 100 * MIB));
    assertThrows(HalcyonException.class, () -> space.reserve(B, 500 * MIB));
    taken.set(100 * MIB);
    assertDoesNotThrow(() -> space.reserve(B, 500 * MIB));
  }

  @Test
  void quotaHoldsWhateverTheDiskHas() {
    RingSpace space = space(600 * MIB);
    space.reserve(A, 400 * MIB);

    HalcyonException refused =
        assertThrows(HalcyonException.class, () -> space.reserve(B, 300 * MIB));
    assertTrue(refused.getMessage().contains("ring.quota_bytes leaves 200 MiB"));
    assertDoesNotThrow(() -> space.reserve(A, 600 * MIB));
  }

  private RingSpace space(long quotaBytes) {
    return new RingSpace(quotaBytes, 100 * MIB, 10_000_000, usable::get);
  }
}
