package dev.halcyon.codecs.caption;

import dev.halcyon.core.caption.CaptionLine;
import dev.halcyon.core.caption.CaptionWord;
import dev.halcyon.core.caption.SafeArea;
import java.text.Bidi;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the words of a caption stand in the frame. One thread; owns its shaped words; closed by who
 * made it.
 */
final class LineLayout implements AutoCloseable {
  /** Of the frame's shorter side: about 17 letters in the width of an upright clip. */
  private static final double SIZE = 0.084;

  /** A row that is too wide is drawn smaller, down to here; then it is cut at the frame's edge. */
  private static final double SMALLEST = 0.4;

  private static final float ROW_EM = 1.28f;
  private static final float BLANK_EM = 0.27f;

  /** How far a panel, and about as far a box, reaches beyond its words. */
  private static final float PANEL_EM = 0.28f;

  /** Around the words: outline, shadow, box, and what moves beyond its place. */
  private static final float MARGIN_EM = 0.75f;

  private final List<PlacedWord> words = new ArrayList<>();
  private final float emPx;
  private final Bounds bounds;
  private final Bounds panel;

  /** In pixels of the frame. */
  record Bounds(float left, float top, float right, float bottom) {
    Bounds grown(float by) {
      return new Bounds(left - by, top - by, right + by, bottom + by);
    }

    Bounds and(Bounds that) {
      return new Bounds(
          Math.min(left, that.left),
          Math.min(top, that.top),
          Math.max(right, that.right),
          Math.max(bottom, that.bottom));
    }
  }

  /**
   * @param index of the word in its line
   * @param left of the word
   * @param baseline on which it stands
   */
  record PlacedWord(int index, CaptionWord word, ShapedText shaped, float left, float baseline) {}

  private LineLayout(CaptionLine line, WordShaper shaper, Frame frame, float emPx) {
    this.emPx = emPx;
    List<List<ShapedText>> rows = new ArrayList<>();
    float widest = 0;
    for (int row = 0; row < line.rows(); row++) {
      List<ShapedText> shaped =
          line.row(row).stream().map(word -> shaper.shape(textOf(word), emPx)).toList();
      rows.add(shaped);
      widest = Math.max(widest, width(line.row(row), shaped));
    }
    float bottom = (float) (frame.heightPx() * (1 - frame.safe().bottom())) - PANEL_EM * emPx;
    for (int row = 0; row < rows.size(); row++) {
      float rowBottom = bottom - (rows.size() - 1 - row) * ROW_EM * emPx;
      place(line, row, rows.get(row), rowBottom - 0.3f * emPx, middle(widest, frame));
    }
    Bounds all = new Bounds(frame.widthPx(), frame.heightPx(), 0, 0);
    for (PlacedWord placed : words) {
      all = all.and(around(placed));
    }
    panel = all.grown(PANEL_EM * emPx);
    bounds = all.grown(MARGIN_EM * emPx);
  }

  /**
   * What captions are laid out in.
   *
   * @param safe where they may stand
   */
  record Frame(int widthPx, int heightPx, SafeArea safe) {
    float availablePx() {
      return (float) (widthPx * (1 - safe.left() - safe.right()));
    }
  }

  static LineLayout of(CaptionLine line, WordShaper shaper, Frame frame) {
    float usualPx = (float) (SIZE * Math.min(frame.widthPx(), frame.heightPx()));
    LineLayout usual = new LineLayout(line, shaper, frame, usualPx);
    float widthPx = usual.panel.right() - usual.panel.left();
    if (widthPx <= frame.availablePx()) {
      return usual;
    }
    usual.close();
    double scale = Math.max(SMALLEST, frame.availablePx() / widthPx);
    return new LineLayout(line, shaper, frame, (float) (usualPx * scale));
  }

  static String textOf(CaptionWord word) {
    return word.emoji().map(emoji -> word.text() + " " + emoji).orElse(word.text());
  }

  private float width(List<CaptionWord> row, List<ShapedText> shaped) {
    float width = 0;
    for (int i = 0; i < row.size(); i++) {
      width += shaped.get(i).widthPx() + (i > 0 && row.get(i).isBlankBefore() ? blankPx() : 0);
    }
    return width;
  }

  private float blankPx() {
    return BLANK_EM * emPx;
  }

  /** That of the frame where the widest row is free then, else as near to it as may be. */
  private float middle(float widest, Frame frame) {
    float least = (float) (frame.widthPx() * frame.safe().left()) + PANEL_EM * emPx + widest / 2;
    float most =
        (float) (frame.widthPx() * (1 - frame.safe().right())) - PANEL_EM * emPx - widest / 2;
    return most < least
        ? (least + most) / 2
        : Math.max(least, Math.min(frame.widthPx() / 2f, most));
  }

  /**
   * @param middle of all rows
   */
  private void place(
      CaptionLine line, int row, List<ShapedText> shaped, float baseline, float middle) {
    List<CaptionWord> logical = line.row(row);
    float x = middle - width(logical, shaped) / 2;
    int first = row == 0 ? 0 : line.row(0).size();
    Integer[] order = visualOrder(logical, line.isRightToLeft());
    for (int i = 0; i < order.length; i++) {
      int index = order[i];
      if (i > 0 && logical.get(Math.max(index, order[i - 1])).isBlankBefore()) {
        x += blankPx();
      }
      words.add(new PlacedWord(first + index, logical.get(index), shaped.get(index), x, baseline));
      x += shaped.get(index).widthPx();
    }
  }

  /** Words from left to right, by the levels of their first letters (UAX #9). */
  private static Integer[] visualOrder(List<CaptionWord> row, boolean isRightToLeft) {
    StringBuilder text = new StringBuilder();
    int[] starts = new int[row.size()];
    for (int i = 0; i < row.size(); i++) {
      starts[i] = text.length();
      text.append(row.get(i).text()).append(' ');
    }
    Bidi bidi =
        new Bidi(
            text.toString(),
            isRightToLeft ? Bidi.DIRECTION_RIGHT_TO_LEFT : Bidi.DIRECTION_LEFT_TO_RIGHT);
    byte[] levels = new byte[row.size()];
    Integer[] order = new Integer[row.size()];
    for (int i = 0; i < order.length; i++) {
      levels[i] = (byte) bidi.getLevelAt(starts[i]);
      order[i] = i;
    }
    Bidi.reorderVisually(levels, 0, order, 0, order.length);
    return order;
  }

  /** The word's own height is that of its letters, whatever they are. */
  Bounds around(PlacedWord placed) {
    return new Bounds(
        placed.left(),
        placed.baseline() - 0.95f * emPx,
        placed.left() + placed.shaped().widthPx(),
        placed.baseline() + 0.25f * emPx);
  }

  /** From left to right. */
  List<PlacedWord> words() {
    return words;
  }

  float emPx() {
    return emPx;
  }

  /** All that may ever be drawn. */
  Bounds bounds() {
    return bounds;
  }

  /** What a panel behind all words covers. */
  Bounds panel() {
    return panel;
  }

  @Override
  public void close() {
    words.forEach(word -> word.shaped().close());
  }
}
