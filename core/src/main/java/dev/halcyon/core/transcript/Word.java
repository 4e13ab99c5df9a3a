package dev.halcyon.core.transcript;

import dev.halcyon.core.analysis.TimeSpan;
import java.util.Objects;
import java.util.Optional;

/**
 * One spoken word, with the punctuation that is written at it.
 *
 * @param text without blanks
 * @param fromUs media time
 * @param toUs after {@code fromUs}
 * @param confidence 0..1; 1 where nobody says
 * @param speaker a name or label, when known
 */
public record Word(
    String text, long fromUs, long toUs, double confidence, Optional<String> speaker) {
  public Word {
    Objects.requireNonNull(speaker, "speaker");
    if (text.isEmpty() || text.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException("not one word [text=" + text + "]");
    }
    if (fromUs < 0 || toUs <= fromUs) {
      throw new IllegalArgumentException("no time [fromUs=" + fromUs + ", toUs=" + toUs + "]");
    }
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException("confidence out of 0..1 [value=" + confidence + "]");
    }
  }

  /** A word that is certain, of a speaker unknown. */
  public static Word of(String text, long fromUs, long toUs) {
    return new Word(text, fromUs, toUs, 1, Optional.empty());
  }

  public TimeSpan span() {
    return new TimeSpan(fromUs, toUs);
  }
}
