package dev.halcyon.codecs.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY8;

import dev.halcyon.codecs.av.FrameHandle;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Makes large pictures small and grey by looking at some of their pixels, a fraction of the work of
 * a scaler that looks at all. One platform thread; closed by who made it.
 */
public final class GreySampler implements AutoCloseable {
  private final PlaneSampler sampler = new PlaneSampler(2);
  private byte[] luma = new byte[0];
  private FrameHandle grey;

  /** Whether a picture can be looked at so. */
  public static boolean takes(AVFrame picture, PictureSize size) {
    return PlaneSampler.takes(picture, size.widthPx());
  }

  /**
   * The result is lent until the next call.
   *
   * @param picture that it takes; borrowed for the call
   */
  public AVFrame sample(AVFrame picture, PictureSize size) {
    int width = size.widthPx();
    int height = size.heightPx();
    if (grey == null || grey.pointer().width() != width || grey.pointer().height() != height) {
      close();
      grey = FrameHandle.ofPicture(AV_PIX_FMT_GRAY8, width, height);
      luma = new byte[width * height];
    }
    sampler.sample(picture, 0, luma, width, height);
    int stride = grey.pointer().linesize(0);
    ByteBuffer rows =
        grey.pointer().data(0).capacity((height - 1L) * stride + width).asByteBuffer();
    for (int y = 0; y < height; y++) {
      rows.put(y * stride, luma, y * width, width);
    }
    return grey.pointer();
  }

  @Override
  public void close() {
    if (grey != null) {
      grey.close();
    }
  }
}
