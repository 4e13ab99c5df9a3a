package dev.halcyon.codecs.caption;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * A drawn caption as it is laid over 8-bit 4:2:0 pictures of BT.709, limited range: of each sample
 * what is added, and how much of what lies below is kept. Immutable; any thread.
 */
public final class CaptionImage {
  private static final int OPAQUE = 255;
  private static final int BLACK = 16;
  private static final int NEUTRAL = 128;

  private final int x;
  private final int y;
  private final int width;
  private final int height;
  private final Plane[] planes;

  /** Rows of {@code width} samples: what is added, and what is kept of 255. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Plane(int width, int height, byte[] added, byte[] kept, int[] from, int[] to) {}

  /**
   * @param bgra premultiplied, {@code 4 × width × height} bytes
   * @param x place in the picture; even, as are {@code y} and the size
   */
  CaptionImage(byte[] bgra, int x, int y, int width, int height) {
    if (((x | y | width | height) & 1) != 0 || bgra.length != 4 * width * height) {
      throw new IllegalArgumentException(
          "no such image [x=" + x + ", y=" + y + ", width=" + width + ", height=" + height + "]");
    }
    this.x = x;
    this.y = y;
    this.width = width;
    this.height = height;
    int[] argb = new int[width * height];
    ByteBuffer.wrap(bgra).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(argb);
    planes = new Plane[] {luma(argb), chroma(argb, 1), chroma(argb, 2)};
  }

  /** Most of an image is empty, which is passed over. */
  private Plane luma(int[] argb) {
    byte[] added = new byte[width * height];
    byte[] kept = new byte[width * height];
    Arrays.fill(kept, (byte) OPAQUE);
    for (int i = 0; i < added.length; i++) {
      int pixel = argb[i];
      if (pixel != 0) {
        int a = pixel >>> 24;
        // BT.709 in parts of 65,536: 0.2126 0.7152 0.0722 × 219 ÷ 255.
        int light =
            11_966 * (pixel >> 16 & 0xff) + 40_254 * (pixel >> 8 & 0xff) + 4_064 * (pixel & 0xff);
        added[i] = (byte) (((light + 32_768) >> 16) + scaled(BLACK, a));
        kept[i] = (byte) (OPAQUE - a);
      }
    }
    return plane(width, height, added, kept);
  }

  private Plane chroma(int[] argb, int plane) {
    int columns = width / 2;
    int rows = height / 2;
    byte[] added = new byte[columns * rows];
    byte[] kept = new byte[columns * rows];
    Arrays.fill(kept, (byte) OPAQUE);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int at = 2 * row * width + 2 * column;
        int below = at + width;
        if ((argb[at] | argb[at + 1] | argb[below] | argb[below + 1]) != 0) {
          int b = sum(argb, at, 0);
          int g = sum(argb, at, 8);
          int r = sum(argb, at, 16);
          int a = (sum(argb, at, 24) + 2) >> 2;
          // Of four samples, so a quarter of 65,536: 224 ÷ 255 ÷ 2 at full colour.
          int colour =
              plane == 1
                  ? -6_596 * r - 22_189 * g + 28_784 * b
                  : 28_784 * r - 26_145 * g - 2_639 * b;
          int value = scaled(NEUTRAL, a) + ((colour + (1 << 17)) >> 18);
          added[row * columns + column] = (byte) Math.clamp(value, 0, 255);
          kept[row * columns + column] = (byte) (OPAQUE - a);
        }
      }
    }
    return plane(columns, rows, added, kept);
  }

  /** Of four pixels, one colour. */
  private int sum(int[] argb, int at, int shift) {
    return (argb[at] >>> shift & 0xff)
        + (argb[at + 1] >>> shift & 0xff)
        + (argb[at + width] >>> shift & 0xff)
        + (argb[at + width + 1] >>> shift & 0xff);
  }

  private static int scaled(int value, int alpha) {
    return (value * alpha + 127) / OPAQUE;
  }

  /** Finds where in each row there is anything. */
  private static Plane plane(int width, int height, byte[] added, byte[] kept) {
    int[] from = new int[height];
    int[] to = new int[height];
    for (int row = 0; row < height; row++) {
      int first = 0;
      while (first < width && kept[row * width + first] == (byte) OPAQUE) {
        first++;
      }
      int last = width;
      while (last > first && kept[row * width + last - 1] == (byte) OPAQUE) {
        last--;
      }
      from[row] = first;
      to[row] = last;
    }
    return new Plane(width, height, added, kept, from, to);
  }

  /**
   * Lays the caption over a picture.
   *
   * @param picture 8-bit 4:2:0, writable, large enough
   */
  public void blend(AVFrame picture) {
    byte[] row = new byte[width];
    for (int plane = 0; plane < planes.length; plane++) {
      Plane drawn = planes[plane];
      int shift = plane == 0 ? 0 : 1;
      int stride = picture.linesize(plane);
      ByteBuffer below =
          picture
              .data(plane)
              .capacity(((picture.height() >> shift) - 1L) * stride + (picture.width() >> shift))
              .asByteBuffer();
      for (int line = 0; line < drawn.height(); line++) {
        int from = drawn.from()[line];
        int length = drawn.to()[line] - from;
        if (length > 0) {
          int at = ((y >> shift) + line) * stride + (x >> shift) + from;
          below.get(at, row, 0, length);
          mix(drawn, line * drawn.width() + from, row, length);
          below.put(at, row, 0, length);
        }
      }
    }
  }

  private static void mix(Plane drawn, int at, byte[] row, int length) {
    byte[] added = drawn.added();
    byte[] kept = drawn.kept();
    for (int i = 0; i < length; i++) {
      int product = (row[i] & 0xff) * (kept[at + i] & 0xff) + 128;
      // Divided by 255, to the nearest.
      row[i] = (byte) Math.min(255, (added[at + i] & 0xff) + ((product + (product >> 8)) >> 8));
    }
  }
}
