package dev.halcyon.codecs.mp4;

import dev.halcyon.codecs.bitstream.FlacConfig;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;

/**
 * Writes the sample entries of sound: {@code mp4a} for AAC and MP3 (ISO/IEC 14496-14), {@code Opus}
 * and {@code fLaC} (their ISO BMFF bindings), {@code ac-3} (ETSI TS 102 366, annex F). No state
 * beyond its arguments.
 */
final class SoundEntry {
  /** Object type indications, ISO/IEC 14496-1 table 5 and the registration authority. */
  private static final int OTI_AAC = 0x40;

  private static final int OTI_MP3_MPEG2 = 0x69;
  private static final int OTI_MP3_MPEG1 = 0x6b;

  /** Lower rates are MPEG-2's. */
  private static final int MPEG1_LOWEST_RATE_HZ = 32_000;

  /** streamType 5 (audio), upStream 0, one reserved bit set. */
  private static final int AUDIO_STREAM = 5 << 2 | 1;

  private static final int OPUS_RATE_HZ = 48_000;
  private static final int USUAL_BITS = 16;

  /** STREAMINFO, the last of FLAC's metadata blocks. */
  private static final int LAST_STREAM_INFO = 0x80;

  private final BoxWriter out;
  private final AudioFormat format;
  private final Bitrate bitrate;

  SoundEntry(BoxWriter out, AudioFormat format, Bitrate bitrate) {
    this.out = out;
    this.format = format;
    this.bitrate = bitrate;
  }

  void write() {
    switch (format.codec()) {
      case AAC -> {
        begin("mp4a", format.sampleRateHz(), USUAL_BITS);
        writeEsds(OTI_AAC, SampleEntries.required(format));
      }
      case MP3 -> {
        begin("mp4a", format.sampleRateHz(), USUAL_BITS);
        boolean isMpeg1 = format.sampleRateHz() >= MPEG1_LOWEST_RATE_HZ;
        writeEsds(isMpeg1 ? OTI_MP3_MPEG1 : OTI_MP3_MPEG2, Bytes.EMPTY);
      }
      case OPUS -> {
        begin("Opus", OPUS_RATE_HZ, USUAL_BITS);
        out.begin("dOps").bytes(format.config().isEmpty() ? plainOpus() : format.config()).end();
      }
      case FLAC -> writeFlac();
      case AC3 -> {
        begin("ac-3", format.sampleRateHz(), USUAL_BITS);
        out.begin("dac3").bytes(SampleEntries.required(format)).end();
      }
      default -> throw SampleEntries.unsupported(format);
    }
    out.end();
  }

  /** AudioSampleEntry, 14496-12 section 12.2.3; a rate over 65,535 Hz is left to the codec. */
  private void begin(String type, int rateHz, int bitsPerSample) {
    out.begin(type).zeros(6).u16(1).zeros(8);
    out.u16(format.channels()).u16(bitsPerSample).zeros(4);
    out.u32(rateHz > 0xffff ? 0 : (long) rateHz << 16);
  }

  private void writeFlac() {
    Bytes info =
        FlacConfig.streamInfo(SampleEntries.required(format))
            .orElseThrow(
                () ->
                    new HalcyonException(
                        ErrorCode.UNSUPPORTED_MEDIA, "FLAC without a readable STREAMINFO"));
    begin("fLaC", format.sampleRateHz(), FlacConfig.bitsPerSample(info));
    out.beginFull("dfLa", 0, 0).u8(LAST_STREAM_INFO).u24(info.length()).bytes(info).end();
  }

  private Bytes plainOpus() {
    if (format.channels() > 2) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "Opus with more than two channels needs its channel map");
    }
    // Version 0, channels, pre-skip 0 (the edit list skips), 48 kHz, gain 0, mapping family 0.
    return Bytes.copyOf(
        new byte[] {0, (byte) format.channels(), 0, 0, 0, 0, (byte) 0xbb, (byte) 0x80, 0, 0, 0});
  }

  /** ES_Descriptor, 14496-1 section 7.2.6.5, in the file format's profile of it (14496-14). */
  private void writeEsds(int objectType, Bytes config) {
    int specific = config.isEmpty() ? 0 : 5 + config.length();
    out.beginFull("esds", 0, 0);
    descriptor(3, 3 + 5 + 13 + specific + 5 + 1).u16(0).u8(0);
    descriptor(4, 13 + specific).u8(objectType).u8(AUDIO_STREAM);
    out.u24(bitrate.bufferBytes()).u32(bitrate.maxBps()).u32(bitrate.averageBps());
    if (specific > 0) {
      descriptor(5, config.length()).bytes(config);
    }
    descriptor(6, 1).u8(2);
    out.end();
  }

  /** A tag and its length in the four-byte form, five bytes in all. */
  private BoxWriter descriptor(int tag, int length) {
    return out.u8(tag)
        .u8(0x80 | length >>> 21)
        .u8(0x80 | (length >>> 14 & 0x7f))
        .u8(0x80 | (length >>> 7 & 0x7f))
        .u8(length & 0x7f);
  }
}
