package dev.halcyon.codecs.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_QSCALE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT470BG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_RGB;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGRA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.FF_QP2LAMBDA;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Orientation;
import java.nio.ByteBuffer;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Single pictures as files. On a platform thread. */
public final class StillImage {
  /** JFIF's colours: BT.601 over the full range. */
  public static final PictureScaler.Form JPEG =
      new PictureScaler.Form(
          AV_PIX_FMT_YUVJ420P,
          AVCOL_SPC_BT470BG,
          AVCOL_RANGE_JPEG,
          PictureScaler.Light.FOR_SCREENS);

  /** What palettes and WebP are made of. */
  public static final PictureScaler.Form RGB =
      new PictureScaler.Form(
          AV_PIX_FMT_BGRA, AVCOL_SPC_RGB, AVCOL_RANGE_JPEG, PictureScaler.Light.FOR_SCREENS);

  /** FFmpeg's scale 2 (best) to 31: about 60 KB for a 640 × 360 picture. */
  static final int POSTER_QUALITY = 3;

  /** Of 100. At this size it takes about two thirds of the JPEG's bytes and looks the same. */
  private static final String WEBP_QUALITY = "82";

  private StillImage() {}

  /**
   * @param picture in the form {@link #JPEG}
   * @param quality 2 (best) to 31
   */
  public static byte[] jpeg(FrameHandle picture, int quality) {
    try (CodecContextHandle encoder = CodecContextHandle.encoder("mjpeg")) {
      AVCodecContext context = encoder.pointer();
      context.color_range(AVCOL_RANGE_JPEG);
      context.flags(context.flags() | AV_CODEC_FLAG_QSCALE);
      context.global_quality(quality * FF_QP2LAMBDA);
      picture.pointer().quality(quality * FF_QP2LAMBDA);
      return encoded(encoder, picture, Map.of());
    }
  }

  /** The picture of a JPEG file as WebP. */
  public static byte[] webpOf(byte[] jpeg) {
    try (CodecContextHandle decoder = CodecContextHandle.decoder(AV_CODEC_ID_MJPEG);
        PacketHandle packet = new PacketHandle();
        FrameHandle decoded = new FrameHandle();
        PictureScaler scaler = new PictureScaler(RGB, Orientation.UPRIGHT);
        CodecContextHandle encoder = CodecContextHandle.encoder("libwebp")) {
      decoder.open(Map.of());
      packet.fill(ByteBuffer.wrap(jpeg), true, 0, 0);
      decoder.send(packet);
      decoder.endPackets();
      if (!decoder.receive(decoded)) {
        throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "the JPEG has no picture");
      }
      AVFrame frame = decoded.pointer();
      FrameHandle rgb = scaler.scale(frame, new PictureSize(frame.width(), frame.height()));
      return encoded(encoder, rgb, Map.of("quality", WEBP_QUALITY));
    }
  }

  private static byte[] encoded(
      CodecContextHandle encoder, FrameHandle picture, Map<String, String> options) {
    AVFrame frame = picture.pointer();
    encoder.pointer().width(frame.width()).height(frame.height()).pix_fmt(frame.format());
    encoder.pointer().time_base().num(1).den(1);
    frame.pts(0);
    encoder.open(options);
    try (PacketHandle packet = new PacketHandle()) {
      encoder.send(picture);
      encoder.endFrames();
      if (!encoder.receive(packet)) {
        throw new HalcyonException(ErrorCode.INTERNAL, "an image encoder gave no packet");
      }
      byte[] bytes = new byte[packet.payload().remaining()];
      packet.payload().get(bytes);
      return bytes;
    }
  }
}
