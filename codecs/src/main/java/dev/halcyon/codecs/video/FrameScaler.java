package dev.halcyon.codecs.video;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.swscale.SWS_AREA;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FAST_BILINEAR;

import dev.halcyon.codecs.decode.Picture;
import dev.halcyon.core.media.Orientation;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Scales pictures down for measuring: to {@value #WIDTH_PX} pixels' width, or to half of that where
 * every picture of a file is looked at. One platform thread; owns its native objects; closed by who
 * made it.
 */
public final class FrameScaler implements AutoCloseable {
  public static final int WIDTH_PX = 320;

  private static final int QUICK_WIDTH_PX = 160;

  /** A picture so many times as high as wide is made smaller than that width. */
  private static final int MOST_UPRIGHT = 4;

  private final int widthPx;
  private final PictureScaler scaler;
  private SmallPicture small = new SmallPicture(0, 0, 0, new byte[0], new byte[0], new byte[0]);

  public FrameScaler() {
    this(WIDTH_PX, SWS_AREA);
  }

  private FrameScaler(int widthPx, int flags) {
    this.widthPx = widthPx;
    scaler =
        new PictureScaler(
            new PictureScaler.Form(
                AV_PIX_FMT_YUV420P,
                AVCOL_SPC_UNSPECIFIED,
                AVCOL_RANGE_MPEG,
                PictureScaler.Light.KEPT),
            Orientation.UPRIGHT,
            flags);
  }

  /**
   * Looks at a few pixels of each place instead of all of them: a tenth of the work, for where
   * every picture of a file is measured and means over many pixels are all that counts.
   */
  public static FrameScaler quick() {
    return new FrameScaler(QUICK_WIDTH_PX, SWS_FAST_BILINEAR);
  }

  /** The result is lent until the next call. */
  public SmallPicture scale(Picture picture) {
    AVFrame frame = picture.frame();
    PictureSize size =
        PictureSize.shown(frame, Orientation.UPRIGHT).within(widthPx, MOST_UPRIGHT * widthPx);
    AVFrame scaled = scaler.scale(frame, size).pointer();
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
