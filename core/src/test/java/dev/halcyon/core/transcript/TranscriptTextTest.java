package dev.halcyon.core.transcript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TranscriptTextTest {
  private static final String SRT =
      """
      1
      00:00:01,000 --> 00:00:02,000
      <i>Hello</i> {\\an8}world.

      2
      00:00:03,500 --> 00:00:04,500 X1:10 X2:20
      - How are you?
      """;

  private static final String VTT =
      """
      WEBVTT - a film

      NOTE no cue: 00:01

      STYLE
      ::cue { color: red }

      intro
      00:01.000 --> 00:03.000 align:start position:10%
      <v.loud Ann Smith>One <00:01.500>two <c.yellow>three</c> &amp; [Music]

      01:00:00.000 --> 01:00:01.000
      four
      """;

  private static final String JSON =
      """
      {"text": "ignored", "language": "en", "segments": [
        {"id": 0, "start": 1.0, "end": 3.0, "text": " Born in 1984, yes.", "speaker": "SPEAKER_00",
         "words": [
          {"word": " Born", "start": 1.0, "end": 1.25, "score": 0.9},
          {"word": "in", "start": 1.25, "end": 1.5, "probability": 0.8},
          {"word": "1984,"},
          {"word": "yes.", "start": 2.5, "end": 3.0, "speaker": "SPEAKER_01"}]},
        {"start": 4, "end": 6, "text": "No word times."}]}
      """;

  @Test
  void readsSubRip() {
    Transcript transcript = TranscriptText.parse(TranscriptFormat.SUB_RIP, SRT);
    List<Word> words = transcript.words();
    assertEquals(List.of("Hello", "world.", "How", "are", "you?"), texts(words));
    assertEquals(new TimeSpan(1_000_000, 1_461_538), words.getFirst().span(), "6 of 13 letters");
    assertEquals(new TimeSpan(1_461_538, 2_000_000), words.get(1).span());
    assertEquals(3_500_000, words.get(2).fromUs());
    assertEquals(4_500_000, words.getLast().toUs());
  }

  @Test
  void readsWebVttWithWordTimesAndVoices() {
    List<Word> words = TranscriptText.parse(TranscriptFormat.WEB_VTT, VTT).words();
    assertEquals(List.of("One", "two", "three", "&", "four"), texts(words));
    assertEquals(1_000_000, words.getFirst().fromUs());
    assertEquals(1_500_000, words.getFirst().toUs());
    assertEquals(1_500_000, words.get(1).fromUs());
    assertEquals(Optional.of("Ann Smith"), words.getFirst().speaker());
    assertEquals(3_600_000_000L, words.getLast().fromUs());
  }

  @Test
  void readsWordsOfWhisperAndGivesNumbersTheTimeBetween() {
    Transcript transcript = TranscriptText.parse(TranscriptFormat.WORDS_JSON, JSON);
    assertEquals("en", transcript.language());
    List<Word> words = transcript.words();
    assertEquals(List.of("Born", "in", "1984,", "yes.", "No", "word", "times."), texts(words));
    assertEquals(0.9, words.getFirst().confidence());
    assertEquals(1_500_000, words.get(2).fromUs());
    assertEquals(2_500_000, words.get(2).toUs());
    assertEquals(Optional.of("SPEAKER_00"), words.get(2).speaker());
    assertEquals(Optional.of("SPEAKER_01"), words.get(3).speaker());
    assertEquals(4_000_000, words.get(4).fromUs());
    assertEquals(6_000_000, words.getLast().toUs());
  }

  @Test
  void readsFlatWords() {
    String flat =
        "{\"words\":[{\"text\":\"b\",\"start\":2,\"end\":2.5},{\"word\":\"a\",\"start\":1,\"end\":9}]}";
    List<Word> words = TranscriptText.parse(TranscriptFormat.WORDS_JSON, flat).words();
    assertEquals(List.of("a", "b"), texts(words));
    assertEquals(2_000_000, words.getFirst().toUs(), "ends as the next begins");
    assertEquals(
        List.of("a"),
        texts(
            TranscriptText.parse(
                    TranscriptFormat.WORDS_JSON, "[{\"word\":\"a\",\"start\":1,\"end\":2}]")
                .words()));
  }

  @Test
  void takesEveryLineEndAndAByteOrderMark() {
    for (String end : List.of("\n", "\r\n", "\r")) {
      String text = "\ufeff" + SRT.replace("\n", end);
      assertEquals(5, TranscriptText.parse(TranscriptFormat.SUB_RIP, text).words().size());
    }
  }

  @Test
  void captionsThatRollUpSayEachLineOnce() {
    String rolling =
        """
        WEBVTT
        Kind: captions

        00:00:00.000 --> 00:00:02.000
         \n\
        so<00:00:00.500><c> this</c><00:00:01.000><c> rolls</c>

        00:00:02.000 --> 00:00:02.010
        so this rolls
         \n\

        00:00:02.010 --> 00:00:04.000
        so this rolls
        up<00:00:03.000><c> again</c>
        """;
    List<Word> words = TranscriptText.parse(TranscriptFormat.WEB_VTT, rolling).words();
    assertEquals(List.of("so", "this", "rolls", "up", "again"), texts(words));
    assertEquals(500_000, words.get(1).fromUs());
    assertEquals(3_000_000, words.getLast().fromUs());
  }

  @Test
  void overlappingCuesStayWhole() {
    String overlapping =
        """
        WEBVTT

        00:01.000 --> 00:05.000
        first one

        00:02.000 --> 00:04.000
        second one

        00:02.000 --> 00:04.000
        third one
        """;
    List<Word> words = TranscriptText.parse(TranscriptFormat.WEB_VTT, overlapping).words();
    assertEquals(List.of("first", "one", "second", "one", "third", "one"), texts(words));
    assertEquals(2_000_000, words.get(1).toUs());
    assertEquals(4_000_000, words.getLast().toUs());
  }

  @Test
  void refusesWhatIsNoTranscriptWithASentence() {
    refuses(TranscriptFormat.SUB_RIP, "hello", "this is no SubRip file");
    refuses(TranscriptFormat.SUB_RIP, "1\n00:00:01 --> 00:00:02\nx", "line 2: no times");
    refuses(TranscriptFormat.SUB_RIP, "99:00:00,000 --> 99:00:01,000\nx", "later than 48 hours");
    refuses(TranscriptFormat.WEB_VTT, SRT, "does not begin with WEBVTT");
    refuses(TranscriptFormat.WORDS_JSON, "{\"a\":1}", "neither \"segments\" nor \"words\"");
    refuses(TranscriptFormat.WORDS_JSON, "{\"segments\":[{\"text\":\"x\"}]}", "no \"start\"");
    refuses(TranscriptFormat.WORDS_JSON, "{\"words\":[{\"start\":1}]}", "no \"word\"");
    refuses(TranscriptFormat.WORDS_JSON, "{\"words\":\n[", "line 2: it ends too early");
    refuses(
        TranscriptFormat.WORDS_JSON,
        "{\"words\":[{\"word\":\"a\",\"start\":1e300,\"end\":2}]}",
        "later than 48 hours");
    refuses(
        TranscriptFormat.SUB_RIP,
        "00:00:01,000 --> 00:00:02,000\n" + "x".repeat(300),
        "a word of more");
  }

  @Test
  void whatWouldTakeTooMuchMemoryIsRefused() {
    String blank = " ".repeat(TranscriptText.MAX_CHARS + 1);
    for (TranscriptFormat format : TranscriptFormat.values()) {
      refuses(format, blank, "more than 16 million characters");
    }
    String objects = "[" + "{\"a\":0},".repeat(450_000) + "0]";
    refuses(TranscriptFormat.WORDS_JSON, objects, "more than 900000 values");
  }

  private static void refuses(TranscriptFormat format, String text, String sentence) {
    HalcyonException refused =
        assertThrows(HalcyonException.class, () -> TranscriptText.parse(format, text));
    assertEquals(ErrorCode.BAD_REQUEST, refused.code());
    assertTrue(refused.getMessage().contains(sentence), refused.getMessage());
  }

  @Test
  void anythingIsReadOrRefused() {
    List<String> seeds = List.of(SRT, VTT, JSON);
    for (long seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder(seeds.get(random.nextInt(3)));
      for (int i = random.nextInt(12); i >= 0; i--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(4)) {
          case 0 ->
              text.setCharAt(at, (char) random.nextInt(random.nextInt(8) == 0 ? 0x10000 : 0x80));
          case 1 -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(20)));
          case 2 -> text.insert(at, text.substring(random.nextInt(text.length())));
          default -> text.insert(at, "0123456789:.,<>-[]{}\"\n".charAt(random.nextInt(22)));
        }
      }
      for (TranscriptFormat format : TranscriptFormat.values()) {
        try {
          TranscriptText.parse(format, text.toString()).sentences();
        } catch (HalcyonException e) {
          assertEquals(ErrorCode.BAD_REQUEST, e.code(), "seed " + seed);
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + seed, e);
        }
      }
    }
  }

  @Test
  void formatIsToldByTheName() {
    assertEquals(Optional.of(TranscriptFormat.SUB_RIP), TranscriptFormat.ofFileName("a.b.SRT"));
    assertEquals(Optional.of(TranscriptFormat.WORDS_JSON), TranscriptFormat.ofFileName("w.json"));
    assertEquals(Optional.empty(), TranscriptFormat.ofFileName("srt"));
  }

  private static List<String> texts(List<Word> words) {
    return words.stream().map(Word::text).toList();
  }
}
