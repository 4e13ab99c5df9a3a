package dev.halcyon.verticles.ingest.media;

import dev.halcyon.core.error.HalcyonException;
import java.util.OptionalInt;

/**
 * The end of an H.264 SPS (VUI, annex E.1.1). Cameras write it wrongly often enough, so what cannot
 * be read is taken for absent.
 *
 * @param pictureUs 0 when not stated
 */
record AvcUsability(OptionalInt reorderPictures, long pictureUs) {
  private static final AvcUsability NONE = new AvcUsability(OptionalInt.empty(), 0);
  private static final int EXTENDED_ASPECT = 255;
  private static final int MAX_REORDER = 16;

  /** A second a picture: slower ones are taken for a mistake. */
  private static final long MAX_PICTURE_US = 1_000_000;

  static AvcUsability read(BitReader in) {
    try {
      return in.flag() ? readPresent(in) : NONE;
    } catch (HalcyonException broken) {
      return NONE;
    }
  }

  private static AvcUsability readPresent(BitReader in) {
    skipShape(in);
    long pictureUs = in.flag() ? pictureUs(in) : 0;
    boolean hasNalHrd = in.flag();
    if (hasNalHrd) {
      skipHrd(in);
    }
    boolean hasVclHrd = in.flag();
    if (hasVclHrd) {
      skipHrd(in);
    }
    if (hasNalHrd || hasVclHrd) {
      in.flag(); // low_delay_hrd_flag
    }
    in.flag(); // pic_struct_present_flag
    return new AvcUsability(in.flag() ? reorder(in) : OptionalInt.empty(), pictureUs);
  }

  private static void skipShape(BitReader in) {
    if (in.flag() && in.bits(8) == EXTENDED_ASPECT) {
      in.skip(32);
    }
    if (in.flag()) {
      in.flag(); // overscan_appropriate_flag
    }
    if (in.flag()) {
      in.skip(4); // Video format, range.
      if (in.flag()) {
        in.skip(24); // Primaries, transfer, matrix.
      }
    }
    if (in.flag()) {
      in.unsignedGolomb(); // chroma_sample_loc_type_top_field
      in.unsignedGolomb(); // chroma_sample_loc_type_bottom_field
    }
  }

  /** A tick is a field's time: two make a picture. */
  private static long pictureUs(BitReader in) {
    long unitsInTick = Integer.toUnsignedLong(in.bits(32));
    long ticksPerSecond = Integer.toUnsignedLong(in.bits(32));
    in.flag(); // fixed_frame_rate_flag
    long pictureUs = ticksPerSecond == 0 ? 0 : 2_000_000 * unitsInTick / ticksPerSecond;
    return pictureUs <= MAX_PICTURE_US ? pictureUs : 0;
  }

  private static void skipHrd(BitReader in) {
    int schedules = in.unsignedGolomb() + 1;
    in.skip(8); // bit_rate_scale, cpb_size_scale
    for (int i = 0; i < schedules; i++) {
      in.unsignedGolomb(); // bit_rate_value_minus1
      in.unsignedGolomb(); // cpb_size_value_minus1
      in.flag(); // cbr_flag
    }
    in.skip(20); // Lengths of delays.
  }

  private static OptionalInt reorder(BitReader in) {
    in.flag(); // motion_vectors_over_pic_boundaries_flag
    for (int i = 0; i < 4; i++) {
      in.unsignedGolomb(); // max_bytes_per_pic_denom … log2_max_mv_length_vertical
    }
    int pictures = in.unsignedGolomb(); // max_num_reorder_frames
    in.unsignedGolomb(); // max_dec_frame_buffering
    return pictures <= MAX_REORDER ? OptionalInt.of(pictures) : OptionalInt.empty();
  }
}
