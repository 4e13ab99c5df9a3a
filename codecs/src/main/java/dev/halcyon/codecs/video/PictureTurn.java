package dev.halcyon.codecs.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGRA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY8;

import dev.halcyon.core.media.Orientation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Turns small pictures as a player would: 8-bit 4:2:0 planes, grey, BGR or BGRA. Plain loops, for
 * the few streams that come turned. Any thread.
 */
record PictureTurn(Orientation orientation) {
  /**
   * @param to of the size that {@code from} has when it is turned, with buffers of its own
   */
  void turn(AVFrame from, AVFrame to) {
    int bytes =
        switch (from.format()) {
          case AV_PIX_FMT_BGRA -> Integer.BYTES;
          case AV_PIX_FMT_BGR24 -> 3;
          default -> 1;
        };
    turnPlane(from, to, 0, from.width(), from.height(), bytes);
    if (bytes > 1 || from.format() == AV_PIX_FMT_GRAY8) {
      return;
    }
    for (int plane = 1; plane < 3; plane++) {
      turnPlane(from, to, plane, (from.width() + 1) / 2, (from.height() + 1) / 2, 1);
    }
  }

  private void turnPlane(AVFrame from, AVFrame to, int plane, int width, int height, int bytes) {
    int shownWidth = orientation.isSideways() ? height : width;
    int shownHeight = orientation.isSideways() ? width : height;
    ByteBuffer source = bytes(from, plane, width * bytes, height);
    ByteBuffer target = bytes(to, plane, shownWidth * bytes, shownHeight);
    int left = orientation.a() + orientation.c() < 0 ? shownWidth - 1 : 0;
    int top = orientation.b() + orientation.d() < 0 ? shownHeight - 1 : 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int shownX = left + orientation.a() * x + orientation.c() * y;
        int shownY = top + orientation.b() * x + orientation.d() * y;
        int at = y * from.linesize(plane) + x * bytes;
        int shownAt = shownY * to.linesize(plane) + shownX * bytes;
        if (bytes == Integer.BYTES) {
          target.putInt(shownAt, source.getInt(at));
        } else {
          for (int i = 0; i < bytes; i++) {
            target.put(shownAt + i, source.get(at + i));
          }
        }
      }
    }
  }

  private static ByteBuffer bytes(AVFrame frame, int plane, int rowBytes, int rows) {
    return frame
        .data(plane)
        .capacity((rows - 1L) * frame.linesize(plane) + rowBytes)
        .asByteBuffer()
        .order(ByteOrder.nativeOrder());
  }
}
