package dev.halcyon.core.caption;

import java.util.Objects;

/**
 * How captions are laid out.
 *
 * @param maxRowChars most letters in a row; a longer word has a row for itself
 * @param maxRows 1 or 2
 * @param safe where captions may stand
 */
public record CaptionOptions(
    int maxRowChars, int maxRows, Case letters, Emoji emoji, SafeArea safe) {
  /** For clips as narrow as phones held upright. */
  public static final CaptionOptions NARROW =
      new CaptionOptions(20, 2, Case.AS_SPOKEN, Emoji.NONE, SafeArea.EVERYWHERE);

  public static final CaptionOptions SQUARE =
      new CaptionOptions(28, 2, Case.AS_SPOKEN, Emoji.NONE, SafeArea.PLAIN);

  public static final CaptionOptions WIDE =
      new CaptionOptions(40, 2, Case.AS_SPOKEN, Emoji.NONE, SafeArea.PLAIN);

  /** Capital letters or not. */
  public enum Case {
    AS_SPOKEN,
    UPPER
  }

  /** Whether pictures are put beside words that have one. */
  public enum Emoji {
    NONE,
    DICTIONARY
  }

  public CaptionOptions {
    Objects.requireNonNull(letters, "letters");
    Objects.requireNonNull(emoji, "emoji");
    Objects.requireNonNull(safe, "safe");
    if (maxRowChars < 4 || maxRowChars > 100 || maxRows < 1 || maxRows > 2) {
      throw new IllegalArgumentException(
          "out of range [maxRowChars=" + maxRowChars + ", maxRows=" + maxRows + "]");
    }
  }

  /** What suits a clip of this shape. */
  public static CaptionOptions ofShape(int widthPx, int heightPx) {
    double ratio = (double) widthPx / heightPx;
    return ratio < 0.8 ? NARROW : ratio < 1.4 ? SQUARE : WIDE;
  }

  /** Clear of a platform's controls, which it shows over upright clips alone. */
  public CaptionOptions on(Platform platform) {
    boolean isUpright = safe.equals(SafeArea.EVERYWHERE);
    return isUpright
        ? new CaptionOptions(maxRowChars, maxRows, letters, emoji, platform.safe())
        : this;
  }

  public CaptionOptions with(Emoji changed) {
    return new CaptionOptions(maxRowChars, maxRows, letters, changed, safe);
  }

  public CaptionOptions with(Case changed) {
    return new CaptionOptions(maxRowChars, maxRows, changed, emoji, safe);
  }
}
