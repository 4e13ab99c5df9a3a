package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.ColourCode;
import dev.halcyon.core.media.SampleAspect;
import java.util.Optional;

/**
 * The start of video usability information, which H.264 (E.1.1) and H.265 (E.2.1) share.
 *
 * @param sampleAspect where stated
 * @param colour where stated, be it only the range
 */
record Usability(Optional<SampleAspect> sampleAspect, Optional<ColourCode> colour) {
  static final Usability NONE = new Usability(Optional.empty(), Optional.empty());

  private static final int EXTENDED_SAR = 255;

  /** Table E-1 of both, by aspect_ratio_idc; the first stands for "unspecified". */
  private static final int[][] SARS = {
    {0, 0}, {1, 1}, {12, 11}, {10, 11}, {16, 11}, {40, 33}, {24, 11}, {20, 11}, {32, 11}, {80, 33},
    {18, 11}, {15, 11}, {64, 33}, {160, 99}, {4, 3}, {3, 2}, {2, 1}
  };

  /**
   * @param bits at vui_parameters_present_flag
   */
  static Usability read(BitReader bits) {
    if (!bits.flag()) {
      return NONE;
    }
    Optional<SampleAspect> aspect = bits.flag() ? aspect(bits) : Optional.empty();
    if (bits.flag()) {
      bits.flag();
    }
    return new Usability(aspect, bits.flag() ? colour(bits) : Optional.empty());
  }

  private static Optional<SampleAspect> aspect(BitReader bits) {
    int idc = bits.bits(8);
    int[] sar = {0, 0};
    if (idc == EXTENDED_SAR) {
      sar = new int[] {bits.bits(16), bits.bits(16)};
    } else if (idc < SARS.length) {
      sar = SARS[idc];
    }
    return sar[0] == 0 || sar[1] == 0
        ? Optional.empty()
        : Optional.of(new SampleAspect(sar[0], sar[1]));
  }

  private static Optional<ColourCode> colour(BitReader bits) {
    bits.bits(3);
    boolean isFullRange = bits.flag();
    int unsaid = ColourCode.UNSPECIFIED;
    if (bits.flag()) {
      return Optional.of(new ColourCode(bits.bits(8), bits.bits(8), bits.bits(8), isFullRange));
    }
    return isFullRange
        ? Optional.of(new ColourCode(unsaid, unsaid, unsaid, true))
        : Optional.empty();
  }
}
