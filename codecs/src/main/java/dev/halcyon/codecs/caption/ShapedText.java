package dev.halcyon.codecs.caption;

import io.github.humbleui.skija.Canvas;
import io.github.humbleui.skija.Paint;
import io.github.humbleui.skija.TextLine;
import java.util.List;

/**
 * A word as glyphs, in one or more fonts. One thread; owns them; closed by who made it.
 *
 * @param parts from left to right
 */
record ShapedText(List<Part> parts, boolean isRightToLeft) implements AutoCloseable {
  /**
   * Glyphs of one font.
   *
   * @param isPictures whether they are pictures in colour, without outlines
   */
  record Part(TextLine line, boolean isPictures) {}

  ShapedText {
    parts = List.copyOf(parts);
  }

  float widthPx() {
    float width = 0;
    for (Part part : parts) {
      width += part.line().getWidth();
    }
    return width;
  }

  void draw(Canvas canvas, float left, float baseline, Paint paint) {
    float x = left;
    for (Part part : parts) {
      canvas.drawTextLine(part.line(), x, baseline, paint);
      x += part.line().getWidth();
    }
  }

  /** What lies around letters; pictures have none, and would be drawn once more. */
  void drawAround(Canvas canvas, float left, float baseline, Paint paint) {
    float x = left;
    for (Part part : parts) {
      if (!part.isPictures()) {
        canvas.drawTextLine(part.line(), x, baseline, paint);
      }
      x += part.line().getWidth();
    }
  }

  @Override
  public void close() {
    parts.forEach(part -> part.line().close());
  }
}
