package dev.halcyon.codecs.render;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BITEXACT;

import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.ScalerHandle;
import dev.halcyon.codecs.render.RegionScaler.Place;
import dev.halcyon.core.reframe.CropRect;
import dev.halcyon.core.render.PictureForm;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * What stands behind a picture that does not fill the frame: its middle, out of focus and darker.
 * Blurred while it is small, which costs little and looks the same. One platform thread; owns its
 * native objects; closed by who made it.
 */
final class BlurredGround implements AutoCloseable {
  private static final int REDUCED = 10;

  /** Three passes of a box are close to a Gaussian. */
  private static final int PASSES = 3;

  private static final int RADIUS_PX = 4;

  /** Of 256; the picture in front must stay the brighter one. */
  private static final int BRIGHTNESS = 140;

  private static final int BLACK = 16;

  private final PictureForm form;
  private final RegionScaler reducer = new RegionScaler();
  private final ScalerHandle enlarger =
      new ScalerHandle(SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT);
  private final FrameHandle small;
  private final FrameHandle large;

  BlurredGround(PictureForm form) {
    this.form = form;
    small =
        FrameHandle.ofPicture(
            AV_PIX_FMT_YUV420P, reduced(form.widthPx()), reduced(form.heightPx()));
    large = FrameHandle.ofPicture(AV_PIX_FMT_YUV420P, form.widthPx(), form.heightPx());
    for (FrameHandle picture : new FrameHandle[] {small, large}) {
      picture.pointer().colorspace(AVCOL_SPC_BT709).color_range(AVCOL_RANGE_MPEG);
    }
  }

  private static int reduced(int px) {
    return Math.max(16, px / REDUCED / 2 * 2);
  }

  /**
   * @param target written as a whole
   */
  void draw(AVFrame source, double displayRatio, FrameHandle target) {
    AVFrame picture = small.pointer();
    small.makeWritable();
    reducer.draw(
        source,
        middle(displayRatio),
        true,
        small,
        new Place(0, 0, picture.width(), picture.height()));
    for (int plane = 0; plane < Planes.COUNT; plane++) {
      blur(picture, plane);
    }
    large.makeWritable();
    enlarger.scale(picture, large);
    Planes.copy(large.pointer(), target.pointer(), 0, 0);
  }

  /** The largest part of the source that has the frame's shape. */
  private CropRect middle(double displayRatio) {
    double wanted = (double) form.widthPx() / form.heightPx() / displayRatio;
    double width = Math.min(1, wanted);
    double height = Math.min(1, 1 / wanted);
    return new CropRect((1 - width) / 2, (1 - height) / 2, width, height);
  }

  private static void blur(AVFrame picture, int plane) {
    int width = picture.width() >> Planes.shift(plane);
    int height = picture.height() >> Planes.shift(plane);
    int stride = picture.linesize(plane);
    ByteBuffer bytes = Planes.of(picture, plane);
    int[] values = new int[width * height];
    for (int i = 0; i < values.length; i++) {
      values[i] = (bytes.get(i / width * stride + i % width) & 0xff) << 4;
    }
    int radius = Math.max(1, RADIUS_PX >> Planes.shift(plane));
    for (int pass = 0; pass < PASSES; pass++) {
      values = box(values, width, height, radius, 1, width);
      values = box(values, height, width, radius, width, 1);
    }
    for (int i = 0; i < values.length; i++) {
      int value = (values[i] + 8) >> 4;
      int shown = plane == 0 ? BLACK + (((value - BLACK) * BRIGHTNESS) >> 8) : value;
      bytes.put(i / width * stride + i % width, (byte) Math.clamp(shown, 0, 255));
    }
  }

  /**
   * A mean over {@code 2 × radius + 1} values along lines; what lies outside is as the edge.
   *
   * @param step from one value of a line to the next
   * @param lineStep from one line to the next
   */
  private static int[] box(int[] from, int length, int lines, int radius, int step, int lineStep) {
    int[] to = new int[from.length];
    int count = 2 * radius + 1;
    for (int line = 0; line < lines; line++) {
      int base = line * lineStep;
      int sum = 0;
      for (int i = -radius; i <= radius; i++) {
        sum += from[base + Math.clamp(i, 0, length - 1) * step];
      }
      for (int i = 0; i < length; i++) {
        to[base + i * step] = sum / count;
        sum +=
            from[base + Math.min(i + radius + 1, length - 1) * step]
                - from[base + Math.max(i - radius, 0) * step];
      }
    }
    return to;
  }

  @Override
  public void close() {
    large.close();
    small.close();
    enlarger.close();
    reducer.close();
  }
}
