package dev.halcyon.codecs.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.media.CodedTrack.CodedPacket;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;

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
    try (CodecContextHandle encoder = CodecContextHandle.encoder("libx264");
        PacketHandle packet = new PacketHandle()) {
      AVCodecContext context = encoder.pointer();
      context.width(shape.widthPx()).height(shape.heightPx()).pix_fmt(AV_PIX_FMT_YUV420P);
      context.time_base().num(1).den(1_000_000);
      context.framerate().num(shape.fps()).den(1);
      context.gop_size(shape.gopFrames()).max_b_frames(shape.bFrames());
      context.flags(context.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
      encoder.open(
          Map.of("preset", "veryfast", "x264-params", "scenecut=0:keyint=" + shape.gopFrames()));
      List<CodedPacket> packets = new ArrayList<>();
      for (int i = 0; i < shape.frames(); i++) {
        try (FrameHandle frame =
            FrameHandle.ofPicture(AV_PIX_FMT_YUV420P, shape.widthPx(), shape.heightPx())) {
          paint(frame.pointer(), shape, i, painter);
          frame.pointer().pts(i * 1_000_000L / shape.fps());
          encoder.send(frame);
        }
        collect(encoder, packet, AnnexB::lengthFramed, packets);
      }
      encoder.endFrames();
      collect(encoder, packet, AnnexB::lengthFramed, packets);
      return new CodedTrack(
          new VideoFormat(
              Codec.H264,
              shape.widthPx(),
              shape.heightPx(),
              Bytes.copyOf(AnnexB.avcC(encoder.extradata()))),
          packets);
    }
  }

  private static void paint(AVFrame frame, VideoShape shape, int index, Painter painter) {
    ByteBuffer luma = plane(frame, 0, shape.heightPx());
    for (int y = 0; y < shape.heightPx(); y++) {
      for (int x = 0; x < shape.widthPx(); x++) {
        luma.put(y * frame.linesize(0) + x, (byte) painter.luma(index, x, y));
      }
    }
    for (int plane = 1; plane <= 2; plane++) {
      ByteBuffer chroma = plane(frame, plane, shape.heightPx() / 2);
      while (chroma.hasRemaining()) {
        chroma.put((byte) 128);
      }
    }
  }

  private static ByteBuffer plane(AVFrame frame, int plane, int rows) {
    return frame.data(plane).capacity((long) frame.linesize(plane) * rows).asByteBuffer();
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
        collect(encoder, packet, UnaryOperator.identity(), packets);
      }
      encoder.endFrames();
      collect(encoder, packet, UnaryOperator.identity(), packets);
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
      CodecContextHandle encoder,
      PacketHandle packet,
      UnaryOperator<byte[]> framing,
      List<CodedPacket> to) {
    while (encoder.receive(packet)) {
      byte[] payload = new byte[packet.payload().remaining()];
      packet.payload().get(payload);
      to.add(
          new CodedPacket(
              packet.isKeyframe(),
              packet.pointer().pts(),
              packet.pointer().dts(),
              ByteBuffer.wrap(framing.apply(payload))));
    }
  }
}
