package dev.halcyon.core.caption;

import dev.halcyon.core.analysis.TimeSpan;
import java.util.List;
import java.util.Objects;

/**
 * What is shown at one time: a few words in one or two rows.
 *
 * @param span when it stands, clip time; it holds the spans of its words
 * @param words in the order in which they are spoken, at least one; those of the upper row first
 */
public record CaptionLine(TimeSpan span, List<CaptionWord> words) {
  public CaptionLine {
    Objects.requireNonNull(span, "span");
    words = List.copyOf(words);
    if (words.isEmpty()) {
      throw new IllegalArgumentException("no words");
    }
    CaptionWord before = words.getFirst();
    for (CaptionWord word : words) {
      if (word.span().fromUs() < span.fromUs()
          || word.span().toUs() > span.toUs()
          || word.span().fromUs() < before.span().fromUs()
          || word.row() < before.row()) {
        throw new IllegalArgumentException(
            "words are out of order or outside [word=" + word + ", span=" + span + "]");
      }
      before = word;
    }
  }

  public int rows() {
    return words.getLast().row() + 1;
  }

  /** The words of one row. */
  public List<CaptionWord> row(int row) {
    return words.stream().filter(word -> word.row() == row).toList();
  }

  /** One row as text, with its emoji. */
  public String rowText(int row) {
    StringBuilder text = new StringBuilder();
    for (CaptionWord word : row(row)) {
      text.append(!text.isEmpty() && word.isBlankBefore() ? " " : "").append(word.text());
      word.emoji().ifPresent(emoji -> text.append(' ').append(emoji));
    }
    return text.toString();
  }

  /** All rows as text, a line feed between them. */
  public String text() {
    return rows() == 1 ? rowText(0) : rowText(0) + "\n" + rowText(1);
  }

  /** Whether its first strong letter is of a script that is written from right to left. */
  public boolean isRightToLeft() {
    return words.stream()
        .flatMapToInt(word -> word.text().codePoints())
        .map(Character::getDirectionality)
        .filter(
            d ->
                d == Character.DIRECTIONALITY_LEFT_TO_RIGHT
                    || d == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                    || d == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC)
        .mapToObj(d -> d != Character.DIRECTIONALITY_LEFT_TO_RIGHT)
        .findFirst()
        .orElse(false);
  }
}
