package dev.halcyon.core.transcript;

import dev.halcyon.core.analysis.TimeSpan;
import java.util.Objects;

/**
 * Words that belong together.
 *
 * @param firstWord index in the transcript
 * @param endWord index after the last word
 * @param text as it is written
 * @param span from the begin of the first word to the end of the last
 * @param isComplete whether it ends with a mark that ends sentences, not merely in a pause
 */
public record Sentence(int firstWord, int endWord, String text, TimeSpan span, boolean isComplete) {
  public Sentence {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(span, "span");
    if (firstWord < 0 || endWord <= firstWord) {
      throw new IllegalArgumentException(
          "no words [firstWord=" + firstWord + ", endWord=" + endWord + "]");
    }
  }
}
