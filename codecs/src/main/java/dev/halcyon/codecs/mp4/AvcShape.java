package dev.halcyon.codecs.mp4;

import dev.halcyon.core.media.Bytes;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the picture shape in the first sequence parameter set of an {@code avcC} (ITU-T H.264,
 * 7.3.2.1.1 and E.1.1). No state.
 */
final class AvcShape {
  /** Profiles whose parameter sets state a chroma format. */
  private static final Set<Integer> HIGH_PROFILES =
      Set.of(100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135);

  private static final int EXTENDED_SAR = 255;

  /** Table E-1, by aspect_ratio_idc. */
  private static final int[][] SARS = {
    {1, 1}, {1, 1}, {12, 11}, {10, 11}, {16, 11}, {40, 33}, {24, 11}, {20, 11}, {32, 11}, {80, 33},
    {18, 11}, {15, 11}, {64, 33}, {160, 99}, {4, 3}, {3, 2}, {2, 1}
  };

  private AvcShape() {}

  static PictureShape of(Bytes avcC) {
    // Version, profile, compatibility, level, length size, count of sets, 16-bit length, NAL unit.
    boolean hasSet = avcC.length() > 9 && (avcC.at(5) & 0x1f) > 0;
    int end = hasSet ? 8 + (avcC.at(6) << 8 | avcC.at(7)) : 0;
    if (!hasSet || end > avcC.length()) {
      return PictureShape.PLAIN;
    }
    RbspBits bits = new RbspBits(avcC, 9, end);
    skipToUsability(bits);
    PictureShape shape = usability(bits);
    return bits.isExhausted() ? PictureShape.PLAIN : shape;
  }

  private static void skipToUsability(RbspBits bits) {
    int profile = bits.bits(8);
    bits.bits(16);
    bits.unsigned();
    if (HIGH_PROFILES.contains(profile)) {
      skipChroma(bits);
    }
    bits.unsigned();
    int orderType = bits.unsigned();
    if (orderType == 0) {
      bits.unsigned();
    } else if (orderType == 1) {
      bits.flag();
      bits.signed();
      bits.signed();
      for (int left = bits.unsigned(); left > 0 && !bits.isExhausted(); left--) {
        bits.signed();
      }
    }
    bits.unsigned();
    bits.flag();
    bits.unsigned();
    bits.unsigned();
    boolean isFramesOnly = bits.flag();
    if (!isFramesOnly) {
      bits.flag();
    }
    bits.flag();
    if (bits.flag()) {
      for (int edge = 0; edge < 4; edge++) {
        bits.unsigned();
      }
    }
  }

  private static void skipChroma(RbspBits bits) {
    int chroma = bits.unsigned();
    if (chroma == 3) {
      bits.flag();
    }
    bits.unsigned();
    bits.unsigned();
    bits.flag();
    if (!bits.flag()) {
      return;
    }
    int lists = chroma == 3 ? 12 : 8;
    for (int i = 0; i < lists && !bits.isExhausted(); i++) {
      if (bits.flag()) {
        skipScalingList(bits, i < 6 ? 16 : 64);
      }
    }
  }

  private static void skipScalingList(RbspBits bits, int size) {
    int last = 8;
    int next = 8;
    for (int i = 0; i < size; i++) {
      if (next != 0) {
        next = (last + bits.signed()) & 0xff;
      }
      last = next == 0 ? last : next;
    }
  }

  private static PictureShape usability(RbspBits bits) {
    if (!bits.flag()) {
      return PictureShape.PLAIN;
    }
    int[] sar = SARS[0];
    if (bits.flag()) {
      int idc = bits.bits(8);
      if (idc == EXTENDED_SAR) {
        sar = new int[] {bits.bits(16), bits.bits(16)};
      } else if (idc < SARS.length) {
        sar = SARS[idc];
      }
    }
    if (sar[0] == 0 || sar[1] == 0) {
      sar = SARS[0];
    }
    if (bits.flag()) {
      bits.flag();
    }
    return new PictureShape(sar[0], sar[1], bits.flag() ? colour(bits) : Optional.empty());
  }

  private static Optional<PictureShape.Colour> colour(RbspBits bits) {
    bits.bits(3);
    boolean isFullRange = bits.flag();
    if (!bits.flag()) {
      return Optional.empty();
    }
    return Optional.of(
        new PictureShape.Colour(bits.bits(8), bits.bits(8), bits.bits(8), isFullRange));
  }
}
