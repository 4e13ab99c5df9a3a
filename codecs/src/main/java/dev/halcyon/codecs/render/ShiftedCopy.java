package dev.halcyon.codecs.render;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Copies a part of an 8-bit 4:2:0 picture into another, from a place between its pixels: a camera
 * that moves by less than a pixel a picture would else stutter. Catmull-Rom over four pixels in
 * each direction that needs it; plain loops over rows. One thread.
 */
final class ShiftedCopy {
  /** Parts of a pixel that are told apart; far less than an eye sees move. */
  static final int STEPS = 64;

  private static final int TAPS = 4;
  private static final int WEIGHT_BITS = 8;
  private static final int HALF = 1 << (WEIGHT_BITS - 1);

  private byte[] raw = new byte[0];
  private int[] wide = new int[0];
  private final int[][] rows = new int[TAPS][0];
  private final int[] rowNumbers = new int[TAPS];
  private byte[] out = new byte[0];

  /**
   * @param left where the part begins, in pixels of {@code from}
   * @param x where it is put; even, as are {@code y} and the size
   */
  void copy(
      AVFrame from, double left, double top, AVFrame to, int x, int y, int width, int height) {
    for (int plane = 0; plane < Planes.COUNT; plane++) {
      int shift = Planes.shift(plane);
      copyPlane(
          new Plane(
              Planes.of(from, plane),
              from.linesize(plane),
              (from.width() + shift) >> shift,
              (from.height() + shift) >> shift),
          steps(left / (1 << shift)),
          steps(top / (1 << shift)),
          new Target(Planes.of(to, plane), to.linesize(plane), x >> shift, y >> shift),
          width >> shift,
          height >> shift);
    }
  }

  private static int steps(double place) {
    return (int) Math.rint(place * STEPS);
  }

  private record Plane(ByteBuffer bytes, int stride, int width, int height) {}

  private record Target(ByteBuffer bytes, int stride, int x, int y) {
    int offset(int row) {
      return (y + row) * stride + x;
    }
  }

  private void copyPlane(Plane from, int left, int top, Target to, int width, int height) {
    int column = Math.floorDiv(left, STEPS);
    int line = Math.floorDiv(top, STEPS);
    int[] across = weights(Math.floorMod(left, STEPS));
    int[] down = weights(Math.floorMod(top, STEPS));
    java.util.Arrays.fill(rowNumbers, Integer.MIN_VALUE);
    if (out.length < width) {
      out = new byte[width];
    }
    boolean isWholeRow = Math.floorMod(top, STEPS) == 0;
    boolean isWhole = isWholeRow && Math.floorMod(left, STEPS) == 0;
    for (int row = 0; row < height; row++) {
      if (isWhole) {
        int y = Math.clamp(line + row, 0, from.height() - 1);
        int x = Math.clamp(column, 0, from.width() - width);
        to.bytes().put(to.offset(row), from.bytes(), y * from.stride() + x, width);
        continue;
      }
      if (isWholeRow) {
        pack(filtered(from, line + row, column, across, width), width);
      } else {
        blend(from, line + row, column, across, down, width);
      }
      to.bytes().put(to.offset(row), out, 0, width);
    }
  }

  private void pack(int[] values, int width) {
    for (int i = 0; i < width; i++) {
      out[i] = (byte) Math.max(0, Math.min(255, (values[i] + HALF) >> WEIGHT_BITS));
    }
  }

  private void blend(Plane from, int line, int column, int[] across, int[] down, int width) {
    int[] a = filtered(from, line - 1, column, across, width);
    int[] b = filtered(from, line, column, across, width);
    int[] c = filtered(from, line + 1, column, across, width);
    int[] d = filtered(from, line + 2, column, across, width);
    int half = 1 << (2 * WEIGHT_BITS - 1);
    for (int i = 0; i < width; i++) {
      int sum = a[i] * down[0] + b[i] * down[1] + c[i] * down[2] + d[i] * down[3];
      out[i] = (byte) Math.max(0, Math.min(255, (sum + half) >> (2 * WEIGHT_BITS)));
    }
  }

  /** A row filtered across, times {@code 1 << WEIGHT_BITS}; each is made once. */
  private int[] filtered(Plane from, int line, int column, int[] across, int width) {
    int slot = Math.floorMod(line, TAPS);
    if (rowNumbers[slot] == line && rows[slot].length >= width) {
      return rows[slot];
    }
    if (rows[slot].length < width) {
      rows[slot] = new int[width];
    }
    if (raw.length < width + TAPS) {
      raw = new byte[width + TAPS];
      wide = new int[width + TAPS];
    }
    rowNumbers[slot] = line;
    int y = Math.clamp(line, 0, from.height() - 1);
    for (int i = 0; i < width + TAPS - 1; ) {
      int x = column - 1 + i;
      if (x >= 0 && x < from.width()) {
        int count = Math.min(width + TAPS - 1 - i, from.width() - x);
        from.bytes().get(y * from.stride() + x, raw, i, count);
        i += count;
      } else {
        raw[i++] = from.bytes().get(y * from.stride() + Math.clamp(x, 0, from.width() - 1));
      }
    }
    // The compiler makes vectors of sums of ints, not of bytes.
    for (int i = 0; i < width + TAPS - 1; i++) {
      wide[i] = raw[i] & 0xff;
    }
    int[] made = rows[slot];
    int w0 = across[0];
    int w1 = across[1];
    int w2 = across[2];
    int w3 = across[3];
    for (int i = 0; i < width; i++) {
      made[i] = wide[i] * w0 + wide[i + 1] * w1 + wide[i + 2] * w2 + wide[i + 3] * w3;
    }
    return made;
  }

  /** Catmull-Rom's at a step between the second and the third pixel; the sum is exact. */
  private static int[] weights(int step) {
    double t = (double) step / STEPS;
    double one = 1 << WEIGHT_BITS;
    int w0 = (int) Math.rint(one * (-t + 2 * t * t - t * t * t) / 2);
    int w2 = (int) Math.rint(one * (t + 4 * t * t - 3 * t * t * t) / 2);
    int w3 = (int) Math.rint(one * (-t * t + t * t * t) / 2);
    return new int[] {w0, (1 << WEIGHT_BITS) - w0 - w2 - w3, w2, w3};
  }
}
