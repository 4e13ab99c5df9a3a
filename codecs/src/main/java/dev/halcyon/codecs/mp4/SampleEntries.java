package dev.halcyon.codecs.mp4;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;

/**
 * Writes sample entries: {@code avc1 hvc1} (ISO/IEC 14496-15), {@code av01} and {@code vp09} (their
 * ISO BMFF bindings), {@code mp4a} (14496-14), {@code Opus}. No state.
 */
final class SampleEntries {
  /** Object type indications, ISO/IEC 14496-1 table 5 and the registration authority. */
  private static final int OTI_AAC = 0x40;

  private static final int OTI_MP3 = 0x6b;

  /** streamType 5 (audio), upStream 0, one reserved bit set. */
  private static final int AUDIO_STREAM = 5 << 2 | 1;

  private static final int PPI_72 = 72 << 16;

  private SampleEntries() {}

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA for a codec that MP4 does not carry here
   */
  static void write(BoxWriter out, TrackFormat format, Bitrate bitrate) {
    switch (format) {
      case VideoFormat video -> writeVideo(out, video);
      case AudioFormat audio -> writeAudio(out, audio, bitrate);
    }
  }

  private static void writeVideo(BoxWriter out, VideoFormat format) {
    switch (format.codec()) {
      case H264 -> writeVisual(out, "avc1", "avcC", format, required(format));
      case HEVC -> writeVisual(out, "hvc1", "hvcC", format, required(format));
      case AV1 -> writeVisual(out, "av01", "av1C", format, required(format));
      case VP9 -> {
        Bytes config = format.config().isEmpty() ? plainVp9() : format.config();
        writeVisual(out, "vp09", "vpcC", format, config);
      }
      default -> throw unsupported(format);
    }
  }

  /** VisualSampleEntry, 14496-12 section 12.1.3, then its configuration, colour and shape. */
  private static void writeVisual(
      BoxWriter out, String type, String configType, VideoFormat format, Bytes config) {
    out.begin(type).zeros(6).u16(1).zeros(16);
    out.u16(format.widthPx()).u16(format.heightPx()).u32(PPI_72).u32(PPI_72).u32(0);
    out.u16(1).zeros(32).u16(0x18).u16(0xffff);
    out.begin(configType).bytes(config).end();
    PictureShape shape = PictureShape.of(format);
    shape
        .colour()
        .ifPresent(
            colour ->
                out.begin("colr")
                    .ascii("nclx")
                    .u16(colour.primaries())
                    .u16(colour.transfer())
                    .u16(colour.matrix())
                    .u8(colour.isFullRange() ? 0x80 : 0)
                    .end());
    if (shape.sarWidth() != shape.sarHeight()) {
      out.begin("pasp").u32(shape.sarWidth()).u32(shape.sarHeight()).end();
    }
    out.end();
  }

  /** VP codec binding, version 1: profile 0, level unknown, 8 bit 4:2:0, colour unspecified. */
  private static Bytes plainVp9() {
    return Bytes.copyOf(new byte[] {1, 0, 0, 0, 0, 0, (byte) 0x82, 2, 2, 2, 0, 0});
  }

  private static void writeAudio(BoxWriter out, AudioFormat format, Bitrate bitrate) {
    switch (format.codec()) {
      case AAC -> {
        beginAudio(out, "mp4a", format, format.sampleRateHz());
        writeEsds(out, OTI_AAC, required(format), bitrate);
        out.end();
      }
      case MP3 -> {
        beginAudio(out, "mp4a", format, format.sampleRateHz());
        writeEsds(out, OTI_MP3, Bytes.EMPTY, bitrate);
        out.end();
      }
      case OPUS -> {
        beginAudio(out, "Opus", format, 48_000);
        Bytes config = format.config().isEmpty() ? plainOpus(format) : format.config();
        out.begin("dOps").bytes(config).end().end();
      }
      default -> throw unsupported(format);
    }
  }

  /** AudioSampleEntry, 14496-12 section 12.2.3; a rate over 65,535 Hz is left to the codec. */
  private static void beginAudio(BoxWriter out, String type, AudioFormat format, int rateHz) {
    out.begin(type).zeros(6).u16(1).zeros(8);
    out.u16(format.channels()).u16(16).zeros(4).u32(rateHz > 0xffff ? 0 : (long) rateHz << 16);
  }

  private static Bytes plainOpus(AudioFormat format) {
    if (format.channels() > 2) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "Opus with more than two channels needs its channel map");
    }
    // Version 0, channels, pre-skip 0 (the edit list skips), 48 kHz, gain 0, mapping family 0.
    return Bytes.copyOf(
        new byte[] {0, (byte) format.channels(), 0, 0, 0, 0, (byte) 0xbb, (byte) 0x80, 0, 0, 0});
  }

  /** ES_Descriptor, 14496-1 section 7.2.6.5, in the file format's profile of it (14496-14). */
  private static void writeEsds(BoxWriter out, int objectType, Bytes config, Bitrate bitrate) {
    int specific = config.isEmpty() ? 0 : 5 + config.length();
    out.beginFull("esds", 0, 0);
    descriptor(out, 3, 3 + 5 + 13 + specific + 5 + 1).u16(0).u8(0);
    descriptor(out, 4, 13 + specific).u8(objectType).u8(AUDIO_STREAM);
    out.u24(bitrate.bufferBytes()).u32(bitrate.maxBps()).u32(bitrate.averageBps());
    if (specific > 0) {
      descriptor(out, 5, config.length()).bytes(config);
    }
    descriptor(out, 6, 1).u8(2);
    out.end();
  }

  /** A tag and its length in the four-byte form, five bytes in all. */
  private static BoxWriter descriptor(BoxWriter out, int tag, int length) {
    return out.u8(tag)
        .u8(0x80 | length >>> 21)
        .u8(0x80 | (length >>> 14 & 0x7f))
        .u8(0x80 | (length >>> 7 & 0x7f))
        .u8(length & 0x7f);
  }

  private static Bytes required(TrackFormat format) {
    if (format.config().isEmpty()) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA, format.codec() + " without its configuration");
    }
    return format.config();
  }

  private static HalcyonException unsupported(TrackFormat format) {
    return new HalcyonException(
        ErrorCode.UNSUPPORTED_MEDIA, "MP4 does not carry " + format.codec() + " here");
  }
}
