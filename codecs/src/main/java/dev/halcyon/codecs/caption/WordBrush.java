package dev.halcyon.codecs.caption;

import dev.halcyon.codecs.caption.LineLayout.Bounds;
import dev.halcyon.codecs.caption.LineLayout.PlacedWord;
import dev.halcyon.core.caption.CaptionStyle;
import dev.halcyon.core.caption.WordDrawing;
import dev.halcyon.core.caption.WordDrawing.Mark;
import io.github.humbleui.skija.Canvas;
import io.github.humbleui.skija.FilterBlurMode;
import io.github.humbleui.skija.MaskFilter;
import io.github.humbleui.skija.Paint;
import io.github.humbleui.skija.PaintMode;
import io.github.humbleui.skija.PaintStrokeJoin;
import io.github.humbleui.types.RRect;
import io.github.humbleui.types.Rect;
import java.text.BreakIterator;
import java.util.Locale;

/** Draws single words, layer by layer. One thread; owns its paint; closed by who made it. */
final class WordBrush implements AutoCloseable {
  private static final float SHADOW_DROP_EM = 0.06f;
  private static final float SHADOW_BLUR_EM = 0.07f;
  private static final float ROUND_EM = 0.22f;
  private static final float BOX_SIDE_EM = 0.13f;
  private static final float BOX_TOP_EM = 0.02f;

  private final CaptionLook look;
  private final WordShaper shaper;
  private final Paint paint = new Paint();

  /** From the lowest to the highest. */
  enum Layer {
    SHADOW,
    BOX,
    OUTLINE,
    LETTERS
  }

  WordBrush(CaptionStyle style, WordShaper shaper) {
    this.look = CaptionLook.of(style);
    this.shaper = shaper;
    paint.setAntiAlias(true).setStrokeJoin(PaintStrokeJoin.ROUND);
  }

  /** What lies behind all words. */
  void panel(Canvas canvas, LineLayout layout) {
    if (look.panel() != 0) {
      Bounds panel = layout.panel();
      fill(look.panel(), 1);
      canvas.drawRRect(
          RRect.makeLTRB(
              panel.left(), panel.top(), panel.right(), panel.bottom(), ROUND_EM * layout.emPx()),
          paint);
    }
  }

  void draw(Canvas canvas, LineLayout layout, PlacedWord placed, WordDrawing drawn, Layer layer) {
    if (drawn.alpha() <= 0 || drawn.letters() <= 0) {
      return;
    }
    float em = layout.emPx();
    Bounds box = layout.around(placed);
    float middleX = (box.left() + box.right()) / 2;
    float middleY = (box.top() + box.bottom()) / 2;
    canvas.save();
    canvas.translate(middleX, middleY + (float) drawn.offsetEm() * em);
    canvas.scale((float) drawn.scale(), (float) drawn.scale());
    canvas.translate(-middleX, -middleY);
    if (drawn.letters() == WordDrawing.ALL_LETTERS) {
      layer(canvas, em, box, placed.shaped(), placed.left(), placed.baseline(), drawn, layer);
    } else {
      try (ShapedText begun = shaper.shape(begin(placed, drawn.letters()), em)) {
        float left = placed.shaped().isRightToLeft() ? box.right() - begun.widthPx() : box.left();
        layer(canvas, em, box, begun, left, placed.baseline(), drawn, layer);
      }
    }
    canvas.restore();
  }

  private static String begin(PlacedWord placed, int letters) {
    String text = placed.word().text();
    BreakIterator ends = BreakIterator.getCharacterInstance(Locale.ROOT);
    ends.setText(text);
    int end = ends.first();
    for (int i = 0; i < letters && end < text.length(); i++) {
      end = ends.next();
    }
    return text.substring(0, end);
  }

  private void layer(
      Canvas canvas,
      float em,
      Bounds box,
      ShapedText text,
      float left,
      float baseline,
      WordDrawing drawn,
      Layer layer) {
    boolean isActive = drawn.mark() == Mark.ACTIVE;
    float outline = (isActive ? look.activeOutlineEm() : look.outlineEm()) * em;
    switch (layer) {
      case SHADOW -> {
        try (MaskFilter blur = MaskFilter.makeBlur(FilterBlurMode.NORMAL, SHADOW_BLUR_EM * em)) {
          stroke(CaptionLook.SHADOW, drawn.alpha(), outline);
          paint.setMode(PaintMode.STROKE_AND_FILL).setMaskFilter(blur);
          text.drawAround(canvas, left, baseline + SHADOW_DROP_EM * em, paint);
          paint.setMaskFilter(null);
        }
      }
      case BOX -> {
        if (isActive && look.box() != 0) {
          fill(look.box(), drawn.alpha());
          canvas.drawRRect(
              RRect.makeLTRB(
                  box.left() - BOX_SIDE_EM * em,
                  box.top() - BOX_TOP_EM * em,
                  box.right() + BOX_SIDE_EM * em,
                  box.bottom() + BOX_TOP_EM * em,
                  ROUND_EM * em),
              paint);
        }
      }
      case OUTLINE -> {
        stroke(
            isActive && look.box() != 0 ? look.box() : CaptionLook.BLACK, drawn.alpha(), outline);
        text.drawAround(canvas, left, baseline, paint);
      }
      case LETTERS -> letters(canvas, box, text, left, baseline, drawn);
    }
  }

  private void letters(
      Canvas canvas, Bounds box, ShapedText text, float left, float baseline, WordDrawing drawn) {
    fill(drawn.mark() == Mark.ACTIVE ? look.active() : look.plain(), drawn.alpha());
    text.draw(canvas, left, baseline, paint);
    if (drawn.fill() > 0) {
      float width = (float) ((box.right() - box.left()) * drawn.fill());
      boolean isFromRight = text.isRightToLeft();
      canvas.save();
      canvas.clipRect(
          Rect.makeLTRB(
              isFromRight ? box.right() - width : box.left() - 1,
              box.top() - (box.bottom() - box.top()),
              isFromRight ? box.right() + 1 : box.left() + width,
              box.bottom() + (box.bottom() - box.top())),
          true);
      fill(look.active(), drawn.alpha());
      text.draw(canvas, left, baseline, paint);
      canvas.restore();
    }
  }

  private void fill(int colour, double alpha) {
    paint.setMode(PaintMode.FILL).setColor(faded(colour, alpha));
  }

  private void stroke(int colour, double alpha, float width) {
    paint.setMode(PaintMode.STROKE).setStrokeWidth(width).setColor(faded(colour, alpha));
  }

  private static int faded(int colour, double alpha) {
    int own = colour >>> 24;
    return ((int) Math.round(own * alpha) << 24) | (colour & 0xffffff);
  }

  @Override
  public void close() {
    paint.close();
  }
}
