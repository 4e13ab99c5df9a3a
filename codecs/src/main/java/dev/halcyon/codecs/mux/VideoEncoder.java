package dev.halcyon.codecs.mux;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Encodes 8-bit 4:2:0 pictures, single-threaded and with a fixed GOP, so that the same pictures
 * always give the same bits. Uses the fastest settings of each encoder. One platform thread; closed
 * by who made it.
 */
public final class VideoEncoder implements AutoCloseable {
  /** Whether leading pictures may look back over a keyframe. */
  public enum Gop {
    CLOSED,
    OPEN
  }

  /**
   * How to encode.
   *
   * @param gopFrames from one keyframe to the next
   * @param bFrames at most so many in a row; H.264 and HEVC only
   * @param bitrateBps constant, filled up with padding where the codec can; 0 for constant quality
   */
  public record Settings(
      Codec codec,
      int widthPx,
      int heightPx,
      FrameRate frameRate,
      int gopFrames,
      int bFrames,
      Gop gop,
      int bitrateBps) {}

  private static final int CONSTANT_QUALITY = 23;

  private final CodecContextHandle context;
  private final FrameHandle frame;
  private final PacketHandle packet = new PacketHandle();
  private final Settings settings;
  private final VideoFormat format;

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA when this build of FFmpeg cannot encode it
   */
  public VideoEncoder(Settings settings) {
    this.settings = settings;
    CodecContextHandle opened = null;
    FrameHandle picture = null;
    try {
      opened = CodecContextHandle.encoder(encoderName(settings.codec()));
      setUp(opened.pointer());
      opened.open(options());
      picture = FrameHandle.ofPicture(AV_PIX_FMT_YUV420P, settings.widthPx(), settings.heightPx());
      format =
          new VideoFormat(
              settings.codec(),
              settings.widthPx(),
              settings.heightPx(),
              config(opened.extradata()));
    } catch (RuntimeException failure) {
      packet.close();
      if (picture != null) {
        picture.close();
      }
      if (opened != null) {
        opened.close();
      }
      throw failure;
    }
    context = opened;
    frame = picture;
  }

  public VideoFormat format() {
    return format;
  }

  /**
   * Encodes one picture from three planes without padding.
   *
   * @param tick its time, in periods of the frame rate; strictly increasing
   * @param sink takes what is ready, in decoding order; pts and dts are ticks
   */
  public void encode(byte[] luma, byte[] cb, byte[] cr, long tick, Consumer<EncodedUnit> sink) {
    frame.makeWritable();
    AVFrame picture = frame.pointer();
    fillPlane(picture, 0, luma, settings.widthPx(), settings.heightPx());
    fillPlane(picture, 1, cb, settings.widthPx() / 2, settings.heightPx() / 2);
    fillPlane(picture, 2, cr, settings.widthPx() / 2, settings.heightPx() / 2);
    picture.pts(tick);
    context.send(frame);
    drain(sink);
  }

  /** No picture follows; hands out what is still inside. */
  public void finish(Consumer<EncodedUnit> sink) {
    context.endFrames();
    drain(sink);
  }

  @Override
  public void close() {
    packet.close();
    frame.close();
    context.close();
  }

  private void drain(Consumer<EncodedUnit> sink) {
    while (context.receive(packet)) {
      byte[] payload = new byte[packet.pointer().size()];
      packet.payload().get(payload);
      sink.accept(
          new EncodedUnit(
              packet.isKeyframe(),
              packet.pointer().pts(),
              packet.pointer().dts(),
              isNalCoded() ? AnnexB.lengthPrefixed(payload) : Bytes.copyOf(payload)));
    }
  }

  private static void fillPlane(AVFrame picture, int plane, byte[] from, int width, int height) {
    int stride = picture.linesize(plane);
    ByteBuffer to = picture.data(plane).capacity((long) stride * height).asByteBuffer();
    for (int row = 0; row < height; row++) {
      to.put(row * stride, from, row * width, width);
    }
  }

  private boolean isNalCoded() {
    return settings.codec() == Codec.H264 || settings.codec() == Codec.HEVC;
  }

  private Bytes config(byte[] extradata) {
    return switch (settings.codec()) {
      case H264 -> AnnexB.avcConfig(extradata);
      case HEVC -> AnnexB.hevcConfig(extradata);
      default -> Bytes.EMPTY;
    };
  }

  private static String encoderName(Codec codec) {
    return switch (codec) {
      case H264 -> "libx264";
      case HEVC -> "libx265";
      case VP8 -> "libvpx";
      case VP9 -> "libvpx-vp9";
      default ->
          throw new HalcyonException(
              ErrorCode.UNSUPPORTED_MEDIA, "cannot encode [codec=" + codec + "]");
    };
  }

  private void setUp(AVCodecContext encoder) {
    FrameRate rate = settings.frameRate();
    encoder.width(settings.widthPx()).height(settings.heightPx()).pix_fmt(AV_PIX_FMT_YUV420P);
    encoder.time_base().num(rate.denominator()).den(rate.numerator());
    encoder.framerate().num(rate.numerator()).den(rate.denominator());
    encoder.gop_size(settings.gopFrames()).max_b_frames(settings.bFrames());
    encoder.color_range(AVCOL_RANGE_MPEG).colorspace(AVCOL_SPC_BT709);
    encoder.color_primaries(AVCOL_PRI_BT709).color_trc(AVCOL_TRC_BT709);
    encoder.flags(encoder.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
    if (settings.bitrateBps() > 0) {
      encoder.bit_rate(settings.bitrateBps()).rc_max_rate(settings.bitrateBps());
      encoder.rc_buffer_size(settings.bitrateBps());
    }
  }

  private Map<String, String> options() {
    return switch (settings.codec()) {
      case H264 -> x264Options();
      case HEVC -> x265Options();
      default -> vpxOptions();
    };
  }

  private Map<String, String> x264Options() {
    Map<String, String> options = new HashMap<>();
    options.put("preset", "ultrafast");
    options.put(
        "x264-params", "scenecut=0:b-adapt=0:open-gop=" + (settings.gop() == Gop.OPEN ? 1 : 0));
    if (settings.bitrateBps() > 0) {
      options.put("nal-hrd", "cbr");
    } else {
      options.put("crf", Integer.toString(CONSTANT_QUALITY));
    }
    return options;
  }

  private Map<String, String> x265Options() {
    Map<String, String> options = new HashMap<>();
    options.put("preset", "ultrafast");
    options.put(
        "x265-params",
        "log-level=error:pools=none:frame-threads=1:scenecut=0:b-adapt=0:keyint="
            + settings.gopFrames()
            + ":min-keyint="
            + settings.gopFrames()
            + ":bframes="
            + settings.bFrames()
            + ":open-gop="
            + (settings.gop() == Gop.OPEN ? 1 : 0));
    if (settings.bitrateBps() == 0) {
      options.put("crf", Integer.toString(CONSTANT_QUALITY));
    }
    return options;
  }

  private Map<String, String> vpxOptions() {
    Map<String, String> options = new HashMap<>();
    options.put("deadline", "realtime");
    options.put("cpu-used", "8");
    options.put("auto-alt-ref", "0");
    options.put("lag-in-frames", "0");
    options.put("keyint_min", Integer.toString(settings.gopFrames()));
    if (settings.bitrateBps() == 0) {
      options.put("crf", Integer.toString(CONSTANT_QUALITY));
      options.put("b", settings.codec() == Codec.VP9 ? "0" : "4M");
    }
    return options;
  }
}
