package dev.halcyon.core.cut;

import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;

/** How many samples an audio packet decodes to, and how many packets a decoder needs to warm up. */
final class AudioFrames {
  /** RFC 7845 section 4.6: an Opus decoder converges within 80 ms. */
  private static final long OPUS_PREROLL_US = 80_000;

  private static final int OPUS_RATE_HZ = 48_000;

  /** High-efficiency AAC states its header only now and then: every half second, as a rule. */
  private static final long SBR_HEADER_FRAMES = 12;

  /**
   * An MP3 frame may begin up to 511 bytes before its header, 255 at the lower rates (ISO/IEC
   * 11172-3, 2.4.2.7): ten frames even at the lowest bitrate.
   */
  private static final long MP3_RESERVOIR_FRAMES = 10;

  /** Opus packets last a multiple of 2.5 ms, at most 120 ms (RFC 6716 section 2.1.4). */
  private static final int OPUS_STEP_SAMPLES = 120;

  private static final int OPUS_MAX_SAMPLES = 5_760;
  private static final int OPUS_USUAL_SAMPLES = 960;

  /** ISO/IEC 14496-3 table 1.18. */
  private static final int[] AAC_RATES_HZ = {
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350
  };

  private AudioFrames() {}

  /** Ticks a second of the track's own time line. */
  static int timescaleHz(AudioFormat format) {
    return format.codec() == Codec.OPUS ? OPUS_RATE_HZ : format.sampleRateHz();
  }

  /** Media that must be decoded before the first sample that is heard. */
  static long prerollTicks(AudioFormat format) {
    return switch (format.codec()) {
      case OPUS -> OPUS_PREROLL_US * OPUS_RATE_HZ / 1_000_000;
      case AAC -> (isSpectrallyReplicated(format) ? SBR_HEADER_FRAMES : 1) * aacSamples(format);
      case MP3 -> MP3_RESERVOIR_FRAMES * fixedSamples(format);
      case AC3 -> fixedSamples(format);
      default -> 0;
    };
  }

  /**
   * Samples of one packet, at the format's own rate.
   *
   * @param distanceUs to the next packet, 0 when there is none
   */
  static long samples(AudioFormat format, PacketStamp packet, long distanceUs) {
    int fixed = fixedSamples(format);
    if (fixed > 0) {
      return fixed;
    }
    int rateHz = timescaleHz(format);
    long lengthUs = packet.durationUs() > 0 ? packet.durationUs() : distanceUs;
    if (format.codec() != Codec.OPUS) {
      return Math.max(1, Math.round(Math.min(lengthUs, 1_000_000) * (double) rateHz / 1e6));
    }
    long steps = Math.round(lengthUs / 2_500.0);
    long samples = steps * OPUS_STEP_SAMPLES;
    return samples < OPUS_STEP_SAMPLES || samples > OPUS_MAX_SAMPLES ? OPUS_USUAL_SAMPLES : samples;
  }

  /** Samples of a packet of {@link dev.halcyon.core.media.SilentPacket}; 0 where there is none. */
  static int silentSamples(AudioFormat format) {
    return format.codec() == Codec.OPUS ? OPUS_USUAL_SAMPLES : fixedSamples(format);
  }

  /** Samples of every packet where the codec fixes them, 0 where packets differ. */
  private static int fixedSamples(AudioFormat format) {
    return switch (format.codec()) {
      case AAC -> aacSamples(format);
      case MP3 -> format.sampleRateHz() >= 32_000 ? 1_152 : 576;
      case AC3 -> 1_536;
      default -> 0;
    };
  }

  /**
   * 1024 samples at the core coder's rate, 960 with frameLengthFlag; with spectral band replication
   * the output has twice as many (ISO/IEC 14496-3, 1.6.2.1 and 4.4.1).
   */
  private static int aacSamples(AudioFormat format) {
    // AudioSpecificConfig: 5 bits type, 4 bits rate, 4 bits channels, then frameLengthFlag.
    boolean isShort =
        coreRateHz(format) > 0
            && format.config().at(0) >> 3 <= 4
            && (format.config().at(1) & 4) != 0;
    int coreSamples = isShort ? 960 : 1_024;
    return isSpectrallyReplicated(format) ? 2 * coreSamples : coreSamples;
  }

  private static boolean isSpectrallyReplicated(AudioFormat format) {
    return format.sampleRateHz() == 2 * coreRateHz(format);
  }

  /** The rate of the core coder; 0 where the configuration does not say it plainly. */
  private static int coreRateHz(AudioFormat format) {
    Bytes config = format.config();
    if (config.length() < 2) {
      return 0;
    }
    int objectType = config.at(0) >> 3;
    int rateIndex = (config.at(0) & 7) << 1 | config.at(1) >> 7;
    boolean isPlain = rateIndex < AAC_RATES_HZ.length && objectType != 31;
    return isPlain ? AAC_RATES_HZ[rateIndex] : 0;
  }
}
