package dev.halcyon.core.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResolvedWindowTest {
  private static final long S = 1_000_000;
  private static final long CAPACITY_US = 600 * S;
  private static final HeldEpoch FIRST = new HeldEpoch(0, 10 * S, 100 * S, 0, 1_000 * S);
  private static final HeldEpoch SECOND = new HeldEpoch(1, 110 * S, 200 * S, 110 * S, 1_112 * S);
  private static final List<HeldEpoch> BOTH = List.of(FIRST, SECOND);

  @Test
  void lastSecondsEndAtTheNewestMedia() {
    ResolvedWindow window = resolve(new ClipWindow.Last(20 * S), false, true);

    assertEquals(
        new ResolvedWindow(EpochSpan.from(1), 180 * S, 200 * S, 180 * S, 200 * S, false), window);
  }

  @Test
  void lastSecondsAreClampedToTheNewestEpochWhereCrossingIsRefused() {
    ClipWindow last = new ClipWindow.Last(105 * S);

    assertEquals(
        new ResolvedWindow(EpochSpan.only(1), 95 * S, 200 * S, 110 * S, 200 * S, true),
        resolve(last, false, Crossing.REFUSE, true));
    assertEquals(
        new ResolvedWindow(EpochSpan.from(0), 95 * S, 200 * S, 95 * S, 200 * S, false),
        resolve(last, false, true));
  }

  @Test
  void windowReachesIntoTheFutureOfALiveStreamOnly() {
    ClipWindow future = new ClipWindow.StreamTime(190 * S, 260 * S);

    assertEquals(260 * S, resolve(future, false, true).toUs());
    assertEquals(ErrorCode.RANGE_NOT_HELD, refusal(future, false, false));
    assertEquals(200 * S, resolve(future, true, false).toUs());
  }

  @Test
  void windowFurtherThanTheRingIsLongIsRefused() {
    assertEquals(
        ErrorCode.RANGE_NOT_HELD,
        refusal(new ClipWindow.StreamTime(190 * S, 200 * S + CAPACITY_US + 1), false, true));
  }

  @Test
  void rangeThatWasEvictedIsRefusedNamingWhatIsHeld() {
    HalcyonException refused =
        assertThrows(
            HalcyonException.class,
            () -> resolve(new ClipWindow.StreamTime(0, 50 * S), false, true));

    assertEquals(ErrorCode.RANGE_NOT_HELD, refused.code());
    assertTrue(refused.getMessage().contains("[10000000, 100000000)"), refused.getMessage());
  }

  @Test
  void evictedPartIsClampedWhenAllowed() {
    ResolvedWindow window = resolve(new ClipWindow.StreamTime(0, 50 * S), true, true);

    assertEquals(10 * S, window.fromUs());
    assertEquals(0, window.requestedFromUs());
    assertTrue(window.isClamped());
  }

  @Test
  void windowAcrossEpochsIsOneUnlessThatIsRefused() {
    ClipWindow across = new ClipWindow.StreamTime(90 * S, 120 * S);

    for (Crossing crossing : List.of(Crossing.STITCH, Crossing.SPLIT)) {
      assertEquals(
          new ResolvedWindow(EpochSpan.from(0), 90 * S, 120 * S, 90 * S, 120 * S, false),
          resolve(across, false, crossing, true));
    }
    HalcyonException refused =
        assertThrows(HalcyonException.class, () -> resolve(across, false, Crossing.REFUSE, true));
    assertEquals(ErrorCode.EPOCH_CROSSED, refused.code());
    assertEquals(110 * S, resolve(across, true, Crossing.REFUSE, true).fromUs());
  }

  @Test
  void windowThatBeginsOrEndsBetweenEpochsIsNotWhollyHeld() {
    ClipWindow early = new ClipWindow.StreamTime(105 * S, 120 * S);
    ClipWindow late = new ClipWindow.StreamTime(90 * S, 105 * S);

    assertEquals(ErrorCode.RANGE_NOT_HELD, refusal(early, false, true));
    assertEquals(ErrorCode.RANGE_NOT_HELD, refusal(late, false, true));
    assertEquals(110 * S, resolve(early, true, true).fromUs());
    assertEquals(100 * S, resolve(late, true, true).toUs());
  }

  @Test
  void windowInTheSilenceBetweenEpochsIsNotHeld() {
    assertEquals(
        ErrorCode.RANGE_NOT_HELD, refusal(new ClipWindow.StreamTime(101 * S, 109 * S), true, true));
  }

  @Test
  void wallClockIsMappedByTheAnchorOfItsEpoch() {
    ResolvedWindow window = resolve(new ClipWindow.WallClock(1_020 * S, 1_030 * S), false, true);
    ResolvedWindow later = resolve(new ClipWindow.WallClock(1_122 * S, 1_132 * S), false, true);

    assertEquals(20 * S, window.fromUs());
    assertEquals(30 * S, window.toUs());
    assertEquals(120 * S, later.fromUs());
    assertFalse(later.isClamped());
  }

  @Test
  void emptyWindowAndEmptyStreamAreRefused() {
    assertEquals(ErrorCode.BAD_REQUEST, refusal(new ClipWindow.StreamTime(5, 5), true, true));
    assertEquals(ErrorCode.BAD_REQUEST, refusal(new ClipWindow.Last(0), true, true));
    HalcyonException nothing =
        assertThrows(
            HalcyonException.class,
            () ->
                ResolvedWindow.resolve(
                    new ClipWindow.Last(S), true, Crossing.STITCH, List.of(), true, CAPACITY_US));
    assertEquals(ErrorCode.RANGE_NOT_HELD, nothing.code());
  }

  private static ResolvedWindow resolve(ClipWindow window, boolean clamps, boolean isLive) {
    return resolve(window, clamps, Crossing.STITCH, isLive);
  }

  private static ResolvedWindow resolve(
      ClipWindow window, boolean clamps, Crossing crossing, boolean isLive) {
    return ResolvedWindow.resolve(window, clamps, crossing, BOTH, isLive, CAPACITY_US);
  }

  private static ErrorCode refusal(ClipWindow window, boolean clamps, boolean isLive) {
    return assertThrows(HalcyonException.class, () -> resolve(window, clamps, isLive)).code();
  }
}
