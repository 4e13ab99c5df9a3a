package dev.halcyon.codecs.video;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
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
  private final boolean isQuick;
  private final PictureScaler scaler;
  private final PlaneSampler luma = new PlaneSampler(1);
  private final PlaneSampler chroma = new PlaneSampler(1);
  private SmallPicture small = new SmallPicture(0, 0, 0, new byte[0], new byte[0], new byte[0]);

  public FrameScaler() {
    this(WIDTH_PX, false);
  }

  private FrameScaler(int widthPx, boolean isQuick) {
    this.widthPx = widthPx;
    this.isQuick = isQuick;
    scaler =
        new PictureScaler(
            new PictureScaler.Form(
                AV_PIX_FMT_YUV420P,
                AVCOL_SPC_UNSPECIFIED,
                AVCOL_RANGE_MPEG,
                PictureScaler.Light.KEPT),
            Orientation.UPRIGHT,
            isQuick ? SWS_FAST_BILINEAR : SWS_AREA);
  }

  /**
   * Looks at a few pixels of each place instead of all of them: a tenth of the work, for where
   * every picture of a file is measured and means over many pixels are all that counts.
   */
  public static FrameScaler quick() {
    return new FrameScaler(QUICK_WIDTH_PX, true);
  }

  /** The result is lent until the next call. */
  public SmallPicture scale(Picture picture) {
    AVFrame frame = picture.frame();
    PictureSize size =
        PictureSize.shown(frame, Orientation.UPRIGHT).within(widthPx, MOST_UPRIGHT * widthPx);
    fit(size.widthPx(), size.heightPx(), picture.ptsUs());
    if (isQuick
        && frame.color_range() != AVCOL_RANGE_JPEG
        && PlaneSampler.takes(frame, size.widthPx())) {
      luma.sample(frame, 0, small.luma(), small.widthPx(), small.heightPx());
      chroma.sample(frame, 1, small.cb(), small.widthPx() / 2, small.heightPx() / 2);
      chroma.sample(frame, 2, small.cr(), small.widthPx() / 2, small.heightPx() / 2);
      return small;
    }
    AVFrame scaled = scaler.scale(frame, size).pointer();
    copy(scaled, 0, small.widthPx(), small.heightPx(), small.luma());
    copy(scaled, 1, small.widthPx() / 2, small.heightPx() / 2, small.cb());
    copy(scaled, 2, small.widthPx() / 2, small.heightPx() / 2, small.cr());
    return small;
  }

  private void fit(int width, int height, long ptsUs) {
    small =
        small.widthPx() == width && small.heightPx() == height
            ? new SmallPicture(ptsUs, width, height, small.luma(), small.cb(), small.cr())
            : new SmallPicture(
                ptsUs,
                width,
                height,
                new byte[width * height],
                new byte[width * height / 4],
                new byte[width * height / 4]);
  }

  private static void copy(AVFrame from, int plane, int width, int height, byte[] to) {
    int stride = from.linesize(plane);
    ByteBuffer rows = from.data(plane).capacity((height - 1L) * stride + width).asByteBuffer();
    for (int y = 0; y < height; y++) {
      rows.get(y * stride, to, y * width, width);
    }
  }

  @Override
  public void close() {
    scaler.close();
  }
}
