package dev.halcyon.verticles.ingest.media;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import java.nio.ByteBuffer;

/**
 * Reads an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1). The rate of the resulting format is that
 * of the AAC core, so that one packet is always {@value #PACKET_SAMPLES} samples of it; with SBR
 * the decoder gives twice as many at twice the rate. Its channels are those heard.
 */
public final class AacConfig {
  public static final int PACKET_SAMPLES = 1_024;

  private static final int MAX_BYTES = 1_024;
  private static final int SBR = 5;
  private static final int PS = 29;
  private static final int SYNC_SBR = 0x2b7;
  private static final int SYNC_PS = 0x548;
  private static final int EXPLICIT_RATE = 15;
  private static final int[] RATES_HZ = {
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350
  };

  /** By channelConfiguration (table 1.19); 0 where the layout is spelled out or reserved. */
  private static final int[] CHANNELS = {0, 1, 2, 3, 4, 5, 6, 8, 0, 0, 0, 7, 8, 24, 8, 0};

  private AacConfig() {}

  /**
   * @throws HalcyonException CORRUPT_MEDIA, or UNSUPPORTED_MEDIA for other than AAC Main, LC, SSR
   *     and LTP with SBR and PS
   */
  public static AudioFormat parse(ByteBuffer payload) {
    Bytes config = Bytes.copyOf(payload.duplicate().limit(limit(payload)));
    return parse(new BitReader(config.toArray()), config);
  }

  /**
   * Reads a configuration that stands between other bits and does not tell its length (LATM): SBR
   * and PS must be stated up front in it.
   *
   * @throws HalcyonException as {@link #parse(ByteBuffer)}
   */
  public static AudioFormat parseWithin(BitReader in) {
    BitReader ahead = in.copy();
    read(ahead);
    Bytes config = in.read(in.remainingBits() - ahead.remainingBits());
    return parse(new BitReader(config.toArray()), config);
  }

  private static AudioFormat parse(BitReader in, Bytes config) {
    Core core = read(in);
    boolean isParametricStereo =
        core.isExtensionStated() ? core.isParametricStereo() : isParametricStereoAppended(in);
    return new AudioFormat(
        Codec.AAC,
        core.rateHz(),
        isParametricStereo && core.channels() == 1 ? 2 : core.channels(),
        config);
  }

  /** What a configuration says before the extension that may be appended to it. */
  private record Core(
      int rateHz, int channels, boolean isExtensionStated, boolean isParametricStereo) {}

  private static Core read(BitReader in) {
    int objectType = objectType(in);
    int rateHz = rate(in);
    int channelConfiguration = in.bits(4);
    boolean isParametricStereo = objectType == PS;
    boolean isExtensionStated = objectType == SBR || objectType == PS;
    if (isExtensionStated) {
      rate(in); // What comes out; twice the core's.
      objectType = objectType(in);
    }
    requireSupported(objectType);
    int channels = generalConfig(in, channelConfiguration);
    return new Core(rateHz, channels, isExtensionStated, isParametricStereo);
  }

  private static int limit(ByteBuffer payload) {
    if (payload.remaining() > MAX_BYTES) {
      throw corrupt("too long");
    }
    return payload.limit();
  }

  private static int objectType(BitReader in) {
    int type = in.bits(5);
    return type == 31 ? 32 + in.bits(6) : type;
  }

  private static int rate(BitReader in) {
    int index = in.bits(4);
    int rateHz =
        index == EXPLICIT_RATE ? in.bits(24) : index < RATES_HZ.length ? RATES_HZ[index] : 0;
    if (rateHz < 1 || rateHz > 768_000) {
      throw corrupt("sample rate out of range");
    }
    return rateHz;
  }

  private static void requireSupported(int objectType) {
    if (objectType < 1 || objectType > 4) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA,
          "AAC of another kind than LC or HE [audioObjectType=" + objectType + "]");
    }
  }

  /** GASpecificConfig (table 4.1); gives the channels. */
  private static int generalConfig(BitReader in, int channelConfiguration) {
    if (in.flag()) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "AAC with 960 samples a frame is not supported");
    }
    if (in.flag()) {
      in.skip(14); // coreCoderDelay
    }
    in.flag(); // extensionFlag
    int channels = channelConfiguration == 0 ? programChannels(in) : CHANNELS[channelConfiguration];
    if (channels < 1 || channels > 64) {
      throw corrupt("channel layout out of range");
    }
    return channels;
  }

  /** program_config_element (table 4.2): the channels of its elements. */
  private static int programChannels(BitReader in) {
    in.skip(4 + 2 + 4); // Tag, object type, rate.
    int frontElements = in.bits(4);
    int sideElements = in.bits(4);
    int backElements = in.bits(4);
    int lowFrequencyElements = in.bits(2);
    int dataElements = in.bits(3);
    int couplingElements = in.bits(4);
    for (int bits : new int[] {4, 4, 3}) { // Mono mix-down, stereo mix-down, matrix.
      if (in.flag()) {
        in.skip(bits);
      }
    }
    int channels = lowFrequencyElements;
    for (int i = frontElements + sideElements + backElements; i > 0; i--) {
      channels += in.flag() ? 2 : 1;
      in.skip(4);
    }
    in.skip(4 * lowFrequencyElements + 4 * dataElements + 5 * couplingElements);
    return channels;
  }

  /** The backward compatible signalling behind the configuration (1.6.6.1). */
  private static boolean isParametricStereoAppended(BitReader in) {
    if (in.remainingBits() < 16 || in.bits(11) != SYNC_SBR || objectType(in) != SBR) {
      return false;
    }
    if (in.remainingBits() < 1 || !in.flag()) {
      return false;
    }
    rate(in);
    return in.remainingBits() >= 12 && in.bits(11) == SYNC_PS && in.flag();
  }

  private static HalcyonException corrupt(String what) {
    return new HalcyonException(ErrorCode.CORRUPT_MEDIA, "AAC configuration: " + what);
  }
}
