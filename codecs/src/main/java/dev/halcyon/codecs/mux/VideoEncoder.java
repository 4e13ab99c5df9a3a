package dev.halcyon.codecs.mux;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.bitstream.Av1Config;
import dev.halcyon.codecs.bitstream.Av1Obus;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.ColourCode;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.media.SampleAspect;
import dev.halcyon.core.media.VideoFormat;
import java.nio.ByteBuffer;
import java.util.Optional;
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
    OPEN,
    /** H.264 only: no keyframe but the first; pictures are refreshed bit by bit. */
    REFRESHED
  }

  /** Whether a picture is coded at once or as two fields woven together. */
  public enum Scan {
    PROGRESSIVE,
    /** H.264 only: macroblock-adaptive, the top field first. */
    INTERLACED
  }

  /**
   * How to encode.
   *
   * @param gopFrames from one keyframe to the next
   * @param bFrames at most so many in a row of H.264 and HEVC; VP8, VP9 and AV1 refer to pictures
   *     that are still to come, or are never shown, where it is not 0
   * @param bitrateBps constant, filled up with padding where the codec can; 0 for constant quality
   * @param display what the coded media says of how it is shown; BT.709 where it says no colour. Of
   *     its orientation the media says nothing: it goes into the format
   */
  public record Settings(
      Codec codec,
      int widthPx,
      int heightPx,
      FrameRate frameRate,
      int gopFrames,
      int bFrames,
      Gop gop,
      Scan scan,
      int bitrateBps,
      Display display) {
    /** Progressive, and shown as it is. */
    public Settings(
        Codec codec,
        int widthPx,
        int heightPx,
        FrameRate frameRate,
        int gopFrames,
        int bFrames,
        Gop gop,
        int bitrateBps) {
      this(
          codec,
          widthPx,
          heightPx,
          frameRate,
          gopFrames,
          bFrames,
          gop,
          Scan.PROGRESSIVE,
          bitrateBps,
          Display.PLAIN);
    }
  }

  private static final ColourCode BT709 = new ColourCode(1, 1, 1, false);

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
      opened = open(settings);
      picture = FrameHandle.ofPicture(AV_PIX_FMT_YUV420P, settings.widthPx(), settings.heightPx());
      format =
          new VideoFormat(
              settings.codec(),
              settings.widthPx(),
              settings.heightPx(),
              config(settings, opened.extradata()),
              Display.turned(settings.display().orientation()));
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
              framed(payload)));
    }
  }

  private Bytes framed(byte[] payload) {
    return switch (settings.codec()) {
      case H264, HEVC -> AnnexB.lengthPrefixed(payload);
      case AV1 -> Av1Obus.withoutDelimiter(Bytes.copyOf(payload));
      default -> Bytes.copyOf(payload);
    };
  }

  private static void fillPlane(AVFrame picture, int plane, byte[] from, int width, int height) {
    int stride = picture.linesize(plane);
    ByteBuffer to = picture.data(plane).capacity((long) stride * height).asByteBuffer();
    for (int row = 0; row < height; row++) {
      to.put(row * stride, from, row * width, width);
    }
  }

  private static CodecContextHandle open(Settings settings) {
    CodecContextHandle encoder = CodecContextHandle.encoder(encoderName(settings.codec()));
    try {
      setUp(encoder.pointer(), settings);
      encoder.open(new VideoEncoderOptions(settings).toMap());
      return encoder;
    } catch (RuntimeException failure) {
      encoder.close();
      throw failure;
    }
  }

  private static Bytes config(Settings settings, byte[] extradata) {
    return switch (settings.codec()) {
      case H264 -> AnnexB.avcConfig(extradata);
      case HEVC -> AnnexB.hevcConfig(extradata);
      case AV1 -> av1Config(settings);
      default -> Bytes.EMPTY;
    };
  }

  /** The AV1 encoder states its header with its first picture: another one is asked for it. */
  private static Bytes av1Config(Settings settings) {
    try (CodecContextHandle probe = open(settings);
        FrameHandle grey =
            FrameHandle.ofPicture(AV_PIX_FMT_YUV420P, settings.widthPx(), settings.heightPx());
        PacketHandle first = new PacketHandle()) {
      grey.pointer().pts(0);
      probe.send(grey);
      probe.endFrames();
      boolean isGiven = probe.receive(first);
      return (isGiven ? Av1Config.of(Bytes.copyOf(first.payload())) : Optional.<Bytes>empty())
          .orElseThrow(
              () ->
                  new HalcyonException(
                      ErrorCode.CORRUPT_MEDIA, "an encoder gave no sequence header"));
    }
  }

  private static String encoderName(Codec codec) {
    return switch (codec) {
      case H264 -> "libx264";
      case HEVC -> "libx265";
      case AV1 -> "libaom-av1";
      case VP8 -> "libvpx";
      case VP9 -> "libvpx-vp9";
      default ->
          throw new HalcyonException(
              ErrorCode.UNSUPPORTED_MEDIA, "cannot encode [codec=" + codec + "]");
    };
  }

  private static void setUp(AVCodecContext encoder, Settings settings) {
    FrameRate rate = settings.frameRate();
    encoder.width(settings.widthPx()).height(settings.heightPx()).pix_fmt(AV_PIX_FMT_YUV420P);
    encoder.time_base().num(rate.denominator()).den(rate.numerator());
    encoder.framerate().num(rate.numerator()).den(rate.denominator());
    encoder.gop_size(settings.gopFrames()).max_b_frames(settings.bFrames());
    ColourCode colour = settings.display().colour().orElse(BT709);
    encoder.color_range(colour.isFullRange() ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG);
    encoder.colorspace(colour.matrix()).color_primaries(colour.primaries());
    encoder.color_trc(colour.transfer());
    SampleAspect aspect = settings.display().sampleAspect().orElse(SampleAspect.SQUARE);
    encoder.sample_aspect_ratio().num(aspect.width()).den(aspect.height());
    encoder.flags(encoder.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
    if (settings.bitrateBps() > 0) {
      encoder.bit_rate(settings.bitrateBps()).rc_max_rate(settings.bitrateBps());
      encoder.rc_buffer_size(settings.bitrateBps());
    }
  }
}
