package dev.halcyon.codecs.video;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGRA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;

import dev.halcyon.core.media.Bytes;
import java.nio.ByteBuffer;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Puts small pictures into large ones: planar 4:2:0 of 8 bits, or BGRA. Sides and places are even.
 * No state.
 */
public final class PicturePlanes {
  /**
   * One plane.
   *
   * @param black of one place in it
   * @param step how many pixels lie between two places
   */
  private record Plane(int index, int step, Bytes black) {
    static Plane of(int index, int step, int... black) {
      byte[] bytes = new byte[black.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) black[i];
      }
      return new Plane(index, step, Bytes.copyOf(bytes));
    }
  }

  private static final int CHROMA = 128;

  private PicturePlanes() {}

  private static List<Plane> planes(AVFrame picture) {
    if (picture.format() == AV_PIX_FMT_BGRA) {
      return List.of(Plane.of(0, 1, 0, 0, 0, 255));
    }
    boolean isFull =
        picture.format() == AV_PIX_FMT_YUVJ420P || picture.color_range() == AVCOL_RANGE_JPEG;
    int luma = isFull ? 0 : 16;
    return List.of(Plane.of(0, 1, luma), Plane.of(1, 2, CHROMA), Plane.of(2, 2, CHROMA));
  }

  /** Makes all of it black. */
  public static void blacken(AVFrame picture) {
    for (Plane plane : planes(picture)) {
      byte[] row = new byte[rowBytes(picture, plane)];
      for (int i = 0; i < row.length; i++) {
        row[i] = (byte) plane.black().at(i % plane.black().length());
      }
      ByteBuffer to = bytes(picture, plane);
      for (int y = 0; y < picture.height() / plane.step(); y++) {
        to.put(y * picture.linesize(plane.index()), row);
      }
    }
  }

  /** Copies a picture of the same format to a place that it fits into. */
  public static void put(AVFrame part, AVFrame whole, int leftPx, int topPx) {
    for (Plane plane : planes(whole)) {
      byte[] row = new byte[rowBytes(part, plane)];
      ByteBuffer from = bytes(part, plane);
      ByteBuffer to = bytes(whole, plane);
      int leftBytes = leftPx / plane.step() * plane.black().length();
      for (int y = 0; y < part.height() / plane.step(); y++) {
        from.get(y * part.linesize(plane.index()), row);
        to.put((topPx / plane.step() + y) * whole.linesize(plane.index()) + leftBytes, row);
      }
    }
  }

  private static int rowBytes(AVFrame picture, Plane plane) {
    return picture.width() / plane.step() * plane.black().length();
  }

  private static ByteBuffer bytes(AVFrame picture, Plane plane) {
    long rows = picture.height() / plane.step();
    return picture
        .data(plane.index())
        .capacity((rows - 1) * picture.linesize(plane.index()) + rowBytes(picture, plane))
        .asByteBuffer();
  }
}
