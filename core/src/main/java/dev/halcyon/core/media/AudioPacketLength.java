package dev.halcyon.core.media;

import java.nio.ByteBuffer;

/** How many samples an audio packet stands for, without decoding it. */
public final class AudioPacketLength {
  /**
   * ISO/IEC 14496-3: an AAC access unit is 1,024 samples, or 960 by a flag of its configuration.
   */
  private static final int AAC_SAMPLES = 1024;

  private static final int AAC_SHORT_SAMPLES = 960;

  /** Opus counts at 48 kHz whatever it codes (RFC 6716 section 2). */
  private static final int OPUS_RATE_HZ = 48_000;

  private AudioPacketLength() {}

  /**
   * Samples at {@link #rateHz}; 0 when the packet does not tell.
   *
   * @param payload from position to limit; not consumed
   */
  public static int samples(AudioFormat format, ByteBuffer payload) {
    return switch (format.codec()) {
      case AAC -> isShortFrame(format.config()) ? AAC_SHORT_SAMPLES : AAC_SAMPLES;
      case OPUS -> opusSamples(payload);
      case MP3 -> format.sampleRateHz() >= 32_000 ? 1152 : 576;
      case AC3 -> 1536;
      case FLAC, H264, HEVC, AV1, VP8, VP9 -> 0;
    };
  }

  /** Whether packets of this format tell their length, so that time can be counted in samples. */
  public static boolean countsSamples(AudioFormat format) {
    return format.codec() != Codec.FLAC;
  }

  /** The clock that {@link #samples} counts on. */
  public static int rateHz(AudioFormat format) {
    return format.codec() == Codec.OPUS ? OPUS_RATE_HZ : format.sampleRateHz();
  }

  /** The frameLengthFlag of a GASpecificConfig (ISO/IEC 14496-3 section 4.4.1). */
  private static boolean isShortFrame(Bytes config) {
    if (config.length() < 2) {
      return false;
    }
    int objectType = config.at(0) >> 3;
    int rateIndex = (config.at(0) & 0x07) << 1 | config.at(1) >> 7;
    boolean isPlain = objectType != 31 && objectType != 5 && objectType != 29 && rateIndex != 15;
    return isPlain && (config.at(1) & 0x04) != 0;
  }

  /** RFC 6716 section 3.1: the TOC byte gives the frame size, its code the number of frames. */
  private static int opusSamples(ByteBuffer payload) {
    if (!payload.hasRemaining()) {
      return 0;
    }
    int toc = payload.get(payload.position()) & 0xff;
    int frames =
        switch (toc & 3) {
          case 0 -> 1;
          case 1, 2 -> 2;
          default -> payload.remaining() < 2 ? 0 : payload.get(payload.position() + 1) & 0x3f;
        };
    return Math.min(frames * opusFrameSamples(toc >> 3), 5760);
  }

  private static int opusFrameSamples(int configuration) {
    if (configuration < 12) {
      return new int[] {480, 960, 1920, 2880}[configuration & 3];
    }
    if (configuration < 16) {
      return new int[] {480, 960}[configuration & 1];
    }
    return new int[] {120, 240, 480, 960}[configuration & 3];
  }
}
