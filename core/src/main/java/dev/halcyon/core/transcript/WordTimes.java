package dev.halcyon.core.transcript;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Collects the words of a foreign transcript and brings them in order: sorted, none longer than a
 * word can be, none begun before the one before has ended. One thread.
 */
final class WordTimes {
  static final int MAX_WORDS = 150_000;

  /** Longer than any source may be. */
  static final long MAX_US = 48L * 3600 * 1_000_000;

  private static final int MAX_WORD_CHARS = 200;
  private static final int MAX_TEXT_CHARS = 100_000;

  /** Aligners give a word before a pause all of the pause; nobody speaks a word for so long. */
  private static final long LONGEST_US = 3_000_000;

  private static final long SHORTEST_US = 10_000;

  private final List<Word> words = new ArrayList<>();

  /**
   * Adds one word, or several that stand in one text, which share its time by their length.
   *
   * @param toUs not before {@code fromUs}
   */
  void add(String text, long fromUs, long toUs, double confidence, Optional<String> speaker) {
    if (text.length() > MAX_TEXT_CHARS) {
      throw bad("a passage of more than " + MAX_TEXT_CHARS + " characters");
    }
    List<String> parts = WordBreaks.split(text);
    long chars = parts.stream().mapToLong(WordTimes::weight).sum();
    long before = 0;
    for (String part : parts) {
      requireRoom(part);
      long beginUs = Math.clamp(fromUs + (toUs - fromUs) * before / chars, 0, MAX_US);
      before += weight(part);
      long endUs = Math.clamp(fromUs + (toUs - fromUs) * before / chars, 0, MAX_US);
      words.add(new Word(part, beginUs, Math.max(endUs, beginUs + 1), confidence, speaker));
    }
  }

  /** A word takes about as long as it has letters, and a little more. */
  private static long weight(String word) {
    return word.codePointCount(0, word.length()) + 1L;
  }

  private void requireRoom(String word) {
    if (words.size() == MAX_WORDS) {
      throw bad("more than " + MAX_WORDS + " words");
    }
    if (word.length() > MAX_WORD_CHARS) {
      throw bad("a word of more than " + MAX_WORD_CHARS + " characters: " + word.substring(0, 40));
    }
  }

  private static HalcyonException bad(String what) {
    return new HalcyonException(ErrorCode.BAD_REQUEST, "the transcript has " + what);
  }

  /** All words added, in order. Those that begin together are moved apart. */
  Transcript transcript(String language) {
    words.sort(Comparator.comparingLong(Word::fromUs));
    List<Word> ordered = new ArrayList<>(words.size());
    long freeUs = 0;
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      long fromUs = Math.max(word.fromUs(), freeUs);
      long nextUs = i + 1 < words.size() ? words.get(i + 1).fromUs() : Long.MAX_VALUE;
      long toUs = Math.min(Math.min(word.toUs(), fromUs + LONGEST_US), nextUs);
      toUs = Math.max(toUs, fromUs + SHORTEST_US);
      ordered.add(new Word(word.text(), fromUs, toUs, word.confidence(), word.speaker()));
      freeUs = toUs;
    }
    return new Transcript(language, ordered);
  }
}
