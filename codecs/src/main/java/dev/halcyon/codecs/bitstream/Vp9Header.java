package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.ColourCode;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a VP9 keyframe says of itself (VP9 bitstream specification, 6.2).
 *
 * @param colourSpace 0 unknown, 1 BT.601, 2 BT.709, 3 SMPTE 170M, 4 SMPTE 240M, 5 BT.2020, 7 RGB
 */
record Vp9Header(
    int profile,
    int bitDepth,
    int colourSpace,
    boolean isFullRange,
    boolean isHalfWide,
    boolean isHalfHigh,
    int widthPx,
    int heightPx) {
  private static final int SYNC_CODE = 0x49_83_42;
  private static final int RGB = 7;

  /** VP codec binding: version 1, no flags. */
  private static final int VERSION_AND_FLAGS = 1 << 24;

  /** Largest luma picture of each level (VP9 levels, annex A of its codec binding). */
  private static final long[] LEVEL_SAMPLES = {
    36_864, 73_728, 122_880, 245_760, 552_960, 983_040, 2_228_224, 8_912_896, 35_651_584
  };

  /** The higher of the levels that share a picture size: their rate is not known here. */
  private static final int[] LEVELS = {10, 11, 20, 21, 30, 31, 41, 52, 62};

  /**
   * @return empty when it is no keyframe or cannot be read
   */
  static Optional<Vp9Header> parse(Bytes frame) {
    BitReader bits = BitReader.of(frame, 0, Math.min(frame.length(), 32));
    boolean isMarked = bits.bits(2) == 2;
    int profile = bits.bits(1) | bits.bits(1) << 1;
    boolean isReserved = profile == 3 && bits.flag();
    boolean isShownAgain = bits.flag();
    boolean isKeyframe = !isShownAgain && !bits.flag();
    bits.bits(2);
    if (!isMarked || isReserved || !isKeyframe || bits.bits(24) != SYNC_CODE) {
      return Optional.empty();
    }
    int bitDepth = 8;
    if (profile >= 2) {
      bitDepth = bits.flag() ? 12 : 10;
    }
    int space = bits.bits(3);
    boolean isFull = space == RGB || bits.flag();
    boolean isHalfWide = space != RGB;
    boolean isHalfHigh = space != RGB;
    if ((profile & 1) == 1) {
      if (space != RGB) {
        isHalfWide = bits.flag();
        isHalfHigh = bits.flag();
      }
      bits.flag();
    }
    int width = bits.bits(16) + 1;
    int height = bits.bits(16) + 1;
    return bits.isExhausted()
        ? Optional.empty()
        : Optional.of(
            new Vp9Header(profile, bitDepth, space, isFull, isHalfWide, isHalfHigh, width, height));
  }

  ColourCode colour() {
    int unsaid = ColourCode.UNSPECIFIED;
    return switch (colourSpace) {
      case 1 -> new ColourCode(5, 6, 5, isFullRange);
      case 2 -> new ColourCode(1, 1, 1, isFullRange);
      case 3 -> new ColourCode(6, 6, 6, isFullRange);
      case 4 -> new ColourCode(7, 7, 7, isFullRange);
      case 5 -> new ColourCode(ColourCode.BT2020, unsaid, ColourCode.BT2020, isFullRange);
      case RGB -> new ColourCode(1, 13, 0, true);
      default -> new ColourCode(unsaid, unsaid, unsaid, isFullRange);
    };
  }

  /**
   * The body of {@code vpcC}.
   *
   * @param shown what is known of the colours
   */
  Bytes config(ColourCode shown) {
    int subsampling = isHalfHigh ? 1 : (isHalfWide ? 2 : 3);
    return Bytes.copyOf(
        ByteBuffer.allocate(12)
            .putInt(VERSION_AND_FLAGS)
            .put((byte) profile)
            .put((byte) level())
            .put((byte) (bitDepth << 4 | subsampling << 1 | (shown.isFullRange() ? 1 : 0)))
            .put((byte) shown.primaries())
            .put((byte) shown.transfer())
            .put((byte) shown.matrix())
            .putShort((short) 0)
            .array());
  }

  private int level() {
    long samples = (long) widthPx * heightPx;
    int index = 0;
    while (index < LEVEL_SAMPLES.length - 1 && samples > LEVEL_SAMPLES[index]) {
      index++;
    }
    return LEVELS[index];
  }
}
