package dev.halcyon.codecs.video;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import dev.halcyon.codecs.decode.Picture;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Scales pictures down to {@value #WIDTH_PX} pixels' width for measuring. One platform thread; owns
 * its native objects; closed by who made it.
 */
public final class FrameScaler implements AutoCloseable {
  public static final int WIDTH_PX = 320;

  private final PictureScaler scaler = new PictureScaler(WIDTH_PX, AV_PIX_FMT_YUV420P);
  private SmallPicture small = new SmallPicture(0, 0, 0, new byte[0], new byte[0], new byte[0]);

  /** The result is lent until the next call. */
  public SmallPicture scale(Picture picture) {
    AVFrame scaled = scaler.scale(picture, AVCOL_RANGE_MPEG).pointer();
    int width = scaled.width();
    int height = scaled.height();
    boolean isFitting = small.widthPx() == width && small.heightPx() == height;
    small =
        new SmallPicture(
            picture.ptsUs(),
            width,
            height,
            copy(scaled, 0, width, height, isFitting ? small.luma() : new byte[width * height]),
            copy(
                scaled,
                1,
                width / 2,
                height / 2,
                isFitting ? small.cb() : new byte[width * height / 4]),
            copy(
                scaled,
                2,
                width / 2,
                height / 2,
                isFitting ? small.cr() : new byte[width * height / 4]));
    return small;
  }

  private static byte[] copy(AVFrame from, int plane, int width, int height, byte[] to) {
    int stride = from.linesize(plane);
    ByteBuffer rows = from.data(plane).capacity((height - 1L) * stride + width).asByteBuffer();
    for (int y = 0; y < height; y++) {
      rows.get(y * stride, to, y * width, width);
    }
    return to;
  }

  @Override
  public void close() {
    scaler.close();
  }
}
