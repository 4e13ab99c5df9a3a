package dev.halcyon.codecs.caption;

import io.github.humbleui.skija.Canvas;
import io.github.humbleui.skija.Paint;
import io.github.humbleui.skija.TextLine;
import java.util.List;

/**
 * A word as glyphs, in one or more fonts. One thread; owns them; closed by who made it.
 *
 * @param runs from left to right
 */
record ShapedText(List<TextLine> runs, boolean isRightToLeft) implements AutoCloseable {
  ShapedText {
    runs = List.copyOf(runs);
  }

  float widthPx() {
    float width = 0;
    for (TextLine run : runs) {
      width += run.getWidth();
    }
    return width;
  }

  void draw(Canvas canvas, float left, float baseline, Paint paint) {
    float x = left;
    for (TextLine run : runs) {
      canvas.drawTextLine(run, x, baseline, paint);
      x += run.getWidth();
    }
  }

  @Override
  public void close() {
    runs.forEach(TextLine::close);
  }
}
