package dev.halcyon.core.caption;

import java.util.Locale;

/** How captions move. */
public enum CaptionStyle {
  /** All words stand; the spoken one is marked. */
  HIGHLIGHT_WORD,
  /** All words stand; colour runs through them as they are spoken. */
  KARAOKE,
  /** Each word appears as it is spoken, growing a little beyond its size. */
  POP_IN,
  /** Letters appear one by one as they are spoken. */
  TYPEWRITER,
  /** All words stand; the spoken one jumps. */
  BOUNCE;

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException when no style has this name
   */
  public static CaptionStyle ofWire(String text) {
    for (CaptionStyle style : values()) {
      if (style.wire().equals(text)) {
        return style;
      }
    }
    throw new IllegalArgumentException("no such caption style [style=" + text + "]");
  }
}
