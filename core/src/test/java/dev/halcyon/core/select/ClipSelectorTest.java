package dev.halcyon.core.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.analysis.SceneCut;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.detect.ScoreWeights;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.detect.SignalKind;
import dev.halcyon.core.transcript.Transcript;
import dev.halcyon.core.transcript.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ClipSelectorTest {
  private static final long S = 1_000_000;
  private static final List<SignalKind> KINDS = List.of(SignalKind.values());

  @Test
  void findsThePlantedMomentsAndNothingElse() {
    List<Signal> signals = List.of(loud(100, 1), loud(103, 0.8), loud(400, 0.9), loud(700, 0.95));
    List<SceneCut> cuts =
        LongStream.range(1, 60).mapToObj(i -> SceneCut.hard(i * 15 * S, 1)).toList();
    SelectionInput input =
        new SelectionInput(900 * S, Transcript.EMPTY, signals, List.of(), List.of(), cuts);
    Selection selection = ClipSelector.select(input, SelectionSettings.DEFAULT);
    assertEquals(3, selection.chosen().size(), selection.summary());
    for (long moment : new long[] {100, 400, 700}) {
      ClipCandidate clip =
          selection.chosen().stream()
              .filter(c -> c.span().contains(moment * S))
              .findFirst()
              .orElseThrow();
      assertEquals(0, clip.fromUs() % (15 * S), "begins at a cut");
      assertEquals(0, clip.toUs() % (15 * S), "ends at a cut");
      assertTrue(clip.reasoning().contains("a loud moment"), clip.reasoning());
      assertTrue(clip.title().startsWith("Clip at "), clip.title());
    }
    assertFalse(selection.reserve().isEmpty());
    assertTrue(selection.candidates().size() <= 30);
  }

  @Test
  void clipsOfATalkBeginAndEndWithSentences() {
    Talk talk = new Talk(7, 1200);
    Selection selection = ClipSelector.select(talk.input(), SelectionSettings.DEFAULT);
    assertEquals(10, selection.chosen().size());
    assertEquals(20, selection.reserve().size());
    long natural =
        selection.chosen().stream()
            .filter(c -> c.trace().start() >= 0.75 && c.trace().end() >= 0.75)
            .count();
    assertEquals(10, natural);
    ClipCandidate best = selection.chosen().getFirst();
    assertFalse(best.excerpt().isEmpty());
    assertFalse(best.title().startsWith("Clip at"), best.title());
    assertTrue(best.hashtags().size() <= 5);
    assertTrue(best.reasoning().contains("It begins with a sentence"), best.reasoning());
  }

  @Test
  void keepsItsRulesWithWhateverIsKnown() {
    for (long seed = 0; seed < 120; seed++) {
      Random random = new Random(seed);
      SelectionInput input = random(random);
      long minUs = (1 + random.nextInt(40)) * S;
      SelectionSettings settings =
          new SelectionSettings(
              1 + random.nextInt(12), minUs, minUs + random.nextInt(60) * S, ScoreWeights.DEFAULT);
      check("seed " + seed, input, settings, ClipSelector.select(input, settings));
    }
  }

  private static void check(
      String seed, SelectionInput input, SelectionSettings settings, Selection selection) {
    List<ClipCandidate> chosen = selection.chosen();
    assertTrue(!chosen.isEmpty() && chosen.size() <= settings.maxClips(), seed);
    assertTrue(selection.candidates().size() <= 3 * settings.maxClips(), seed);
    for (int i = 0; i < chosen.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertFalse(chosen.get(i).span().overlaps(chosen.get(j).span()), seed);
      }
      assertTrue(i == 0 || chosen.get(i).score() <= chosen.get(i - 1).score(), seed);
    }
    for (ClipCandidate clip : selection.candidates()) {
      check(seed + ": " + clip.span(), input, settings, clip);
    }
  }

  private static void check(
      String what, SelectionInput input, SelectionSettings settings, ClipCandidate clip) {
    assertTrue(clip.fromUs() >= 0 && clip.toUs() <= input.durationUs(), what);
    boolean isWhole = input.durationUs() <= settings.minUs();
    boolean isNarrow = settings.maxUs() - settings.minUs() < 4 * S;
    assertTrue(isWhole || isNarrow || clip.span().lengthUs() >= settings.minUs(), what);
    assertTrue(isWhole || clip.span().lengthUs() <= settings.maxUs(), what);
    for (Word word : input.transcript().words()) {
      boolean isTorn =
          (word.fromUs() < clip.fromUs() && word.toUs() > clip.fromUs())
              || (word.fromUs() < clip.toUs() && word.toUs() > clip.toUs());
      assertFalse(isTorn && !isWhole, what + ": in the middle of " + word);
    }
    for (double score : new double[] {clip.score(), clip.virality(), clip.coherence()}) {
      assertTrue(score >= 0 && score <= 1, what);
    }
    assertTrue(!clip.title().isEmpty() && clip.title().length() <= 80, what + clip.title());
    assertTrue(clip.description().length() <= 400, what);
    assertTrue(clip.hashtags().stream().allMatch(t -> t.matches("\\S{1,60}")), what);
    assertEquals(clip.hashtags().stream().distinct().toList(), clip.hashtags(), what);
    assertFalse(clip.reasoning().isBlank(), what);
  }

  @Test
  void theSameInputGivesTheSameClips() {
    Selection first = ClipSelector.select(random(new Random(3)), SelectionSettings.DEFAULT);
    assertEquals(first, ClipSelector.select(random(new Random(3)), SelectionSettings.DEFAULT));
  }

  @Test
  void aShortVideoIsOneClip() {
    Selection selection =
        ClipSelector.select(SelectionInput.ofLength(9 * S), SelectionSettings.DEFAULT);
    assertEquals(new TimeSpan(0, 9 * S), selection.chosen().getFirst().span());
    assertTrue(selection.summary().contains("no longer than the shortest clip"));
  }

  @Test
  void aDullVideoGivesClipsFromAllOverItAndSaysSo() {
    Selection selection =
        ClipSelector.select(SelectionInput.ofLength(1800 * S), SelectionSettings.DEFAULT);
    assertEquals(10, selection.chosen().size());
    for (int part = 0; part < 10; part++) {
      TimeSpan tenth = new TimeSpan(180 * S * part, 180 * S * (part + 1));
      assertEquals(
          1,
          selection.chosen().stream()
              .filter(c -> tenth.contains((c.fromUs() + c.toUs()) / 2))
              .count());
    }
    assertTrue(selection.summary().contains("Nothing stands out"), selection.summary());
    assertTrue(selection.chosen().getFirst().reasoning().contains("Nothing stands out"));
  }

  @Test
  void aShortDullVideoGivesAsManyClipsAsWereAskedForWhenTheyFit() {
    List<TimeSpan> silence = List.of(span(18, 20), span(35, 36));
    List<TimeSpan> speech = List.of(span(0, 18), span(20, 35), span(36, 60));
    SelectionInput input =
        new SelectionInput(60 * S, Transcript.EMPTY, List.of(), silence, speech, List.of());
    Selection selection =
        ClipSelector.select(input, new SelectionSettings(3, 15 * S, 90 * S, ScoreWeights.DEFAULT));
    assertEquals(3, selection.chosen().size(), selection.toString());
    for (ClipCandidate clip : selection.chosen()) {
      assertTrue(clip.score() < 0.15, "worth little: " + clip.score());
      assertTrue(clip.reasoning().contains("Nothing stands out"), clip.reasoning());
    }
    assertTrue(
        selection.chosen().stream().anyMatch(c -> c.trace().endsAt().equals("in a silence")),
        selection.toString());
  }

  @Test
  void ofManyGoodMomentsItTakesSomeFromAllOverTheVideo() {
    List<Signal> signals = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      signals.add(loud(60 + i * 40L, 1));
    }
    for (int i = 0; i < 6; i++) {
      signals.add(loud(2000 + i * 600L, 0.9));
    }
    SelectionInput input =
        new SelectionInput(5400 * S, Transcript.EMPTY, signals, List.of(), List.of(), List.of());
    Selection selection = ClipSelector.select(input, SelectionSettings.DEFAULT);
    long late = selection.chosen().stream().filter(c -> c.fromUs() > 1500 * S).count();
    assertTrue(late >= 4, late + " of 10 from the later part");
  }

  @Test
  void silencesAreWhereClipsWithoutATranscriptBeginAndEnd() {
    List<TimeSpan> silence = List.of(span(58, 60), span(85, 87), span(140, 142));
    List<TimeSpan> speech = List.of(span(0, 58), span(60, 85), span(87, 140));
    SelectionInput input =
        new SelectionInput(
            200 * S, Transcript.EMPTY, List.of(loud(70, 1)), silence, speech, List.of());
    ClipCandidate clip = ClipSelector.select(input, SelectionSettings.DEFAULT).chosen().getFirst();
    assertEquals(60 * S - 150_000, clip.fromUs());
    assertEquals(85 * S + 300_000, clip.toUs());
    assertTrue(
        clip.reasoning().contains("begins after a silence and ends in a silence"),
        clip.reasoning());
  }

  @Test
  void whatIsSaidCounts() {
    Talk talk = new Talk(1, 600);
    talk.say(300, "Nobody tells you this, but the biggest mistake of my life was amazing!");
    Selection selection =
        ClipSelector.select(
            talk.input(), new SelectionSettings(1, 15 * S, 60 * S, ScoreWeights.DEFAULT));
    ClipCandidate best = selection.chosen().getFirst();
    assertTrue(best.span().contains(301 * S), best.toString());
    assertTrue(best.reasoning().contains("words that make people listen"), best.reasoning());
  }

  @Test
  void settingsAreChecked() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new SelectionSettings(0, 15 * S, 90 * S, ScoreWeights.DEFAULT));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SelectionSettings(10, 90 * S, 15 * S, ScoreWeights.DEFAULT));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SelectionSettings(10, 10, 90 * S, ScoreWeights.DEFAULT));
  }

  private static TimeSpan span(long fromS, long toS) {
    return new TimeSpan(fromS * S, toS * S);
  }

  private static Signal loud(long atS, double strength) {
    return new Signal(SignalKind.LOUD_MOMENT, atS * S, strength, "12 dB above");
  }

  private static SelectionInput random(Random random) {
    long durationUs = 1 + random.nextLong(1500 * S);
    Talk talk = new Talk(random.nextLong(), durationUs / S);
    Transcript transcript = random.nextBoolean() ? talk.input().transcript() : Transcript.EMPTY;
    List<Signal> signals = new ArrayList<>();
    for (int i = random.nextInt(40); i > 0; i--) {
      SignalKind kind = KINDS.get(random.nextInt(KINDS.size()));
      signals.add(new Signal(kind, random.nextLong(durationUs), random.nextDouble(), "x"));
    }
    List<TimeSpan> silence = new ArrayList<>();
    List<TimeSpan> speech = new ArrayList<>();
    List<SceneCut> cuts = new ArrayList<>();
    for (long atUs = 0; random.nextInt(60) != 0 && atUs < durationUs - S; ) {
      long nextUs = Math.min(durationUs, atUs + random.nextInt(20_000_000) + 1);
      (random.nextInt(3) == 0 ? silence : speech).add(new TimeSpan(atUs, nextUs));
      if (random.nextBoolean() && atUs > 0) {
        cuts.add(SceneCut.hard(atUs, random.nextDouble()));
      }
      atUs = nextUs;
    }
    return new SelectionInput(durationUs, transcript, signals, silence, speech, cuts);
  }

  /** Somebody talks: random words in sentences, with pauses between. */
  private static final class Talk {
    private static final List<String> WORDS =
        List.of(
            "we", "have", "river", "Boston", "engine", "never", "why", "lamp", "glass", "and",
            "table", "because", "measure", "quiet", "story", "garden", "great", "seven");
    private final List<Word> words = new ArrayList<>();
    private final long lengthS;

    Talk(long seed, long lengthS) {
      this.lengthS = lengthS;
      Random random = new Random(seed);
      long atUs = random.nextInt(1_000_000);
      while (atUs < (lengthS - 8) * S) {
        int count = 3 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
          long toUs = atUs + 150_000 + random.nextInt(400_000);
          String text = WORDS.get(random.nextInt(WORDS.size()));
          words.add(
              Word.of(
                  i == count - 1 ? text + (random.nextInt(8) == 0 ? "?" : ".") : text, atUs, toUs));
          atUs = toUs;
        }
        atUs += random.nextInt(1_500_000);
        if (random.nextInt(10) == 0) {
          words.add(Word.of(".", atUs, atUs + 100_000));
          atUs += 100_000;
        }
      }
    }

    /** Replaces what is said from a second on. */
    void say(long atS, String text) {
      String[] parts = text.split(" ", -1);
      long endUs = atS * S + parts.length * 300_000L;
      words.removeIf(w -> w.toUs() > atS * S && w.fromUs() < endUs);
      for (int i = 0; i < parts.length; i++) {
        words.add(Word.of(parts[i], atS * S + i * 300_000L, atS * S + (i + 1) * 300_000L));
      }
      words.sort(Comparator.comparingLong(Word::fromUs));
    }

    SelectionInput input() {
      return new SelectionInput(
          lengthS * S + 1, new Transcript("en", words), List.of(), List.of(), List.of(), List.of());
    }
  }
}
