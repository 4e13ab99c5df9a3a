package dev.halcyon.core.transcript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.analysis.TimeSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TranscriptTest {
  @Test
  void sentencesEndAtMarksButNotAtAbbreviations() {
    List<Sentence> sentences =
        spoken("Dr. Smith paid 3.50 dollars. \"Really?\" Yes, J. R. did!").sentences();
    assertEquals(
        List.of("Dr. Smith paid 3.50 dollars.", "\"Really?\"", "Yes, J. R. did!"),
        sentences.stream().map(Sentence::text).toList());
    assertTrue(sentences.getFirst().isComplete());
    assertEquals(0, sentences.getFirst().firstWord());
    assertEquals(sentences.getFirst().endWord(), sentences.get(1).firstWord());
  }

  @Test
  void sentencesEndInPausesAndWithTheSpeaker() {
    Transcript transcript =
        new Transcript(
            "en",
            List.of(
                Word.of("one", 0, 400_000),
                Word.of("two", 1_400_000, 1_800_000),
                new Word("three", 1_800_000, 2_000_000, 1, Optional.of("a")),
                new Word("four", 2_000_000, 2_200_000, 1, Optional.of("b"))));
    assertEquals(
        List.of("one", "two three", "four"),
        transcript.sentences().stream().map(Sentence::text).toList());
    assertFalse(transcript.sentences().getFirst().isComplete());
  }

  @Test
  void endlessTalkIsSplitAtItsLongestPauses() {
    List<Word> words = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      long fromUs = i * 400_000L + (i >= 30 ? 500_000 : 0);
      words.add(Word.of("word", fromUs, fromUs + 400_000));
    }
    List<Sentence> sentences = new Transcript("en", words).sentences();
    assertEquals(30, sentences.getFirst().endWord());
    assertTrue(sentences.stream().allMatch(s -> s.endWord() - s.firstWord() <= 48));
    assertEquals(100, sentences.getLast().endWord());
  }

  @Test
  void aWindowHasTheWordsOfWhichItHoldsMoreThanHalf() {
    Transcript transcript = spoken("a b c d");
    assertEquals(
        List.of("b", "c"),
        transcript.within(new TimeSpan(140_000, 700_000)).stream().map(Word::text).toList());
  }

  @Test
  void chineseAndJapaneseBreakWithoutBlanks() {
    assertEquals(List.of("我", "爱", "你。", "好"), WordBreaks.split("我爱你。好"));
    assertEquals(List.of("食べる", "ラーメン", "が", "好き！"), WordBreaks.split("食べるラーメンが好き！"));
    assertEquals(List.of("don't", "stop!"), WordBreaks.split(" don't  stop! "));
    assertEquals(List.of(), WordBreaks.split("  "));
    assertEquals("我爱你。 ok", Transcript.text(spoken("我 爱 你。 ok").words()));
  }

  @Test
  void wordsNeverOverlap() {
    List<Word> overlapping = List.of(Word.of("a", 0, 10), Word.of("b", 5, 20));
    assertThrows(IllegalArgumentException.class, () -> new Transcript("en", overlapping));
  }

  private static Transcript spoken(String text) {
    List<Word> words = new ArrayList<>();
    for (String word : text.split(" ", -1)) {
      words.add(Word.of(word, words.size() * 250_000L, words.size() * 250_000L + 250_000));
    }
    return new Transcript("en", words);
  }
}
