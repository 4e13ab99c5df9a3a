package dev.halcyon.codecs.render;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** The planes of 8-bit 4:2:0 pictures, row by row. One thread. */
final class Planes {
  /** Luma, Cb, Cr. */
  static final int COUNT = 3;

  private Planes() {}

  /** How many times fewer rows and columns a plane has than the picture, as a shift. */
  static int shift(int plane) {
    return plane == 0 ? 0 : 1;
  }

  /** A plane with its padding; a view of the picture's own memory. */
  static ByteBuffer of(AVFrame picture, int plane) {
    int rows = (picture.height() + shift(plane)) >> shift(plane);
    int columns = (picture.width() + shift(plane)) >> shift(plane);
    return picture
        .data(plane)
        .capacity((rows - 1L) * picture.linesize(plane) + columns)
        .asByteBuffer();
  }

  /**
   * Copies all of a picture to a place in another.
   *
   * @param x even, as is {@code y}
   */
  static void copy(AVFrame from, AVFrame to, int x, int y) {
    for (int plane = 0; plane < COUNT; plane++) {
      int shift = shift(plane);
      ByteBuffer source = of(from, plane);
      ByteBuffer target = of(to, plane);
      int columns = from.width() >> shift;
      for (int row = 0; row < from.height() >> shift; row++) {
        int at = ((y >> shift) + row) * to.linesize(plane) + (x >> shift);
        target.put(at, source, row * from.linesize(plane), columns);
      }
    }
  }
}
