package dev.halcyon.codecs.av;

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

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.TrackFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Our codecs and their configurations as FFmpeg names and wants them, and back. Any thread. */
public final class CodecIds {
  /** {@code dOps} up to and with the mapping family. */
  private static final int DOPS_BYTES = 11;

  private static final int OPUS_MAGIC_BYTES = 8;

  private CodecIds() {}

  /** {@code AV_CODEC_ID_…} */
  public static int of(Codec codec) {
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
  public static Optional<Codec> codecOf(int id) {
    for (Codec codec : Codec.values()) {
      if (of(codec) == id) {
        return Optional.of(codec);
      }
    }
    return Optional.empty();
  }

  /** The configuration as extradata: as it is, but for Opus, where FFmpeg wants Ogg's header. */
  public static byte[] extradata(TrackFormat format) {
    byte[] config = format.config().toArray();
    return format.codec() == Codec.OPUS && config.length >= DOPS_BYTES ? opusHead(config) : config;
  }

  /** Samples that an Opus decoder drops at the start; 0 when the configuration does not say. */
  public static int opusPreSkip(Bytes dops) {
    return dops.length() >= DOPS_BYTES ? dops.at(2) << 8 | dops.at(3) : 0;
  }

  /**
   * Ogg's identification header as {@code dOps}: the inverse of what {@link #extradata} does for
   * Opus. Empty when it is cut short.
   */
  public static Bytes opusConfig(byte[] head) {
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

  /**
   * {@code dOps} (version 0, big endian) as an Ogg identification header (version 1, little endian,
   * RFC 7845 section 5.1). The fields stand in the same order.
   *
   * <pre>
   *  box   0 version | 1 channels | 2 pre-skip u16 | 4 rate u32 | 8 gain i16 | 10 family | 11 …
   *  head  8 version | 9 channels | 10 pre-skip    | 12 rate    | 16 gain    | 18 family | 19 …
   * </pre>
   */
  private static byte[] opusHead(byte[] box) {
    ByteBuffer from = ByteBuffer.wrap(box);
    return ByteBuffer.allocate(OPUS_MAGIC_BYTES + box.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("OpusHead".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put(from.get(1))
        .putShort(from.getShort(2))
        .putInt(from.getInt(4))
        .putShort(from.getShort(8))
        .put(box, 10, box.length - 10)
        .array();
  }
}
