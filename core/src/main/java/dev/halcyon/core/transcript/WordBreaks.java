package dev.halcyon.core.transcript;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where written text breaks into words: at blanks, and in Chinese and Japanese, which have none,
 * before each ideograph and where the kana change, so that no mark and no ending stands alone.
 */
public final class WordBreaks {
  /** Blanks of all kinds, and control characters, which nobody speaks either. */
  private static final Pattern BLANKS = Pattern.compile("[\\p{Z}\\p{Cc}]+");

  private static final String CLOSING = "、。，．！？：；）」』】〉》…";

  private WordBreaks() {}

  /** The words of a text; none for a blank one. */
  public static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    for (String piece : BLANKS.split(text, -1)) {
      splitPiece(piece, words);
    }
    return words;
  }

  private static void splitPiece(String piece, List<String> words) {
    int from = 0;
    int at = 0;
    while (at < piece.length()) {
      int before = piece.codePointAt(at);
      at += Character.charCount(before);
      if (at < piece.length() && isBreakBetween(before, piece.codePointAt(at))) {
        words.add(piece.substring(from, at));
        from = at;
      }
    }
    if (from < piece.length()) {
      words.add(piece.substring(from));
    }
  }

  private static boolean isBreakBetween(int before, int now) {
    if (!Character.isLetterOrDigit(now) || "ー々".indexOf(now) >= 0) {
      return false;
    }
    if (CLOSING.indexOf(before) >= 0) {
      return true;
    }
    boolean hasNoBlanks = isWithoutBlanks(before) || isWithoutBlanks(now);
    return hasNoBlanks && Character.isLetterOrDigit(before) && !isRun(before, now);
  }

  /** Kana of one kind, or an ideograph with its ending. */
  private static boolean isRun(int before, int now) {
    UnicodeScript script = UnicodeScript.of(before);
    boolean isProlonged = before == 'ー' || before == '々';
    return switch (UnicodeScript.of(now)) {
      case HIRAGANA -> script == UnicodeScript.HIRAGANA || script == UnicodeScript.HAN;
      case KATAKANA -> script == UnicodeScript.KATAKANA || isProlonged;
      default -> false;
    };
  }

  /** Whether a blank stands between a text and the word that follows. */
  public static boolean isBlankBetween(CharSequence text, String word) {
    int before = Character.codePointBefore(text, text.length());
    boolean isClosed = isWithoutBlanks(before) || CLOSING.indexOf(before) >= 0;
    return !(isClosed && isWithoutBlanks(word.codePointAt(0)));
  }

  private static boolean isWithoutBlanks(int c) {
    UnicodeScript script = UnicodeScript.of(c);
    return script == UnicodeScript.HAN
        || script == UnicodeScript.HIRAGANA
        || script == UnicodeScript.KATAKANA
        || c == 'ー';
  }
}
