package dev.halcyon.core.transcript;

import dev.halcyon.core.analysis.TimeSpan;
import java.util.List;
import java.util.Objects;

/**
 * What is said in a file, word by word. Immutable; any thread.
 *
 * @param language a BCP 47 tag such as {@code en} or {@code pt-BR}; {@code und} when unknown
 * @param words in order of time; none begins before the one before it has ended
 */
public record Transcript(String language, List<Word> words) {
  /** The language of which nothing is known. */
  public static final String UNKNOWN_LANGUAGE = "und";

  public static final Transcript EMPTY = new Transcript(UNKNOWN_LANGUAGE, List.of());

  public Transcript {
    Objects.requireNonNull(language, "language");
    words = List.copyOf(words);
    for (int i = 1; i < words.size(); i++) {
      if (words.get(i).fromUs() < words.get(i - 1).toUs()) {
        throw new IllegalArgumentException(
            "words overlap or are out of order [fromUs=" + words.get(i).fromUs() + "]");
      }
    }
  }

  public boolean isEmpty() {
    return words.isEmpty();
  }

  /** All words in sentences, in order; every word is in one of them. */
  public List<Sentence> sentences() {
    return SentenceSplitter.split(words);
  }

  /** The words of which more than half lies in a stretch of time. */
  public List<Word> within(TimeSpan span) {
    return words.subList(firstFrom(span.fromUs()), firstFrom(span.toUs()));
  }

  /** Index of the first word whose middle is at or after a time. */
  private int firstFrom(long atUs) {
    int low = 0;
    int high = words.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      Word word = words.get(middle);
      if (word.fromUs() / 2 + word.toUs() / 2 < atUs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Words as they are written: with blanks between them, but for scripts that have none. */
  public static String text(List<Word> words) {
    StringBuilder text = new StringBuilder();
    for (Word word : words) {
      if (!text.isEmpty() && WordBreaks.isBlankBetween(text, word.text())) {
        text.append(' ');
      }
      text.append(word.text());
    }
    return text.toString();
  }
}
