package dev.halcyon.core.caption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.transcript.Transcript;
import dev.halcyon.core.transcript.TranscriptFormat;
import dev.halcyon.core.transcript.TranscriptText;
import dev.halcyon.core.transcript.Word;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SubtitlesTest {
  private static final Transcript SPOKEN =
      CaptionPlannerTest.spoken("en", "Tom & Jerry <3 cheese, {sometimes} a\\Nlot of it. Yes!");

  private static final List<CaptionLine> LINES =
      CaptionPlanner.plan(SPOKEN, new TimeSpan(0, 60_000_000), CaptionOptions.NARROW);

  @Test
  void subRipAndWebVttAreReadBackAsTheyWereWritten() {
    List<String> words = SPOKEN.words().stream().map(Word::text).toList();
    List<Word> vtt = TranscriptText.parse(TranscriptFormat.WEB_VTT, Subtitles.vtt(LINES)).words();
    assertEquals(words, vtt.stream().map(Word::text).toList());
    for (int i = 0; i < vtt.size(); i++) {
      long offUs = SPOKEN.words().get(i).fromUs() - vtt.get(i).fromUs();
      assertTrue(Math.abs(offUs) <= 1000, "word " + i + ": " + offUs);
    }
    List<Word> srt = TranscriptText.parse(TranscriptFormat.SUB_RIP, Subtitles.srt(LINES)).words();
    assertEquals(words, srt.stream().map(Word::text).toList());
    assertTrue(Subtitles.srt(LINES).startsWith("1\n00:00:00,000 --> 00:00:0"));
  }

  @Test
  void karaokeTimesOfAnEventAddUpToItsWords() {
    String ass = ass(CaptionStyle.KARAOKE);
    List<String> events = ass.lines().filter(line -> line.startsWith("Dialogue:")).toList();
    assertEquals(LINES.size(), events.size());
    for (int i = 0; i < events.size(); i++) {
      Matcher part = Pattern.compile("\\{\\\\kf?(\\d+)\\}").matcher(events.get(i));
      long sum = part.results().mapToLong(r -> Long.parseLong(r.group(1))).sum();
      CaptionLine line = LINES.get(i);
      long endCs = line.words().getLast().span().toUs() / 10_000;
      assertEquals(endCs - line.span().fromUs() / 10_000, sum, events.get(i));
    }
  }

  @Test
  void noTextBecomesACommand() {
    for (CaptionStyle style : CaptionStyle.values()) {
      String events = ass(style).substring(ass(style).indexOf("[Events]"));
      String text = events.replaceAll("\\{[^{}]*\\}", "");
      assertTrue(text.contains("(sometimes)"), text);
      assertFalse(text.contains("{") || text.contains("}"), style + ": " + text);
      assertFalse(text.contains("a\\Nlot"), style + ": " + text);
    }
  }

  @Test
  void eventsChangeTheirWordsAsTheyAreSpoken() {
    CaptionLine line = LINES.getFirst();
    long second = (line.words().get(1).span().fromUs() - line.span().fromUs()) / 1000;
    assertTrue(
        ass(CaptionStyle.HIGHLIGHT_WORD)
            .contains("\\t(" + second + "," + (second + 1) + ",\\c&H00D4FF&)"));
    assertTrue(
        ass(CaptionStyle.POP_IN)
            .contains("\\t(" + second + "," + (second + 80) + ",\\alpha&H00&)"));
    assertTrue(
        ass(CaptionStyle.BOUNCE).contains("\\t(" + second + "," + (second + 120) + ",\\fscy80)"));
  }

  @Test
  void ofNothingTheyAreEmpty() {
    assertEquals("", Subtitles.srt(List.of()));
    assertEquals("WEBVTT\n", Subtitles.vtt(List.of()));
  }

  private static String ass(CaptionStyle style) {
    return Subtitles.ass(new CaptionTrack(style, LINES), 1080, 1920, SafeArea.EVERYWHERE);
  }
}
