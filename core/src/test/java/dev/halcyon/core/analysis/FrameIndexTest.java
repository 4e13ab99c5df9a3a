package dev.halcyon.core.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class FrameIndexTest {
  private final FrameIndex index =
      FrameIndex.of(new long[] {0, 40_000, 120_000, 160_000}, new int[] {0, 2}, 200_000);

  @Test
  void findsThePictureThatIsShownAtATime() {
    assertEquals(OptionalInt.of(0), index.frameAt(39_999));
    assertEquals(OptionalInt.of(1), index.frameAt(40_000));
    assertEquals(OptionalInt.of(1), index.frameAt(119_999));
    assertEquals(OptionalInt.of(3), index.frameAt(199_999));
    assertEquals(OptionalInt.empty(), index.frameAt(200_000));
    assertEquals(OptionalInt.empty(), index.frameAt(-1));
  }

  @Test
  void findsTheFirstPictureFromATimeOn() {
    assertEquals(OptionalInt.of(0), index.frameFrom(-5));
    assertEquals(OptionalInt.of(2), index.frameFrom(40_001));
    assertEquals(OptionalInt.empty(), index.frameFrom(160_001));
  }

  @Test
  void knowsTheKeyframeThatDecodingBeginsAt() {
    assertEquals(OptionalInt.of(0), index.keyframeAtOrBefore(1));
    assertEquals(OptionalInt.of(2), index.keyframeAtOrBefore(2));
    assertArrayEquals(new int[] {0, 2}, index.keyframes());
  }

  @Test
  void tellsWhenAPictureGivesWay() {
    assertEquals(120_000, index.endUs(1));
    assertEquals(200_000, index.endUs(3));
  }

  @Test
  void comesBackFromItsArrays() {
    assertEquals(index, FrameIndex.of(index.ptsUs(), index.keyframes(), index.endUs()));
  }

  @Test
  void growsBeyondItsFirstRoom() {
    FrameIndex.Builder builder = new FrameIndex.Builder();
    for (int i = 0; i < 5_000; i++) {
      builder.add(i * 20_000L);
    }
    FrameIndex grown = builder.build(5_000 * 20_000L);
    assertEquals(5_000, grown.frames());
    assertEquals(4_999 * 20_000L, grown.ptsUs(4_999));
    assertEquals(OptionalInt.empty(), grown.keyframeAtOrBefore(4_999));
  }

  @Test
  void refusesPicturesOutOfOrder() {
    FrameIndex.Builder builder = new FrameIndex.Builder().add(10);
    assertThrows(IllegalArgumentException.class, () -> builder.add(10));
    assertThrows(IllegalArgumentException.class, () -> builder.build(10));
    assertThrows(
        IllegalArgumentException.class,
        () -> FrameIndex.of(new long[] {0, 1}, new int[] {1, 0}, 2));
  }

  @Test
  void isEmptyForAFileWithoutPictures() {
    FrameIndex none = FrameIndex.of(new long[0], new int[0], 7);
    assertEquals(0, none.frames());
    assertEquals(OptionalInt.empty(), none.frameAt(0));
    assertEquals(OptionalInt.empty(), none.frameFrom(0));
  }
}
