package dev.halcyon.codecs.testcard;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_BE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_PAL;
import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVComponentDescriptor;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;

/**
 * The first component of a decoded frame (luma, or red: for black and white it is all the same), at
 * any depth, scaled to 8 bits. Valid as long as the frame.
 */
final class PictureLuma implements LumaPlane {
  private final int widthPx;
  private final int heightPx;
  private final int strideBytes;
  private final int stepBytes;
  private final int offsetBytes;
  private final int shift;
  private final int depth;
  private final ByteBuffer plane;

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA for pictures in a hardware's memory or a palette's
   */
  PictureLuma(AVFrame frame) {
    widthPx = frame.width();
    heightPx = frame.height();
    AVPixFmtDescriptor descriptor = av_pix_fmt_desc_get(frame.format());
    if (descriptor == null
        || (descriptor.flags() & (AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_PAL)) != 0
        || frame.linesize(0) <= 0) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "pixel format not readable [format=" + frame.format() + "]");
    }
    AVComponentDescriptor component = descriptor.comp(0);
    strideBytes = frame.linesize(component.plane());
    stepBytes = component.step();
    offsetBytes = component.offset();
    shift = component.shift();
    depth = component.depth();
    plane = frame.data(component.plane()).capacity((long) strideBytes * heightPx).asByteBuffer();
  }

  @Override
  public int widthPx() {
    return widthPx;
  }

  @Override
  public int heightPx() {
    return heightPx;
  }

  @Override
  public int at(int xPx, int yPx) {
    int offset = yPx * strideBytes + xPx * stepBytes + offsetBytes;
    int value = plane.get(offset) & 0xff;
    if (depth <= 8) {
      return value;
    }
    int wide = value | (plane.get(offset + 1) & 0xff) << 8;
    return (wide >> shift) >> (depth - 8);
  }
}
