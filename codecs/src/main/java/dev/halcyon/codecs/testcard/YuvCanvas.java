package dev.halcyon.codecs.testcard;

import java.util.Arrays;

/**
 * A planar YUV 4:2:0 picture in three arrays, without padding, and the few strokes that the test
 * card needs. One thread at a time.
 */
final class YuvCanvas {
  private final int widthPx;
  private final int heightPx;
  private final byte[] luma;
  private final byte[] cb;
  private final byte[] cr;

  /** Both sizes even. */
  YuvCanvas(int widthPx, int heightPx) {
    if (widthPx < 2 || heightPx < 2 || (widthPx | heightPx) % 2 != 0) {
      throw new IllegalArgumentException(
          "picture size must be even [widthPx=" + widthPx + ", heightPx=" + heightPx + "]");
    }
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    luma = new byte[widthPx * heightPx];
    cb = new byte[luma.length / 4];
    cr = new byte[luma.length / 4];
  }

  int widthPx() {
    return widthPx;
  }

  int heightPx() {
    return heightPx;
  }

  /** Plane 0 is luma, 1 and 2 are Cb and Cr at half the size; written in place by drawing. */
  byte[] plane(int index) {
    return switch (index) {
      case 0 -> luma;
      case 1 -> cb;
      case 2 -> cr;
      default -> throw new IllegalArgumentException("no such plane [index=" + index + "]");
    };
  }

  /** Becomes a copy of a canvas of the same size. */
  void copyFrom(YuvCanvas other) {
    System.arraycopy(other.luma, 0, luma, 0, luma.length);
    System.arraycopy(other.cb, 0, cb, 0, cb.length);
    System.arraycopy(other.cr, 0, cr, 0, cr.length);
  }

  /** Fills [left, right) x [top, bottom), clipped; chroma is rounded outwards. */
  void fill(int left, int top, int right, int bottom, YuvColour colour) {
    int x0 = Math.max(left, 0);
    int y0 = Math.max(top, 0);
    int x1 = Math.min(right, widthPx);
    int y1 = Math.min(bottom, heightPx);
    if (x0 >= x1 || y0 >= y1) {
      return;
    }
    for (int y = y0; y < y1; y++) {
      Arrays.fill(luma, y * widthPx + x0, y * widthPx + x1, (byte) colour.luma());
    }
    int chromaWidth = widthPx / 2;
    for (int y = y0 / 2; y < (y1 + 1) / 2; y++) {
      Arrays.fill(cb, y * chromaWidth + x0 / 2, y * chromaWidth + (x1 + 1) / 2, (byte) colour.cb());
      Arrays.fill(cr, y * chromaWidth + x0 / 2, y * chromaWidth + (x1 + 1) / 2, (byte) colour.cr());
    }
  }

  /** A filled circle. */
  void disc(int centreX, int centreY, int radiusPx, YuvColour colour) {
    for (int dy = -radiusPx; dy <= radiusPx; dy++) {
      int half = (int) Math.sqrt((double) radiusPx * radiusPx - (double) dy * dy);
      fill(centreX - half, centreY + dy, centreX + half + 1, centreY + dy + 1, colour);
    }
  }

  /** A straight stroke of round dots. */
  void stroke(double x0, double y0, double x1, double y1, int thicknessPx, YuvColour colour) {
    int steps = (int) Math.max(1, Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0)));
    for (int i = 0; i <= steps; i++) {
      int x = (int) Math.round(x0 + (x1 - x0) * i / steps);
      int y = (int) Math.round(y0 + (y1 - y0) * i / steps);
      int half = thicknessPx / 2;
      fill(x - half, y - half, x - half + thicknessPx, y - half + thicknessPx, colour);
    }
  }

  /** Text in capitals of 5 x 7 dots, a dot being {@code dotPx} wide and high. */
  void text(int left, int top, int dotPx, String text, YuvColour colour) {
    for (int i = 0; i < text.length(); i++) {
      int[] rows = DotFont.rows(text.charAt(i));
      for (int row = 0; row < rows.length; row++) {
        for (int column = 0; column < DotFont.WIDTH; column++) {
          if ((rows[row] >> (DotFont.WIDTH - 1 - column) & 1) != 0) {
            int x = left + (i * DotFont.ADVANCE + column) * dotPx;
            fill(x, top + row * dotPx, x + dotPx, top + (row + 1) * dotPx, colour);
          }
        }
      }
    }
  }
}
