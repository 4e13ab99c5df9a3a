package dev.halcyon.core.tighten;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.analysis.FrameIndex;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.detect.SignalKind;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.render.PictureGrid;
import dev.halcyon.core.render.RenderTimeline;
import dev.halcyon.core.transcript.Transcript;
import dev.halcyon.core.transcript.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is taken out of windows, and what never is. */
class TightPlannerTest {
  private static final FrameRate NTSC = FrameRate.FPS_29_97;
  private static final TimeSpan WINDOW = new TimeSpan(10_000_000, 20_000_000);
  private static final PictureGrid TENTHS = new PictureGrid(WINDOW.fromUs(), new FrameRate(10, 1));

  private static Word word(String text, long fromMs, long toMs) {
    return Word.of(text, fromMs * 1000, toMs * 1000);
  }

  private static TimeSpan ms(long fromMs, long toMs) {
    return new TimeSpan(fromMs * 1000, toMs * 1000);
  }

  private static List<TimeSpan> parts(
      TightenOptions options, List<TimeSpan> speech, List<Signal> signals, Word... words) {
    TightenInput input =
        new TightenInput(new Transcript("en", List.of(words)), speech, List.of(), signals);
    return TightPlanner.plan(input, WINDOW, TENTHS, options).parts();
  }

  private static List<TimeSpan> parts(Word... words) {
    return parts(TightenOptions.USUAL, List.of(), List.of(), words);
  }

  @Test
  void shortensLongPausesToABreath() {
    assertEquals(
        List.of(ms(10_000, 12_100), ms(14_900, 20_000)),
        parts(word("one", 10_000, 12_000), word("two", 15_000, 20_000)));
    assertEquals(List.of(WINDOW), parts(word("one", 10_000, 15_000), word("two", 15_600, 20_000)));
  }

  @Test
  void shortensTheEndsOfTheWindowOnTheirOuterSide() {
    assertEquals(List.of(ms(11_800, 13_200)), parts(word("word", 12_000, 13_000)));
  }

  @Test
  void leavesAloneWhereSomebodySpeaksOrSomethingHappens() {
    Word one = word("one", 10_000, 12_000);
    Word two = word("two", 18_000, 20_000);
    assertEquals(
        List.of(WINDOW),
        parts(TightenOptions.USUAL, List.of(ms(12_500, 17_600)), List.of(), one, two));
    Signal laughter = new Signal(SignalKind.CROWD_REACTION, 15_000_000, 1, "");
    assertEquals(
        List.of(ms(10_000, 12_100), ms(13_400, 16_600), ms(17_900, 20_000)),
        parts(TightenOptions.USUAL, List.of(), List.of(laughter), one, two));
  }

  @Test
  void takesFillerWordsOutWithThePausesBesideThem() {
    assertEquals(
        List.of(ms(10_000, 12_100), ms(13_000, 20_000)),
        parts(
            word("So,", 10_000, 12_000), word("Um,", 12_300, 12_800), word("we", 13_100, 20_000)));
    // Where words touch nothing of them is lost, and a bit of the filler may be left.
    assertEquals(
        List.of(ms(10_000, 12_100), ms(12_700, 20_000)),
        parts(word("So", 10_000, 12_050), word("uh", 12_050, 12_720), word("we", 12_720, 20_000)));
  }

  @Test
  void knowsFillersByLanguageAndByChoice() {
    Word[] words = {
      word("Es", 10_000, 12_000), word("um", 12_000, 12_500), word("das", 12_500, 20_000)
    };
    TightenInput german =
        new TightenInput(new Transcript("de-AT", List.of(words)), List.of(), List.of(), List.of());
    assertEquals(
        List.of(WINDOW), TightPlanner.plan(german, WINDOW, TENTHS, TightenOptions.USUAL).parts());
    TightenOptions chosen = new TightenOptions(700_000, 250_000, Optional.of(Set.of("Das")));
    assertEquals(
        List.of(ms(10_000, 12_500)), TightPlanner.plan(german, WINDOW, TENTHS, chosen).parts());
    assertEquals(2, parts(words).size(), "um is a filler in English");
    assertEquals(List.of(WINDOW), parts(word("Hmm?", 10_000, 20_000)), "who asks wants an answer");
  }

  @Test
  void leavesNoPartThatFlickers() {
    assertEquals(
        List.of(ms(10_000, 12_500), ms(13_700, 20_000)),
        parts(
            word("and", 10_000, 12_000),
            word("um", 12_000, 12_200),
            word("I", 12_200, 12_400),
            word("uh", 12_500, 13_700),
            word("think", 13_700, 20_000)));
  }

  @Test
  void keepsTheWindowWhereNothingWouldBeLeft() {
    assertEquals(List.of(WINDOW), parts(word("um", 10_000, 20_000)));
  }

  @Test
  void trustsSilenceAloneWhereThereAreNoWords() {
    TightenInput input =
        new TightenInput(Transcript.EMPTY, List.of(), List.of(ms(12_000, 14_000)), List.of());
    assertEquals(
        List.of(ms(10_000, 12_100), ms(13_900, 20_000)),
        TightPlanner.plan(input, WINDOW, TENTHS, TightenOptions.USUAL).parts());
  }

  @Test
  void refusesOptionsThatMakeNoSense() {
    assertThrows(
        IllegalArgumentException.class, () -> new TightenOptions(100_000, 0, Optional.empty()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new TightenOptions(700_000, 800_000, Optional.empty()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new TightenOptions(700_000, 0, Optional.of(Set.of("you know"))));
  }

  @Test
  void partsAreWholePicturesAndNeverEndInAWord() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      TimeSpan window = new TimeSpan(random.nextInt(5_000_000), 40_000_000 + random.nextInt(999));
      PictureGrid grid = new PictureGrid(window.fromUs(), NTSC);
      Transcript said = said(random);
      TightenInput input = new TightenInput(said, List.of(), List.of(), List.of());
      RenderTimeline timeline = TightPlanner.plan(input, window, grid, TightenOptions.USUAL);
      String at = "seed " + seed + ": " + timeline;
      assertTrue(timeline.parts().size() > 1, at);
      FillerWords fillers = FillerWords.of("en");
      for (TimeSpan part : timeline.parts()) {
        assertTrue(part.lengthUs() >= TightPlanner.LEAST_PART_US, at);
        for (long edgeUs : new long[] {part.fromUs(), part.toUs()}) {
          boolean isOfWindow = edgeUs == window.fromUs() || edgeUs == window.toUs();
          assertTrue(isOfWindow || grid.nearestUs(edgeUs) == edgeUs, at);
          assertTrue(
              isOfWindow
                  || said.words().stream()
                      .noneMatch(
                          w -> !fillers.has(w.text()) && w.fromUs() < edgeUs && edgeUs < w.toUs()),
              at);
        }
      }
      long kept = said.within(window).stream().filter(w -> !fillers.has(w.text())).count();
      long heard =
          timeline.heard(said).words().stream().filter(w -> !fillers.has(w.text())).count();
      assertEquals(kept, heard, at);
    }
  }

  private static Transcript said(Random random) {
    List<Word> words = new ArrayList<>();
    for (long atUs = random.nextInt(1_000_000); atUs < 45_000_000; ) {
      long toUs = atUs + 60_000 + random.nextInt(500_000);
      words.add(Word.of(random.nextInt(8) == 0 ? "um," : "word", atUs, toUs));
      atUs = toUs + (random.nextInt(4) == 0 ? random.nextInt(3_000_000) : random.nextInt(90_000));
    }
    return new Transcript("en", words);
  }

  @Test
  void wordsStandWhereTheyAreHeard() {
    RenderTimeline timeline = new RenderTimeline(List.of(ms(1000, 3000), ms(5000, 6000)));
    Transcript heard =
        timeline.heard(
            new Transcript(
                "en",
                List.of(
                    word("before", 900, 1050),
                    word("one", 2000, 2500),
                    word("um", 3500, 4000),
                    word("two", 4950, 5500),
                    word("behind", 5950, 7000))));
    assertEquals(List.of(word("one", 1000, 1500), word("two", 2000, 2500)), heard.words());
  }

  @Test
  void theGridIsThatOfThePicturesNearby() {
    FrameIndex frames = FrameIndex.of(new long[] {12_000, 52_000, 92_000}, new int[] {0}, 132_000);
    PictureGrid grid = PictureGrid.near(60_000, frames, FrameRate.FPS_25);
    assertEquals(52_000, grid.originUs());
    assertEquals(12_000, grid.floorUs(51_999));
    assertEquals(52_000, grid.floorUs(52_000));
    assertEquals(52_000, grid.ceilUs(52_000));
    assertEquals(92_000, grid.ceilUs(52_001));
    assertEquals(5_000_000, PictureGrid.near(5_000_000, frames, FrameRate.FPS_25).originUs());
  }
}
