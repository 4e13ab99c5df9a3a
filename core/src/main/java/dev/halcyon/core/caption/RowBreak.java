package dev.halcyon.core.caption;

import dev.halcyon.core.transcript.Word;
import dev.halcyon.core.transcript.WordBreaks;
import java.util.List;

/** How the words of one caption lie in its rows. */
final class RowBreak {
  /** What a row is worse for that holds one short word alone. */
  private static final double ALONE = 8;

  /** What a break after a comma is better for. */
  private static final double AT_MARK = 3;

  private static final int SHORT_CHARS = 4;

  private RowBreak() {}

  /** How many words stand in the upper row; all of them when there is one row. */
  static int of(List<Word> words, CaptionOptions options) {
    if (options.maxRows() == 1 || chars(words) <= options.maxRowChars()) {
      return words.size();
    }
    int best = words.size();
    double least = Double.MAX_VALUE;
    for (int upper = 1; upper < words.size(); upper++) {
      double cost = cost(words, upper, options);
      if (cost < least) {
        best = upper;
        least = cost;
      }
    }
    return best;
  }

  private static double cost(List<Word> words, int upper, CaptionOptions options) {
    List<Word> above = words.subList(0, upper);
    List<Word> below = words.subList(upper, words.size());
    double beyond =
        Math.max(0, chars(above) - options.maxRowChars())
            + Math.max(0, chars(below) - options.maxRowChars());
    boolean isMark = CaptionBreaks.isPauseMark(words.get(upper - 1).text());
    return 1000 * beyond
        + Math.abs(chars(above) - chars(below))
        + (isAlone(above) ? ALONE : 0)
        + (isAlone(below) ? ALONE : 0)
        - (isMark ? AT_MARK : 0);
  }

  private static boolean isAlone(List<Word> row) {
    return row.size() == 1 && row.getFirst().text().length() <= SHORT_CHARS;
  }

  /** Whether words fit into the rows of one caption; one alone always does. */
  static boolean isFitting(List<Word> words, CaptionOptions options) {
    if (words.size() == 1 || chars(words) <= options.maxRowChars()) {
      return true;
    }
    int upper = of(words, options);
    return upper < words.size()
        && isRow(words.subList(0, upper), options)
        && isRow(words.subList(upper, words.size()), options);
  }

  private static boolean isRow(List<Word> row, CaptionOptions options) {
    return row.size() == 1 || chars(row) <= options.maxRowChars();
  }

  /** Letters and blanks of words in one row. */
  static int chars(List<Word> words) {
    int chars = 0;
    for (int i = 0; i < words.size(); i++) {
      String text = words.get(i).text();
      boolean isBlank = i > 0 && WordBreaks.isBlankBetween(words.get(i - 1).text(), text);
      chars += width(text) + (isBlank ? 1 : 0);
    }
    return chars;
  }

  /** Letters of East Asia are twice as wide as others. */
  private static int width(String text) {
    return text.codePoints()
        .map(c -> Character.isIdeographic(c) || isKanaOrHangul(c) ? 2 : 1)
        .sum();
  }

  private static boolean isKanaOrHangul(int c) {
    return (c >= 0x3000 && c <= 0x30ff)
        || (c >= 0xac00 && c <= 0xd7a3)
        || (c >= 0xff00 && c <= 0xff60);
  }
}
