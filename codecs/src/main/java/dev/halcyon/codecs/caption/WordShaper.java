package dev.halcyon.codecs.caption;

import io.github.humbleui.skija.Font;
import io.github.humbleui.skija.FontEdging;
import io.github.humbleui.skija.FontHinting;
import io.github.humbleui.skija.shaper.Shaper;
import io.github.humbleui.skija.shaper.ShapingOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Makes glyphs of words, with HarfBuzz. One thread; owns its fonts; closed by who made it. */
final class WordShaper implements AutoCloseable {
  private final CaptionFonts fonts = CaptionFonts.open();
  private final Shaper shaper = Shaper.makeShapeDontWrapOrReorder();

  /** Closed by the caller. */
  ShapedText shape(String text, float sizePx) {
    boolean isRightToLeft = isRightToLeft(text);
    ShapingOptions options = ShapingOptions.DEFAULT.withLeftToRight(!isRightToLeft);
    List<ShapedText.Part> parts = new ArrayList<>();
    for (CaptionFonts.Run run : fonts.runs(text)) {
      try (Font font = new Font(run.typeface(), sizePx)) {
        // Outlines alone decide: hints would move letters by whole pixels while they grow.
        font.setEdging(FontEdging.ANTI_ALIAS).setHinting(FontHinting.NONE).setSubpixel(true);
        parts.add(
            new ShapedText.Part(shaper.shapeLine(run.text(), font, options), run.isPictures()));
      }
    }
    if (isRightToLeft) {
      Collections.reverse(parts);
    }
    return new ShapedText(parts, isRightToLeft);
  }

  private static boolean isRightToLeft(String text) {
    return text.codePoints()
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

  @Override
  public void close() {
    shaper.close();
    fonts.close();
  }
}
