package dev.halcyon.verticles.ingest.media;

import java.util.Optional;

/**
 * The header of an MPEG audio frame (ISO/IEC 11172-3, 2.4.1.3; 13818-3, 2.4.2.3).
 *
 * @param layer 1 to 3
 * @param isLowRate MPEG-2 and 2.5: half the samples
 * @param hasCrc two bytes behind the header
 * @param frameBytes header included
 */
public record MpegAudioHeader(
    int layer, boolean isLowRate, int sampleRateHz, int channels, boolean hasCrc, int frameBytes) {
  public static final int BYTES = 4;

  private static final int[] RATES_HZ = {44_100, 48_000, 32_000};
  private static final int[][] MPEG1_KBPS = {
    {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
    {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}
  };
  private static final int[][] MPEG2_KBPS = {
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}
  };

  /** Empty when this is no header, or one of a free bitrate, whose length nobody can tell. */
  public static Optional<MpegAudioHeader> parse(int header) {
    int version = header >> 19 & 3;
    int layer = 4 - (header >> 17 & 3);
    int bitrateIndex = header >> 12 & 0xf;
    int rateIndex = header >> 10 & 3;
    boolean isSync = header >>> 21 == 0x7ff;
    if (!isSync || version == 1 || layer == 4 || rateIndex == 3) {
      return Optional.empty();
    }
    if (bitrateIndex == 0 || bitrateIndex == 15) {
      return Optional.empty();
    }
    boolean isLowRate = version != 3;
    int rateHz = RATES_HZ[rateIndex] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    int bitrateBps = 1_000 * (isLowRate ? MPEG2_KBPS : MPEG1_KBPS)[layer - 1][bitrateIndex];
    int padding = header >> 9 & 1;
    int bytes =
        switch (layer) {
          case 1 -> (12 * bitrateBps / rateHz + padding) * 4;
          case 2 -> 144 * bitrateBps / rateHz + padding;
          default -> (isLowRate ? 72 : 144) * bitrateBps / rateHz + padding;
        };
    int channels = (header >> 6 & 3) == 3 ? 1 : 2;
    boolean hasCrc = (header >> 16 & 1) == 0;
    return Optional.of(new MpegAudioHeader(layer, isLowRate, rateHz, channels, hasCrc, bytes));
  }

  public int samples() {
    return layer == 1 ? 384 : layer == 3 && isLowRate ? 576 : 1_152;
  }

  /** Of layer III: what stands between header and main data (2.4.1.7). */
  public int sideInfoBytes() {
    int bytes = isLowRate ? (channels == 1 ? 9 : 17) : (channels == 1 ? 17 : 32);
    return bytes + (hasCrc ? 2 : 0);
  }
}
