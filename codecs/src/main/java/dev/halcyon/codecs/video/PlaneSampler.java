package dev.halcyon.codecs.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Makes a plane of 8 bits much smaller by the mean of {@value #RUN} neighbouring pixels in one or
 * two rows of each place. It touches a part of the memory only: what a large picture costs is to
 * fetch it. One thread.
 */
final class PlaneSampler {
  /** As many as a long holds. */
  static final int RUN = Long.BYTES;

  private static final long EVERY_OTHER = 0x00ff00ff00ff00ffL;
  private static final long SUM_OF_FOUR = 0x0001000100010001L;

  /** A picture not so many times as wide is rather looked at as a whole. */
  private static final int LEAST_REDUCTION = 4;

  private final int rows;
  private int[] columns = new int[0];
  private int columnsOf;

  /**
   * @param rows of each place that are looked at, 1 or 2
   */
  PlaneSampler(int rows) {
    this.rows = rows;
  }

  /** Whether a picture is of nearly every video's form, and large enough. */
  static boolean takes(AVFrame frame, int widthPx) {
    return frame.format() == AV_PIX_FMT_YUV420P
        && frame.width() >= Math.max(2 * RUN, LEAST_REDUCTION * widthPx)
        && frame.linesize(0) > 0
        && frame.linesize(1) > 0
        && frame.linesize(2) > 0;
  }

  /**
   * @param plane of a picture that it takes
   * @param to gets widthPx × heightPx means
   */
  void sample(AVFrame frame, int plane, byte[] to, int widthPx, int heightPx) {
    int half = plane == 0 ? 1 : 2;
    int width = Math.ceilDiv(frame.width(), half);
    int height = Math.ceilDiv(frame.height(), half);
    int stride = frame.linesize(plane);
    ByteBuffer pixels = frame.data(plane).capacity((height - 1L) * stride + width).asByteBuffer();
    sample(pixels, stride, width, height, to, widthPx, heightPx);
  }

  /**
   * @param from rows of {@code strideBytes}; borrowed for the call
   * @param fromWidthPx at least {@value #RUN}
   * @param to gets widthPx × heightPx means
   */
  void sample(
      ByteBuffer from,
      int strideBytes,
      int fromWidthPx,
      int fromHeightPx,
      byte[] to,
      int widthPx,
      int heightPx) {
    fit(fromWidthPx, widthPx);
    ByteBuffer pixels = from.order(ByteOrder.nativeOrder());
    for (int y = 0, at = 0; y < heightPx; y++) {
      int first = row(y, 0, fromHeightPx, heightPx) * strideBytes;
      int second = row(y, rows - 1, fromHeightPx, heightPx) * strideBytes;
      for (int x = 0; x < widthPx; x++, at++) {
        int sum = sum(pixels.getLong(first + columns[x]));
        // The same row twice where there is one: cheaper than to ask.
        sum += sum(pixels.getLong(second + columns[x]));
        to[at] = (byte) ((sum + RUN) / (2 * RUN));
      }
    }
  }

  /** In the middle of each of the equally high parts of a place. */
  private int row(int y, int part, int fromHeightPx, int heightPx) {
    return (int) ((2L * (rows * y + part) + 1) * fromHeightPx / (2L * rows * heightPx));
  }

  private void fit(int fromWidthPx, int widthPx) {
    if (columns.length == widthPx && columnsOf == fromWidthPx) {
      return;
    }
    columns = new int[widthPx];
    columnsOf = fromWidthPx;
    for (int x = 0; x < widthPx; x++) {
      int middle = (int) ((2L * x + 1) * fromWidthPx / (2L * widthPx));
      columns[x] = Math.clamp(middle - RUN / 2, 0, fromWidthPx - RUN);
    }
  }

  /** Of eight bytes, two by two, then all at once. */
  private static int sum(long eight) {
    long pairs = (eight & EVERY_OTHER) + ((eight >>> Byte.SIZE) & EVERY_OTHER);
    return (int) ((pairs * SUM_OF_FOUR) >>> (3 * Short.SIZE));
  }
}
