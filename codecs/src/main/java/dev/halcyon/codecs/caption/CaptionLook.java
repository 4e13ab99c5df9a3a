package dev.halcyon.codecs.caption;

import dev.halcyon.core.caption.CaptionStyle;

/**
 * Colours and shapes of a style. Colours are ARGB; lengths in heights of letters (em).
 *
 * @param active of the word that is being spoken
 * @param box behind the active word; 0 for none
 * @param panel behind all; 0 for none
 * @param outlineEm of all letters
 * @param activeOutlineEm of the active word's
 */
record CaptionLook(
    int plain, int active, int box, int panel, float outlineEm, float activeOutlineEm) {
  static final int WHITE = 0xffffffff;
  static final int BLACK = 0xff000000;
  static final int SHADOW = 0xa0000000;

  private static final int YELLOW = 0xffffdd33;
  private static final int GREEN = 0xff3dfc7c;
  private static final int VIOLET = 0xff6d3bf5;
  private static final int SMOKE = 0xb0101014;

  private static final float BOLD = 0.17f;
  private static final float THIN = 0.05f;

  static CaptionLook of(CaptionStyle style) {
    return switch (style) {
      case HIGHLIGHT_WORD -> new CaptionLook(WHITE, WHITE, VIOLET, 0, BOLD, THIN);
      case KARAOKE -> new CaptionLook(WHITE, YELLOW, 0, 0, BOLD, BOLD);
      case POP_IN -> new CaptionLook(WHITE, GREEN, 0, 0, BOLD, BOLD);
      case TYPEWRITER -> new CaptionLook(WHITE, WHITE, 0, SMOKE, THIN, THIN);
      case BOUNCE -> new CaptionLook(WHITE, YELLOW, 0, 0, BOLD, BOLD);
    };
  }
}
