package dev.halcyon.core.caption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.transcript.Transcript;
import dev.halcyon.core.transcript.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CaptionPlannerTest {
  private static final TimeSpan MINUTE = new TimeSpan(0, 60_000_000);

  @Test
  void breaksWhereTheSpeakerBreaks() {
    String said = "Good morning, everyone. Today we look at the river, and at what lives in it.";
    assertEquals(
        List.of(
            "Good morning, everyone.", "Today we look at the river,", "and at what lives in it."),
        plan(spoken("en", said)).stream().map(l -> l.text().replace('\n', ' ')).toList());
  }

  @Test
  void everyWordIsShownOnceWithinItsTimeAndTheRowsHold() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      Transcript transcript = random(random);
      long fromUs = random.nextInt(20_000_000);
      TimeSpan window = new TimeSpan(fromUs, fromUs + 1 + random.nextInt(40_000_000));
      CaptionOptions options = CaptionOptions.ofShape(1 + random.nextInt(2), 1 + random.nextInt(2));
      List<CaptionLine> lines = CaptionPlanner.plan(transcript, window, options);
      assertEquals(
          transcript.within(window).stream().map(Word::text).toList(),
          lines.stream().flatMap(l -> l.words().stream()).map(CaptionWord::text).toList(),
          "seed " + seed);
      new CaptionTrack(CaptionStyle.BOUNCE, lines);
      for (CaptionLine line : lines) {
        check("seed " + seed + ": " + line.text(), line, window, options);
      }
    }
  }

  private static void check(
      String what, CaptionLine line, TimeSpan window, CaptionOptions options) {
    assertTrue(line.span().fromUs() >= 0 && line.span().toUs() <= window.lengthUs(), what);
    assertTrue(line.rows() <= 2, what);
    for (int row = 0; row < line.rows(); row++) {
      boolean isOneWord = line.row(row).size() == 1;
      assertTrue(isOneWord || line.rowText(row).length() <= options.maxRowChars(), what);
    }
  }

  @Test
  void noShortWordStandsAlone() {
    Transcript transcript =
        spoken("en", "we went down to the river and we saw that it had all gone by");
    for (CaptionLine line : plan(transcript)) {
      assertTrue(line.words().size() > 1, line.text());
      for (int row = 0; row < line.rows(); row++) {
        assertFalse(line.row(row).size() == 1 && line.rowText(row).length() < 4, line.text());
      }
    }
  }

  @Test
  void bridgesShortPausesAndLeavesTheScreenInLongOnes() {
    Transcript transcript =
        new Transcript(
            "en",
            List.of(
                Word.of("Wonderful.", 1_000_000, 1_500_000),
                Word.of("Marvellous.", 2_000_000, 2_400_000),
                Word.of("Three.", 9_000_000, 9_500_000)));
    List<CaptionLine> lines = CaptionPlanner.plan(transcript, MINUTE, CaptionOptions.NARROW);
    assertEquals(new TimeSpan(1_000_000, 2_000_000), lines.getFirst().span());
    assertEquals(new TimeSpan(2_000_000, 2_900_000), lines.get(1).span());
    assertEquals(new TimeSpan(9_000_000, 10_000_000), lines.getLast().span());
  }

  @Test
  void writtenFromRightToLeftItStaysInLogicalOrder() {
    List<CaptionLine> lines = plan(spoken("ar", "مرحبا بكم في البرنامج الجديد"));
    assertTrue(lines.getFirst().isRightToLeft());
    assertEquals("مرحبا", lines.getFirst().words().getFirst().text());
    assertFalse(plan(spoken("en", "12 good words")).getFirst().isRightToLeft());
  }

  @Test
  void chineseHasNoBlanks() {
    List<CaptionLine> lines = plan(spoken("zh", "我们 今天 去 北京。"));
    assertEquals("我们今天去北京。", lines.getFirst().text());
  }

  @Test
  void capitalLettersFollowTheLanguage() {
    CaptionOptions upper = CaptionOptions.NARROW.with(CaptionOptions.Case.UPPER);
    List<CaptionLine> lines = CaptionPlanner.plan(spoken("tr", "iyi"), MINUTE, upper);
    assertEquals("İYİ", lines.getFirst().text());
  }

  @Test
  void putsPicturesBesideWordsOnlyWhenAsked() {
    Transcript transcript = spoken("en", "This is fire! And fire again.");
    CaptionOptions withEmoji = CaptionOptions.NARROW.with(CaptionOptions.Emoji.DICTIONARY);
    String text =
        CaptionPlanner.plan(transcript, MINUTE, withEmoji).stream()
            .map(CaptionLine::text)
            .collect(Collectors.joining(" "));
    assertTrue(text.contains("fire! 🔥"), text);
    assertFalse(text.contains("fire 🔥"), "not twice in a while: " + text);
    assertFalse(plan(transcript).getFirst().text().contains("🔥"));
  }

  @Test
  void nothingSaidIsNothingShown() {
    assertEquals(List.of(), plan(Transcript.EMPTY));
  }

  private static List<CaptionLine> plan(Transcript transcript) {
    return CaptionPlanner.plan(transcript, MINUTE, CaptionOptions.NARROW);
  }

  /** Three words a second without pauses. */
  static Transcript spoken(String language, String text) {
    List<Word> words = new ArrayList<>();
    for (String word : text.split(" ", -1)) {
      long fromUs = words.size() * 333_000L;
      words.add(Word.of(word, fromUs, fromUs + 333_000));
    }
    return new Transcript(language, words);
  }

  private static Transcript random(Random random) {
    List<Word> words = new ArrayList<>();
    long atUs = random.nextInt(1_000_000);
    for (int i = random.nextInt(120); i > 0; i--) {
      atUs += random.nextInt(4) == 0 ? random.nextInt(2_000_000) : 0;
      long toUs = atUs + 10_000 + random.nextInt(600_000);
      String text =
          "abcdefghijklmnopqrstuvwxyz"
              .substring(0, 1 + random.nextInt(random.nextInt(9) == 0 ? 26 : 8));
      words.add(Word.of(text + List.of("", "", "", ",", ".").get(random.nextInt(5)), atUs, toUs));
      atUs = toUs;
    }
    return new Transcript("en", words);
  }
}
