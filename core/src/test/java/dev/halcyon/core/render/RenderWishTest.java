package dev.halcyon.core.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.render.RenderWish.OtherWord;
import dev.halcyon.core.transcript.Transcript;
import dev.halcyon.core.transcript.Word;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RenderWishTest {
  private static final Transcript SAID =
      new Transcript(
          "en",
          List.of(
              Word.of("Hello", 1_000_000, 1_400_000),
              Word.of("wrold", 1_400_000, 1_900_000),
              Word.of("um", 2_000_000, 2_200_000)));

  private static RenderWish words(OtherWord... words) {
    return wish(OptionalLong.empty(), OptionalLong.empty(), Optional.of(List.of(words)));
  }

  private static RenderWish window(OptionalLong fromUs, OptionalLong toUs) {
    return wish(fromUs, toUs, Optional.empty());
  }

  private static RenderWish wish(
      OptionalLong fromUs, OptionalLong toUs, Optional<List<OtherWord>> words) {
    return new RenderWish(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        fromUs,
        toUs,
        OptionalDouble.empty(),
        words);
  }

  @Test
  void wordsAreReplacedAndLeftOutWhereTheyAreSaid() {
    RenderWish wish =
        words(
            new OtherWord(1_400_000, "world"),
            new OtherWord(2_199_999, ""),
            new OtherWord(5_000_000, "nobody"));
    assertEquals(
        List.of(Word.of("Hello", 1_000_000, 1_400_000), Word.of("world", 1_400_000, 1_900_000)),
        wish.over(SAID).words());
    assertSame(SAID, RenderWish.NONE.over(SAID));
  }

  @Test
  void aWindowMovesByItsEnds() {
    TimeSpan chosen = new TimeSpan(10_000_000, 40_000_000);
    assertEquals(chosen, RenderWish.NONE.window(chosen));
    assertEquals(
        new TimeSpan(12_000_000, 40_000_000),
        window(OptionalLong.of(12_000_000), OptionalLong.empty()).window(chosen));
    assertEquals(
        new TimeSpan(10_000_000, 11_000_000),
        window(OptionalLong.empty(), OptionalLong.of(11_000_000)).window(chosen));
    RenderWish tooShort = window(OptionalLong.empty(), OptionalLong.of(10_999_999));
    assertThrows(IllegalArgumentException.class, () -> tooShort.window(chosen));
  }

  @Test
  void loudnessIsAllThatDiffersOfTheSound() {
    RenderWish louder =
        new RenderWish(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalDouble.of(-16),
            Optional.empty());
    assertEquals(
        new SoundForm(-16, -1, 10_000, SoundForm.Denoise.OFF, 192_000),
        louder.over(SoundForm.USUAL));
    assertEquals(SoundForm.USUAL, RenderWish.NONE.over(SoundForm.USUAL));
  }

  @Test
  void refusesWhatCannotBeRendered() {
    assertThrows(IllegalArgumentException.class, () -> styled("wide", "crop", "none"));
    assertThrows(IllegalArgumentException.class, () -> styled("9:16", "round", "none"));
    assertThrows(IllegalArgumentException.class, () -> styled("9:16", "crop", "comic"));
    assertThrows(
        IllegalArgumentException.class, () -> window(OptionalLong.of(5), OptionalLong.of(5)));
    assertThrows(IllegalArgumentException.class, () -> new OtherWord(1, "two words"));
    assertThrows(IllegalArgumentException.class, () -> new OtherWord(-1, "early"));
    assertThrows(IllegalArgumentException.class, () -> new OtherWord(1, "x".repeat(81)));
  }

  private static RenderWish styled(String aspect, String layout, String captions) {
    return new RenderWish(
        Optional.of(aspect),
        Optional.of(layout),
        Optional.of(captions),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalDouble.empty(),
        Optional.empty());
  }
}
