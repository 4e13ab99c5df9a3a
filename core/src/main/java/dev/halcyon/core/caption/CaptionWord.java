package dev.halcyon.core.caption;

import dev.halcyon.core.analysis.TimeSpan;
import java.util.Objects;
import java.util.Optional;

/**
 * One word of a caption.
 *
 * @param text as it is shown, in logical order
 * @param span when it is spoken, clip time
 * @param row 0 the upper one, 1 the lower one
 * @param isBlankBefore whether a blank stands between the word before in its row and this one
 * @param emoji shown behind the word and with it
 */
public record CaptionWord(
    String text, TimeSpan span, int row, boolean isBlankBefore, Optional<String> emoji) {
  public CaptionWord {
    Objects.requireNonNull(span, "span");
    Objects.requireNonNull(emoji, "emoji");
    if (text.isEmpty() || row < 0) {
      throw new IllegalArgumentException("no word [text=" + text + ", row=" + row + "]");
    }
  }
}
