package dev.halcyon.core.media;

import java.util.Arrays;
import java.util.Optional;

/**
 * Packets that decode to silence, made without an encoder: what browsers need where sound is
 * missing, for they play packets one after the other, whatever their time stamps say. No state.
 */
public final class SilentPacket {
  /** RFC 6716 section 3.1: CELT alone, full band, 20 ms, one frame; bit 2 of it says stereo. */
  private static final int OPUS_TOC = 31 << 3;

  private static final int OPUS_STEREO = 1 << 2;

  /** Type 1 of a Opus channel map and above has streams of its own (RFC 7845 section 5.1.1). */
  private static final int OPUS_CHANNELS_WITHOUT_MAP = 2;

  /** Single channel, channel pair, low-frequency element (ISO/IEC 14496-3, table 4.85). */
  private static final int SCE = 0;

  private static final int CPE = 1;
  private static final int LFE = 3;
  private static final int END = 7;

  /** Elements by channelConfiguration (table 1.19). */
  private static final int[][] AAC_ELEMENTS = {
    {},
    {SCE},
    {CPE},
    {SCE, CPE},
    {SCE, CPE, SCE},
    {SCE, CPE, CPE},
    {SCE, CPE, CPE, LFE},
    {SCE, CPE, CPE, CPE, LFE}
  };

  private SilentPacket() {}

  /** Empty for formats of which none can be made so. */
  public static Optional<Bytes> of(AudioFormat format) {
    return switch (format.codec()) {
      case AAC -> aac(format.config());
      case OPUS ->
          format.channels() <= OPUS_CHANNELS_WITHOUT_MAP
              ? Optional.of(opus(format.channels()))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** A frame whose range coder holds nothing but the silence flag (RFC 6716 section 4.3). */
  private static Bytes opus(int channels) {
    int toc = OPUS_TOC | (channels == 2 ? OPUS_STEREO : 0);
    return Bytes.copyOf(new byte[] {(byte) toc, (byte) 0xff, (byte) 0xfe});
  }

  /**
   * A raw_data_block without a spectrum. The AudioSpecificConfig begins with 5 bits of type, 4 of
   * the rate's index and 4 of channelConfiguration, also where the type is that of SBR or PS.
   */
  private static Optional<Bytes> aac(Bytes config) {
    if (config.length() < 2) {
      return Optional.empty();
    }
    int objectType = config.at(0) >> 3;
    int rateIndex = (config.at(0) & 7) << 1 | config.at(1) >> 7;
    int channels = config.at(1) >> 3 & 15;
    boolean isPlain = objectType == 2 || objectType == 5 || objectType == 29;
    if (!isPlain || rateIndex == 15 || channels == 0 || channels >= AAC_ELEMENTS.length) {
      return Optional.empty();
    }
    Bits bits = new Bits();
    int[] counts = new int[4];
    for (int element : AAC_ELEMENTS[channels]) {
      bits.put(element, 3).put(counts[element]++, 4);
      if (element == CPE) {
        // common_window with its ics_info, ms_mask_present; then each channel without one.
        bits.put(1, 1).put(0, 11).put(0, 2).put(0, 11).put(0, 11);
      } else {
        // global_gain, ics_info with max_sfb 0, no pulse, no TNS, no gain control.
        bits.put(0, 8).put(0, 11).put(0, 3);
      }
    }
    return Optional.of(bits.put(END, 3).toBytes());
  }

  /** Most significant first. */
  private static final class Bits {
    private final byte[] bytes = new byte[64];
    private int length;

    Bits put(int value, int count) {
      for (int i = count - 1; i >= 0; i--) {
        bytes[length / 8] |= (byte) ((value >> i & 1) << (7 - length % 8));
        length++;
      }
      return this;
    }

    Bytes toBytes() {
      return Bytes.copyOf(Arrays.copyOf(bytes, (length + 7) / 8));
    }
  }
}
