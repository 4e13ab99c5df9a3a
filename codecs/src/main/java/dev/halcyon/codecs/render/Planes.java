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
}
