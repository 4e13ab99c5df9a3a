package dev.halcyon.core.media;

/**
 * What the numbers in a picture mean as colours: code points of ITU-T H.273.
 *
 * @param primaries 1 BT.709, 9 BT.2020, 2 not said
 * @param transfer 1 BT.709, 16 PQ (HDR10), 18 HLG, 2 not said
 * @param matrix 1 BT.709, 9 BT.2020, 2 not said
 * @param isFullRange black is 0, not 16
 */
public record ColourCode(int primaries, int transfer, int matrix, boolean isFullRange) {
  /** A code point that says nothing. */
  public static final int UNSPECIFIED = 2;

  /** A transfer code point: SMPTE ST 2084, as HDR10 has it. */
  public static final int PQ = 16;

  /** A transfer code point: hybrid log-gamma, ARIB STD-B67. */
  public static final int HLG = 18;

  /** A primaries code point: wide gamut, Rec. ITU-R BT.2020. */
  public static final int BT2020 = 9;

  public ColourCode {
    if ((primaries | transfer | matrix) >>> 8 != 0) {
      throw new IllegalArgumentException(
          "colour code out of range [primaries="
              + primaries
              + ", transfer="
              + transfer
              + ", matrix="
              + matrix
              + "]");
    }
  }

  public ColourCode withTransfer(int other) {
    return new ColourCode(primaries, other, matrix, isFullRange);
  }
}
