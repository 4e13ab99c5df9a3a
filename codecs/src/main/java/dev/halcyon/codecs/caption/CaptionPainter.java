package dev.halcyon.codecs.caption;

import dev.halcyon.codecs.caption.LineLayout.Bounds;
import dev.halcyon.codecs.caption.LineLayout.Frame;
import dev.halcyon.codecs.caption.LineLayout.PlacedWord;
import dev.halcyon.core.caption.CaptionDrawing;
import dev.halcyon.core.caption.CaptionLine;
import dev.halcyon.core.caption.CaptionStyle;
import dev.halcyon.core.caption.CaptionTrack;
import dev.halcyon.core.caption.SafeArea;
import dev.halcyon.core.caption.WordDrawing;
import dev.halcyon.core.error.HalcyonException;
import io.github.humbleui.skija.Bitmap;
import io.github.humbleui.skija.Canvas;
import io.github.humbleui.skija.ColorAlphaType;
import io.github.humbleui.skija.ColorType;
import io.github.humbleui.skija.ImageInfo;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Draws captions. What looks the same is drawn once: the last image, and the layout of the last
 * line, are kept. One platform thread; owns its native objects; closed by who made it.
 */
public final class CaptionPainter implements AutoCloseable {
  /** Of the drawing: what changes a pixel changes it. Skija and the fonts are named with it. */
  public static final String VERSION = "2 skija 0.143.17 inter 4.1 dejavu 7.0.8";

  /** What is before, Latin, Greek, Cyrillic, Hebrew, Arabic, our fonts have. */
  private static final int FIRST_UNSURE = 0x700;

  private final Frame frame;
  private final CaptionStyle style;
  private final WordShaper shaper = new WordShaper();
  private final WordBrush brush;
  private LineLayout layout;
  private CaptionLine laidOut;
  private CaptionDrawing last = CaptionDrawing.NOTHING;
  private Optional<CaptionImage> lastImage = Optional.empty();

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA when this machine cannot draw text
   */
  public CaptionPainter(CaptionStyle style, int widthPx, int heightPx, SafeArea safe) {
    this.style = style;
    this.frame = new Frame(widthPx, heightPx, safe);
    this.brush = new WordBrush(style, shaper);
  }

  /**
   * The fonts of this machine that a track needs, as no font of ours has all of its letters, each
   * with what tells it from others of its name; none where this machine cannot draw text.
   */
  public static SortedSet<String> machineFonts(CaptionTrack track) {
    List<String> words =
        track.lines().stream()
            .flatMap(line -> line.words().stream())
            .map(LineLayout::textOf)
            .filter(text -> text.codePoints().anyMatch(c -> c >= FIRST_UNSURE))
            .toList();
    if (words.isEmpty()) {
      return Collections.emptySortedSet();
    }
    try (CaptionFonts fonts = CaptionFonts.open()) {
      words.forEach(fonts::runs);
      return new TreeSet<>(fonts.machineFonts());
    } catch (HalcyonException unable) {
      return Collections.emptySortedSet(); // Whoever draws says so.
    }
  }

  /** The image of a drawing; empty when there is nothing to be seen. */
  public Optional<CaptionImage> image(CaptionDrawing drawing) {
    if (!drawing.equals(last)) {
      lastImage = drawing.line().map(line -> paint(line, drawing));
      last = drawing;
    }
    return lastImage;
  }

  private CaptionImage paint(CaptionLine line, CaptionDrawing drawing) {
    if (!line.equals(laidOut)) {
      if (layout != null) {
        layout.close();
      }
      layout = LineLayout.of(line, shaper, frame);
      laidOut = line;
    }
    Bounds bounds = layout.bounds();
    int x = even(bounds.left(), frame.widthPx());
    int y = even(bounds.top(), frame.heightPx());
    int width = Math.max(2, even(bounds.right() + 2, frame.widthPx()) - x);
    int height = Math.max(2, even(bounds.bottom() + 2, frame.heightPx()) - y);
    ImageInfo form = new ImageInfo(width, height, ColorType.BGRA_8888, ColorAlphaType.PREMUL);
    try (Bitmap bitmap = new Bitmap()) {
      bitmap.allocPixels(form);
      bitmap.erase(0);
      try (Canvas canvas = new Canvas(bitmap)) {
        canvas.translate(-x, -y);
        paint(canvas, drawing);
      }
      return new CaptionImage(bitmap.readPixels(), x, y, width, height);
    }
  }

  private static int even(float px, int most) {
    return Math.clamp(2 * (long) Math.floor(px / 2), 0, most / 2 * 2);
  }

  /** What lies below first: no word's shadow or outline covers another word. */
  private void paint(Canvas canvas, CaptionDrawing drawing) {
    brush.panel(canvas, layout);
    for (WordBrush.Layer layer : WordBrush.Layer.values()) {
      for (PlacedWord placed : layout.words()) {
        WordDrawing drawn = drawing.words().get(placed.index());
        brush.draw(canvas, layout, placed, drawn, layer);
      }
    }
  }

  /** The style that is drawn. */
  public CaptionStyle style() {
    return style;
  }

  @Override
  public void close() {
    if (layout != null) {
      layout.close();
    }
    brush.close();
    shaper.close();
  }
}
