package dev.halcyon.codecs.mux;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.ColourCode;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;

/**
 * Encodes the pictures of a clip anew, as H.264 at a quality at which the eye sees no difference,
 * each at its own time. Single-threaded, so that the same pictures give the same bits. One platform
 * thread; closed by who made it.
 */
public final class PictureEncoder implements AutoCloseable {
  /** Visually lossless; 0 to 51. */
  private static final String CRF = "18";

  private static final long KEYFRAME_EVERY_US = 2_000_000;

  /** What a picture lasts whose stream does not say. */
  private static final long DEFAULT_PICTURE_US = 33_333;

  private final CodecContextHandle encoder;
  private final PacketHandle packet = new PacketHandle();
  private final long pictureUs;
  private final Track track;

  /**
   * What is encoded: 4:2:0, 8 bits, square pixels, upright.
   *
   * @param pictureUs how long a picture lasts on average; 0 where it is not known
   * @param colour what the samples mean, where it is known
   */
  public record Settings(
      int widthPx, int heightPx, long pictureUs, Optional<ColourCode> colour, int range) {}

  /**
   * @param index of the track that the packets will be of
   * @throws HalcyonException UNSUPPORTED_MEDIA when this build of FFmpeg has no x264
   */
  public PictureEncoder(int index, Settings settings) {
    pictureUs = settings.pictureUs() > 0 ? settings.pictureUs() : DEFAULT_PICTURE_US;
    CodecContextHandle opened = null;
    try {
      opened = CodecContextHandle.encoder("libx264");
      setUp(opened.pointer(), settings);
      opened.open(Map.of("preset", "veryfast", "crf", CRF));
      track =
          new Track(
              index,
              new VideoFormat(
                  Codec.H264,
                  settings.widthPx(),
                  settings.heightPx(),
                  AnnexB.avcConfig(opened.extradata()),
                  new Display(
                      Orientation.UPRIGHT,
                      Optional.empty(),
                      settings.colour(),
                      Optional.empty(),
                      Optional.empty())));
    } catch (RuntimeException failure) {
      packet.close();
      if (opened != null) {
        opened.close();
      }
      throw failure;
    }
    encoder = opened;
  }

  private void setUp(AVCodecContext context, Settings settings) {
    context.width(settings.widthPx()).height(settings.heightPx()).pix_fmt(AV_PIX_FMT_YUV420P);
    context.time_base().num(1).den(1_000_000);
    context.framerate().num(1_000_000).den((int) pictureUs);
    context.gop_size(Math.clamp(KEYFRAME_EVERY_US / pictureUs, 2, 600));
    context.color_range(settings.range());
    settings
        .colour()
        .ifPresent(
            colour ->
                context
                    .colorspace(colour.matrix())
                    .color_primaries(colour.primaries())
                    .color_trc(colour.transfer()));
    context.sample_aspect_ratio().num(1).den(1);
    context.flags(context.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
  }

  /** What the packets are. */
  public Track track() {
    return track;
  }

  /**
   * @param picture of the settings' size, its pts in microseconds and higher than the last;
   *     borrowed
   * @param sink takes what is ready, in decoding order
   */
  public void encode(FrameHandle picture, Consumer<CodedPacket> sink) {
    encoder.send(picture);
    drain(sink);
  }

  /** No picture follows; hands out what is still inside. */
  public void finish(Consumer<CodedPacket> sink) {
    encoder.endFrames();
    drain(sink);
  }

  private void drain(Consumer<CodedPacket> sink) {
    while (encoder.receive(packet)) {
      byte[] payload = new byte[packet.pointer().size()];
      packet.payload().get(payload);
      long durationUs = packet.pointer().duration();
      sink.accept(
          new CodedPacket(
              track,
              packet.isKeyframe(),
              packet.pointer().pts(),
              packet.pointer().dts(),
              durationUs > 0 ? durationUs : pictureUs,
              AnnexB.lengthPrefixed(payload)));
    }
  }

  @Override
  public void close() {
    packet.close();
    encoder.close();
  }
}
