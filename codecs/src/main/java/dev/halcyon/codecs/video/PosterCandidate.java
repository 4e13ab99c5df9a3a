package dev.halcyon.codecs.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_QSCALE;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.FF_QP2LAMBDA;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.decode.Picture;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** The best picture offered so far, as JPEG. One platform thread; owns its native objects. */
final class PosterCandidate implements AutoCloseable {
  static final int WIDTH_PX = 640;

  /** FFmpeg's scale 2 (best) to 31: about 60 KB for a 640 × 360 picture. */
  private static final int QUALITY = 3;

  /** Full-range luma under which a picture counts as black. */
  private static final double BLACK_LUMA = 20;

  private final PictureScaler scaler = new PictureScaler(WIDTH_PX, AV_PIX_FMT_YUVJ420P);
  private double bestMerit = Double.NEGATIVE_INFINITY;
  private byte[] jpeg = new byte[0];

  void offer(Picture picture) {
    FrameHandle scaled = scaler.scale(picture, AVCOL_RANGE_JPEG);
    double merit = merit(scaled.pointer());
    if (merit > bestMerit) {
      jpeg = encode(scaled);
      bestMerit = merit;
    }
  }

  /** Sharpness; black pictures rank below all others. */
  private static double merit(AVFrame frame) {
    int width = frame.width();
    int height = frame.height();
    int stride = frame.linesize(0);
    ByteBuffer luma = frame.data(0).capacity((height - 1L) * stride + width).asByteBuffer();
    long sum = 0;
    long edges = 0;
    for (int y = 1; y < height - 1; y++) {
      for (int x = 1; x < width - 1; x++) {
        int at = y * stride + x;
        int centre = luma.get(at) & 0xff;
        int around =
            (luma.get(at - 1) & 0xff)
                + (luma.get(at + 1) & 0xff)
                + (luma.get(at - stride) & 0xff)
                + (luma.get(at + stride) & 0xff);
        sum += centre;
        edges += Math.abs(4 * centre - around);
      }
    }
    double pixels = Math.max(1, (width - 2.0) * (height - 2.0));
    double mean = sum / pixels;
    return mean < BLACK_LUMA ? mean - 256 : edges / pixels;
  }

  private static byte[] encode(FrameHandle picture) {
    AVFrame frame = picture.pointer();
    try (CodecContextHandle encoder = CodecContextHandle.encoder("mjpeg");
        PacketHandle packet = new PacketHandle()) {
      AVCodecContext context = encoder.pointer();
      context.width(frame.width()).height(frame.height());
      context.pix_fmt(AV_PIX_FMT_YUVJ420P).color_range(AVCOL_RANGE_JPEG);
      context.time_base().num(1).den(1);
      context.flags(context.flags() | AV_CODEC_FLAG_QSCALE);
      context.global_quality(QUALITY * FF_QP2LAMBDA);
      encoder.open(Map.of());
      frame.pts(0).quality(QUALITY * FF_QP2LAMBDA);
      encoder.send(picture);
      encoder.endFrames();
      if (!encoder.receive(packet)) {
        throw new HalcyonException(ErrorCode.INTERNAL, "mjpeg gave no packet");
      }
      byte[] bytes = new byte[packet.payload().remaining()];
      packet.payload().get(bytes);
      return bytes;
    }
  }

  /**
   * @throws HalcyonException CORRUPT_MEDIA when no picture was offered
   */
  byte[] toJpeg() {
    if (jpeg.length == 0) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "no picture could be decoded");
    }
    return jpeg;
  }

  @Override
  public void close() {
    scaler.close();
  }
}
