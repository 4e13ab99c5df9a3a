package dev.halcyon.codecs.mux;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLT;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.CodecIds;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;

/**
 * Encodes one sound into all channels, as AAC (FFmpeg's own encoder) or Opus (libopus). One
 * platform thread; closed by who made it.
 */
public final class AudioEncoder implements AutoCloseable {
  /** What libopus does when it is not told otherwise. */
  public static final long OPUS_USUAL_FRAME_US = 20_000;

  /**
   * How to encode. Opus takes 48,000 Hz only.
   *
   * @param frameUs length of a packet of Opus: 2.5, 5, 10, 20, 40 or 60 ms
   */
  public record Settings(
      Codec codec, int sampleRateHz, int channels, int bitrateBps, long frameUs) {
    /** Packets of the usual length. */
    public Settings(Codec codec, int sampleRateHz, int channels, int bitrateBps) {
      this(codec, sampleRateHz, channels, bitrateBps, OPUS_USUAL_FRAME_US);
    }
  }

  private final CodecContextHandle context;
  private final FrameHandle frame;
  private final PacketHandle packet = new PacketHandle();
  private final Settings settings;
  private final AudioFormat format;
  private final int frameSamples;

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA when this build of FFmpeg cannot encode it
   */
  public AudioEncoder(Settings settings) {
    this.settings = settings;
    CodecContextHandle opened = null;
    FrameHandle samples = null;
    try {
      opened = CodecContextHandle.encoder(encoderName(settings.codec()));
      setUp(opened.pointer());
      opened.open(options());
      frameSamples = opened.pointer().frame_size();
      samples =
          FrameHandle.ofSamples(
              opened.pointer().sample_fmt(),
              settings.sampleRateHz(),
              settings.channels(),
              frameSamples);
      byte[] extradata = opened.extradata();
      format =
          new AudioFormat(
              settings.codec(),
              settings.sampleRateHz(),
              settings.channels(),
              settings.codec() == Codec.OPUS
                  ? CodecIds.opusConfig(extradata)
                  : Bytes.copyOf(extradata));
    } catch (RuntimeException failure) {
      packet.close();
      if (samples != null) {
        samples.close();
      }
      if (opened != null) {
        opened.close();
      }
      throw failure;
    }
    context = opened;
    frame = samples;
  }

  public AudioFormat format() {
    return format;
  }

  /** How many samples each {@link #encode} takes, and each packet lasts. */
  public int frameSamples() {
    return frameSamples;
  }

  /**
   * Encodes one frame of a sound into all channels.
   *
   * @param mono {@link #frameSamples()} samples, −1 to 1
   * @param firstSample its time in samples; each frame follows the one before
   * @param sink takes what is ready; pts and dts are in samples, and the first packets come before
   *     the first sample by the encoder's priming, as FFmpeg counts it
   */
  public void encode(float[] mono, long firstSample, Consumer<EncodedUnit> sink) {
    float[][] planes = new float[settings.channels()][];
    Arrays.fill(planes, mono);
    encode(planes, firstSample, sink);
  }

  /**
   * Encodes one frame, a plane a channel; otherwise as {@link #encode(float[], long, Consumer)}.
   */
  public void encode(float[][] planes, long firstSample, Consumer<EncodedUnit> sink) {
    frame.makeWritable();
    boolean isPlanar = frame.pointer().format() == AV_SAMPLE_FMT_FLTP;
    int channels = settings.channels();
    if (isPlanar) {
      for (int channel = 0; channel < channels; channel++) {
        floats(channel, frameSamples).put(0, planes[channel], 0, frameSamples);
      }
    } else {
      FloatBuffer interleaved = floats(0, frameSamples * channels);
      for (int n = 0; n < interleaved.capacity(); n++) {
        interleaved.put(n, planes[n % channels][n / channels]);
      }
    }
    frame.pointer().pts(firstSample);
    context.send(frame);
    drain(sink);
  }

  /** No sound follows; hands out what is still inside. */
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

  private FloatBuffer floats(int plane, int length) {
    ByteBuffer bytes =
        frame.pointer().extended_data(plane).capacity((long) length * Float.BYTES).asByteBuffer();
    return bytes.order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  private void drain(Consumer<EncodedUnit> sink) {
    while (context.receive(packet)) {
      sink.accept(
          new EncodedUnit(
              true,
              packet.pointer().pts(),
              packet.pointer().dts(),
              Bytes.copyOf(packet.payload())));
    }
  }

  private static String encoderName(Codec codec) {
    return switch (codec) {
      case AAC -> "aac";
      case OPUS -> "libopus";
      default ->
          throw new HalcyonException(
              ErrorCode.UNSUPPORTED_MEDIA, "cannot encode [codec=" + codec + "]");
    };
  }

  /** FFmpeg's default search costs more than all the rest of a card. */
  private Map<String, String> options() {
    return settings.codec() == Codec.AAC
        ? Map.of("aac_coder", "fast")
        : Map.of("frame_duration", Double.toString(settings.frameUs() / 1e3));
  }

  private void setUp(AVCodecContext encoder) {
    encoder.sample_rate(settings.sampleRateHz()).bit_rate(settings.bitrateBps());
    encoder.sample_fmt(settings.codec() == Codec.OPUS ? AV_SAMPLE_FMT_FLT : AV_SAMPLE_FMT_FLTP);
    av_channel_layout_default(encoder.ch_layout(), settings.channels());
    encoder.time_base().num(1).den(settings.sampleRateHz());
    encoder.flags(encoder.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
  }
}
