package dev.halcyon.core.caption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.caption.WordDrawing.Mark;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CaptionTrackTest {
  private static final CaptionLine LINE =
      new CaptionLine(
          new TimeSpan(1_000_000, 3_000_000),
          List.of(word("Hello", 1_000_000, 1_500_000), word("world", 2_000_000, 2_500_000)));

  @Test
  void nothingIsDrawnBeforeAndAfterALine() {
    CaptionTrack track = new CaptionTrack(CaptionStyle.POP_IN, List.of(LINE));
    assertTrue(track.at(999_999).isNothing());
    assertFalse(track.at(1_000_000).isNothing());
    assertTrue(track.at(3_000_000).isNothing());
  }

  @Test
  void marksTheWordThatWasBegunLast() {
    CaptionTrack track = new CaptionTrack(CaptionStyle.HIGHLIGHT_WORD, List.of(LINE));
    assertEquals(List.of(Mark.ACTIVE, Mark.PLAIN), marks(track, 1_000_000));
    assertEquals(List.of(Mark.ACTIVE, Mark.PLAIN), marks(track, 1_999_999), "in the pause too");
    assertEquals(List.of(Mark.PLAIN, Mark.ACTIVE), marks(track, 2_000_000));
    assertEquals(List.of(Mark.PLAIN, Mark.ACTIVE), marks(track, 2_999_999));
    assertFalse(track.changesBetween(1_000_000, 1_999_999));
    assertTrue(track.changesBetween(1_999_999, 2_000_000));
  }

  @Test
  void karaokeFillsEachWordWhileItIsSpoken() {
    CaptionTrack track = new CaptionTrack(CaptionStyle.KARAOKE, List.of(LINE));
    assertEquals(0, track.at(1_000_000).words().getFirst().fill());
    assertEquals(0.5, track.at(1_250_000).words().getFirst().fill());
    assertEquals(1, track.at(1_500_000).words().getFirst().fill());
    assertEquals(0, track.at(1_900_000).words().getLast().fill());
    assertFalse(track.changesBetween(1_500_000, 1_999_999), "nothing moves in a pause");
  }

  @Test
  void popsGrowBeyondTheirSizeAndSettle() {
    CaptionTrack track = new CaptionTrack(CaptionStyle.POP_IN, List.of(LINE));
    assertEquals(WordDrawing.UNSEEN, track.at(1_999_999).words().getLast());
    assertEquals(0.6, track.at(2_000_000).words().getLast().scale(), 0.01);
    assertTrue(track.at(2_120_000).words().getLast().scale() > 1.1);
    assertEquals(WordDrawing.ACTIVE, track.at(2_200_000).words().getLast());
  }

  @Test
  void lettersAreTypedWithinTheirWord() {
    CaptionTrack track = new CaptionTrack(CaptionStyle.TYPEWRITER, List.of(LINE));
    assertEquals(1, track.at(1_000_000).words().getFirst().letters());
    assertEquals(3, track.at(1_250_000).words().getFirst().letters());
    assertEquals(WordDrawing.PLAIN, track.at(1_400_000).words().getFirst());
    assertEquals(WordDrawing.UNSEEN, track.at(1_400_000).words().getLast());
  }

  @Test
  void bouncesRiseAndComeBack() {
    CaptionTrack track = new CaptionTrack(CaptionStyle.BOUNCE, List.of(LINE));
    assertEquals(0, track.at(2_000_000).words().getLast().offsetEm());
    assertEquals(-0.28, track.at(2_160_000).words().getLast().offsetEm(), 0.01);
    assertEquals(WordDrawing.ACTIVE, track.at(2_320_000).words().getLast());
  }

  @Test
  void everyStyleEndsWithAllWordsShownAndStandsStillAtLast() {
    for (CaptionStyle style : CaptionStyle.values()) {
      CaptionTrack track = new CaptionTrack(style, List.of(LINE));
      for (WordDrawing word : track.at(2_999_999).words()) {
        assertEquals(WordDrawing.ALL_LETTERS, word.letters(), style.wire());
        assertEquals(1, word.alpha(), style.wire());
        assertEquals(1, word.scale(), style.wire());
      }
      assertFalse(track.changesBetween(2_600_000, 2_999_999), style.wire());
      assertEquals(style, CaptionStyle.ofWire(style.wire()));
    }
    assertThrows(IllegalArgumentException.class, () -> CaptionStyle.ofWire("sparkle"));
  }

  private static List<Mark> marks(CaptionTrack track, long clipUs) {
    return track.at(clipUs).words().stream().map(WordDrawing::mark).toList();
  }

  private static CaptionWord word(String text, long fromUs, long toUs) {
    return new CaptionWord(text, new TimeSpan(fromUs, toUs), 0, true, Optional.empty());
  }
}
