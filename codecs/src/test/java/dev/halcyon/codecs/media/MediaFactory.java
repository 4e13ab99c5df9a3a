package dev.halcyon.codecs.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.media.CodedTrack.CodedPacket;
import dev.halcyon.codecs.mux.EncodedUnit;
import dev.halcyon.codecs.mux.VideoEncoder;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.FrameRate;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;

/** For tests: codes pictures and sound that functions describe. */
public final class MediaFactory {
  /** Luma of a pixel, 16..235. */
  @FunctionalInterface
  public interface Painter {
    int luma(int frame, int x, int y);
  }

  /** A sample, ±1. */
  @FunctionalInterface
  public interface Wave {
    double at(int channel, long sample);
  }

  /** Shape of a coded video track. */
  public record VideoShape(
      int widthPx, int heightPx, int fps, int frames, int gopFrames, int bFrames) {}

  private MediaFactory() {}

  public static CodedTrack h264(VideoShape shape, Painter painter) {
    return h264(shape, painter, Display.PLAIN);
  }

  /**
   * @param display what the coded media says of how it is shown
   */
  public static CodedTrack h264(VideoShape shape, Painter painter, Display display) {
    int width = shape.widthPx();
    int height = shape.heightPx();
    FrameRate rate = new FrameRate(shape.fps(), 1);
    byte[] luma = new byte[width * height];
    byte[] grey = new byte[width * height / 4];
    Arrays.fill(grey, (byte) 128);
    List<CodedPacket> packets = new ArrayList<>();
    Consumer<EncodedUnit> sink =
        unit ->
            packets.add(
                new CodedPacket(
                    unit.isKeyframe(),
                    rate.usOfTick(unit.pts()),
                    rate.usOfTick(unit.dts()),
                    unit.payload().asBuffer()));
    try (VideoEncoder encoder =
        new VideoEncoder(
            new VideoEncoder.Settings(
                Codec.H264,
                width,
                height,
                rate,
                shape.gopFrames(),
                shape.bFrames(),
                VideoEncoder.Gop.CLOSED,
                VideoEncoder.Scan.PROGRESSIVE,
                0,
                display))) {
      for (int frame = 0; frame < shape.frames(); frame++) {
        for (int i = 0; i < luma.length; i++) {
          luma[i] = (byte) painter.luma(frame, i % width, i / width);
        }
        encoder.encode(luma, grey, grey, frame, sink);
      }
      encoder.finish(sink);
      return new CodedTrack(encoder.format(), packets);
    }
  }

  public static CodedTrack aac(int rateHz, int channels, long samples, Wave wave) {
    return sound("aac", Codec.AAC, rateHz, channels, samples, wave);
  }

  /**
   * @param encoderName one that takes planar floats
   */
  public static CodedTrack sound(
      String encoderName, Codec codec, int rateHz, int channels, long samples, Wave wave) {
    try (CodecContextHandle encoder = CodecContextHandle.encoder(encoderName);
        PacketHandle packet = new PacketHandle()) {
      AVCodecContext context = encoder.pointer();
      context.sample_fmt(AV_SAMPLE_FMT_FLTP).sample_rate(rateHz).bit_rate(96_000L * channels);
      context.time_base().num(1).den(1_000_000);
      context.strict_std_compliance(-2);
      av_channel_layout_default(context.ch_layout(), channels);
      context.flags(context.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
      encoder.open(Map.of());
      int frameSamples = context.frame_size();
      List<CodedPacket> packets = new ArrayList<>();
      for (long at = 0; at + frameSamples <= samples; at += frameSamples) {
        try (FrameHandle frame =
            FrameHandle.ofSamples(AV_SAMPLE_FMT_FLTP, rateHz, channels, frameSamples)) {
          for (int channel = 0; channel < channels; channel++) {
            FloatBuffer plane =
                frame
                    .pointer()
                    .extended_data(channel)
                    .capacity(4L * frameSamples)
                    .asByteBuffer()
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
            for (int i = 0; i < frameSamples; i++) {
              plane.put(i, (float) wave.at(channel, at + i));
            }
          }
          frame.pointer().pts(at * 1_000_000L / rateHz);
          encoder.send(frame);
        }
        collect(encoder, packet, packets);
      }
      encoder.endFrames();
      collect(encoder, packet, packets);
      return new CodedTrack(
          new AudioFormat(codec, rateHz, channels, config(codec, encoder.extradata())), packets);
    }
  }

  /** Ogg's Opus header (RFC 7845) as the body of MP4's box: other version, other byte order. */
  private static Bytes config(Codec codec, byte[] extradata) {
    if (codec != Codec.OPUS) {
      return Bytes.copyOf(extradata);
    }
    ByteBuffer head = ByteBuffer.wrap(extradata).order(ByteOrder.LITTLE_ENDIAN);
    return Bytes.copyOf(
        ByteBuffer.allocate(11)
            .put((byte) 0)
            .put(head.get(9))
            .putShort(head.getShort(10))
            .putInt(head.getInt(12))
            .putShort(head.getShort(16))
            .put(head.get(18))
            .flip());
  }

  private static void collect(
      CodecContextHandle encoder, PacketHandle packet, List<CodedPacket> to) {
    while (encoder.receive(packet)) {
      byte[] payload = new byte[packet.payload().remaining()];
      packet.payload().get(payload);
      to.add(
          new CodedPacket(
              packet.isKeyframe(),
              packet.pointer().pts(),
              packet.pointer().dts(),
              ByteBuffer.wrap(payload)));
    }
  }
}
