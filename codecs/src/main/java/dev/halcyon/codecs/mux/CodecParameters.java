package dev.halcyon.codecs.mux;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AAC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AC3;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_FLAC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MP3;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_OPUS;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;
import static org.bytedeco.ffmpeg.global.avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;

import dev.halcyon.codecs.av.Av;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.javacpp.BytePointer;

/** Our track formats as libavformat's codec parameters, and back. Any thread. */
final class CodecParameters {
  /** AAC frames, and what an encoder's filter bank needs before the first sample. */
  static final int AAC_FRAME_SAMPLES = 1024;

  /** Far above any real parameter set. */
  private static final int MAX_CONFIG_BYTES = 1 << 20;

  /** {@code dOps} up to and with the mapping family. */
  private static final int DOPS_BYTES = 11;

  private static final int OPUS_MAGIC_BYTES = 8;

  private CodecParameters() {}

  static int idOf(Codec codec) {
    return switch (codec) {
      case H264 -> AV_CODEC_ID_H264;
      case HEVC -> AV_CODEC_ID_HEVC;
      case AV1 -> AV_CODEC_ID_AV1;
      case VP8 -> AV_CODEC_ID_VP8;
      case VP9 -> AV_CODEC_ID_VP9;
      case AAC -> AV_CODEC_ID_AAC;
      case OPUS -> AV_CODEC_ID_OPUS;
      case MP3 -> AV_CODEC_ID_MP3;
      case FLAC -> AV_CODEC_ID_FLAC;
      case AC3 -> AV_CODEC_ID_AC3;
    };
  }

  /** The codec that FFmpeg calls {@code id}; empty when we do not know it. */
  static Optional<Codec> codecOf(int id) {
    for (Codec codec : Codec.values()) {
      if (idOf(codec) == id) {
        return Optional.of(codec);
      }
    }
    return Optional.empty();
  }

  /** Describes a track to a muxer. */
  static void write(TrackFormat format, AVCodecParameters parameters) {
    parameters.codec_id(idOf(format.codec())).codec_tag(0);
    switch (format) {
      case VideoFormat video ->
          parameters
              .codec_type(AVMEDIA_TYPE_VIDEO)
              .format(AV_PIX_FMT_YUV420P)
              .width(video.widthPx())
              .height(video.heightPx());
      case AudioFormat audio -> {
        parameters.codec_type(AVMEDIA_TYPE_AUDIO).sample_rate(audio.sampleRateHz());
        av_channel_layout_default(parameters.ch_layout(), audio.channels());
        if (audio.codec() == Codec.AAC) {
          parameters.frame_size(AAC_FRAME_SAMPLES);
        }
        if (audio.codec() == Codec.OPUS && audio.config().length() >= DOPS_BYTES) {
          parameters.initial_padding(audio.config().at(2) << 8 | audio.config().at(3));
        }
      }
    }
    byte[] extradata = extradata(format);
    if (extradata.length > 0) {
      BytePointer copy =
          new BytePointer(
              Av.checkNotNull(
                  av_mallocz(extradata.length + (long) AV_INPUT_BUFFER_PADDING_SIZE),
                  "av_mallocz"));
      copy.put(extradata, 0, extradata.length);
      parameters.extradata(copy).extradata_size(extradata.length);
    }
  }

  /** The configuration as FFmpeg's extradata: as it is, but for Opus. */
  static byte[] extradata(TrackFormat format) {
    byte[] config = format.config().toArray();
    return format.codec() == Codec.OPUS && config.length >= DOPS_BYTES ? opusHead(config) : config;
  }

  /** What a demuxer says about one stream; empty for what we cannot carry. */
  static Optional<Track> read(int index, AVCodecParameters parameters) {
    int length = parameters.extradata_size();
    if (index >= Track.MAX_TRACKS || length > MAX_CONFIG_BYTES) {
      return Optional.empty();
    }
    byte[] extradata = new byte[length];
    if (length > 0) {
      parameters.extradata().get(extradata, 0, length);
    }
    return codecOf(parameters.codec_id())
        .map(codec -> new Track(index, formatOf(codec, parameters, extradata)));
  }

  private static TrackFormat formatOf(Codec codec, AVCodecParameters parameters, byte[] extradata) {
    if (codec.isVideo()) {
      return new VideoFormat(
          codec, parameters.width(), parameters.height(), Bytes.copyOf(extradata));
    }
    return new AudioFormat(
        codec,
        parameters.sample_rate(),
        parameters.ch_layout().nb_channels(),
        codec == Codec.OPUS ? opusConfig(extradata) : Bytes.copyOf(extradata));
  }

  /**
   * Ogg's identification header (version 1, little endian, RFC 7845 section 5.1) as {@code dOps}
   * (version 0, big endian).
   */
  static Bytes opusConfig(byte[] head) {
    if (head.length < OPUS_MAGIC_BYTES + DOPS_BYTES) {
      return Bytes.EMPTY;
    }
    ByteBuffer from = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    return Bytes.copyOf(
        ByteBuffer.allocate(head.length - OPUS_MAGIC_BYTES)
            .put((byte) 0)
            .put(from.get(9))
            .putShort(from.getShort(10))
            .putInt(from.getInt(12))
            .putShort(from.getShort(16))
            .put(head, 18, head.length - 18)
            .array());
  }

  private static byte[] opusHead(byte[] dops) {
    ByteBuffer from = ByteBuffer.wrap(dops);
    return ByteBuffer.allocate(OPUS_MAGIC_BYTES + dops.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("OpusHead".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put(from.get(1))
        .putShort(from.getShort(2))
        .putInt(from.getInt(4))
        .putShort(from.getShort(8))
        .put(dops, 10, dops.length - 10)
        .array();
  }
}
