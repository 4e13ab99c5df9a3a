package dev.halcyon.core.transcript;

import dev.halcyon.core.analysis.TimeSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Splits words into sentences at the marks that end them, at pauses, and where the speaker changes.
 * What goes on for too long is split at its longest pause.
 */
final class SentenceSplitter {
  /** Recognisers that write no marks still pause between sentences for about this long. */
  private static final long PAUSE_US = 900_000;

  private static final int MOST_WORDS = 48;

  /** A split of a long sentence leaves at least so many words on either side. */
  private static final int LEAST_WORDS = 6;

  private static final String ENDS = ".!?…。！？؟۔।॥‽";
  private static final String CLOSINGS = "\"'”’»)]」』）";

  private static final Set<String> ABBREVIATIONS =
      Set.of(
          "mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "vs.", "etc.", "e.g.", "i.e.", "no.", "jr.",
          "sr.", "inc.", "ltd.", "co.", "corp.", "approx.", "dept.", "est.", "fig.", "gen.", "gov.",
          "sen.", "rep.", "capt.", "lt.", "sgt.", "u.s.", "u.k.", "a.m.", "p.m.", "z.b.", "d.h.",
          "bzw.", "ca.", "nr.", "sra.", "av.");

  private SentenceSplitter() {}

  static List<Sentence> split(List<Word> words) {
    List<Sentence> sentences = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < words.size(); i++) {
      if (i + 1 == words.size() || isEnd(words.get(i), words.get(i + 1))) {
        addSplit(words, first, i + 1, sentences);
        first = i + 1;
      }
    }
    return List.copyOf(sentences);
  }

  private static boolean isEnd(Word word, Word next) {
    return endsSentence(word.text())
        || next.fromUs() - word.toUs() >= PAUSE_US
        || (word.speaker().isPresent() && !word.speaker().equals(next.speaker()));
  }

  /** Whether a word carries a mark that ends a sentence. */
  static boolean endsSentence(String word) {
    int end = word.length();
    while (end > 0 && CLOSINGS.indexOf(word.charAt(end - 1)) >= 0) {
      end--;
    }
    if (end == 0 || ENDS.indexOf(word.charAt(end - 1)) < 0) {
      return false;
    }
    String bare = word.substring(0, end).toLowerCase(Locale.ROOT);
    boolean isInitial =
        end == 2 && bare.endsWith(".") && Character.isLetter(bare.charAt(0)) && !bare.equals("i.");
    return !isInitial && !ABBREVIATIONS.contains(bare);
  }

  private static void addSplit(List<Word> words, int first, int end, List<Sentence> sentences) {
    int from = first;
    while (end - from > MOST_WORDS) {
      int to = longestPause(words, from + LEAST_WORDS, from + MOST_WORDS - LEAST_WORDS);
      sentences.add(sentence(words, from, to));
      from = to;
    }
    sentences.add(sentence(words, from, end));
  }

  /** Index of the word after the longest pause, the last of equal ones. */
  private static int longestPause(List<Word> words, int from, int to) {
    int best = to;
    long bestUs = -1;
    for (int i = from; i <= to; i++) {
      long pauseUs = words.get(i).fromUs() - words.get(i - 1).toUs();
      if (pauseUs >= bestUs) {
        best = i;
        bestUs = pauseUs;
      }
    }
    return best;
  }

  private static Sentence sentence(List<Word> words, int first, int end) {
    Word last = words.get(end - 1);
    return new Sentence(
        first,
        end,
        Transcript.text(words.subList(first, end)),
        new TimeSpan(words.get(first).fromUs(), last.toUs()),
        endsSentence(last.text()));
  }
}
