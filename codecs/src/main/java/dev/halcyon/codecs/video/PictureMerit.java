package dev.halcyon.codecs.video;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * How well a picture would stand for a clip: sharp, with light and dark in it. Sharpness is the
 * variance of the Laplacian (Pech-Pacheco et al., 2000), which blur and fades take away.
 *
 * @param sharpness the variance of the Laplacian of luma
 * @param mean of luma, 0..255
 * @param spread of luma: its standard deviation
 */
record PictureMerit(double sharpness, double mean, double spread) {
  /** Under it a picture counts as black … */
  private static final double BLACK_LUMA = 20;

  /** … and above it as white. */
  private static final double WHITE_LUMA = 240;

  /** Less is one colour: the middle of a fade, a blue screen. */
  private static final double FLAT_SPREAD = 6;

  /** That of an ordinary, well-lit picture. */
  private static final double FULL_SPREAD = 40;

  /** Ranks pictures that show nothing below all others. */
  private static final double NOTHING = 1_000;

  /**
   * @param luma full-range; its first plane is measured
   */
  static PictureMerit of(AVFrame luma) {
    int width = luma.width();
    int height = luma.height();
    int stride = luma.linesize(0);
    ByteBuffer plane = luma.data(0).capacity((height - 1L) * stride + width).asByteBuffer();
    long sum = 0;
    long squares = 0;
    long edges = 0;
    long edgeSquares = 0;
    for (int y = 1; y < height - 1; y++) {
      for (int x = 1; x < width - 1; x++) {
        int at = y * stride + x;
        int centre = plane.get(at) & 0xff;
        int edge =
            4 * centre
                - (plane.get(at - 1) & 0xff)
                - (plane.get(at + 1) & 0xff)
                - (plane.get(at - stride) & 0xff)
                - (plane.get(at + stride) & 0xff);
        sum += centre;
        squares += (long) centre * centre;
        edges += edge;
        edgeSquares += (long) edge * edge;
      }
    }
    double pixels = Math.max(1, (width - 2.0) * (height - 2.0));
    double mean = sum / pixels;
    return new PictureMerit(
        edgeSquares / pixels - square(edges / pixels),
        mean,
        Math.sqrt(Math.max(0, squares / pixels - square(mean))));
  }

  private static double square(double value) {
    return value * value;
  }

  /** Whether there is nothing to be seen. */
  boolean isBlank() {
    return mean < BLACK_LUMA || mean > WHITE_LUMA || spread < FLAT_SPREAD;
  }

  /** To compare pictures of one clip by. */
  double score() {
    if (isBlank()) {
      return spread - NOTHING;
    }
    double clarity = Math.clamp(spread / FULL_SPREAD, 0.2, 1);
    return clarity * Math.log(1 + Math.max(0, sharpness));
  }
}
