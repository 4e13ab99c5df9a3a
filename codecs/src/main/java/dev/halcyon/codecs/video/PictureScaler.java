package dev.halcyon.codecs.video;

import static org.bytedeco.ffmpeg.global.swscale.SWS_AREA;

import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.ScalerHandle;
import dev.halcyon.codecs.decode.Picture;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;

/**
 * Scales pictures to one width and pixel format, keeping the shape in which they are shown (sample
 * aspect ratio included). One platform thread; owns its native objects; closed by who made it.
 */
final class PictureScaler implements AutoCloseable {
  /** A picture twice as high as 9:16 is cut short no further: shapes beyond are squeezed. */
  private static final int MAX_HEIGHT_TO_WIDTH = 4;

  private final int widthPx;
  private final int pixelFormat;
  private final ScalerHandle scaler = new ScalerHandle(SWS_AREA);
  private FrameHandle scaled;

  /**
   * @param pixelFormat {@code AV_PIX_FMT_…}
   */
  PictureScaler(int widthPx, int pixelFormat) {
    this.widthPx = widthPx;
    this.pixelFormat = pixelFormat;
  }

  /** The result is lent until the next call. */
  FrameHandle scale(Picture picture, int colourRange) {
    int heightPx = heightPx(picture);
    if (scaled == null || scaled.pointer().height() != heightPx) {
      if (scaled != null) {
        scaled.close();
        scaled = null;
      }
      scaled = FrameHandle.ofPicture(pixelFormat, widthPx, heightPx);
      scaled.pointer().color_range(colourRange);
    }
    scaler.scale(picture.frame(), scaled);
    return scaled;
  }

  private int heightPx(Picture picture) {
    AVFrame frame = picture.frame();
    AVRational aspect = frame.sample_aspect_ratio();
    boolean isStated = aspect.num() > 0 && aspect.den() > 0;
    double shownWidth = picture.widthPx() * (isStated ? (double) aspect.num() / aspect.den() : 1.0);
    double heightPx = widthPx * picture.heightPx() / shownWidth;
    return Math.clamp(2 * Math.round(heightPx / 2), 2, MAX_HEIGHT_TO_WIDTH * widthPx);
  }

  @Override
  public void close() {
    if (scaled != null) {
      scaled.close();
    }
    scaler.close();
  }
}
