package dev.halcyon.verticles.ingest.media;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;

/**
 * What an H.264 sequence parameter set says (7.3.2.1.1) that reaches beyond the decoder.
 *
 * @param widthPx of the picture to show: coded size less cropping
 * @param heightPx see {@code widthPx}
 * @param chromaFormat chroma_format_idc
 * @param reorderPictures most pictures that precede another in decoding and follow it in output
 * @param pictureUs how long a picture lasts, as the encoder states it; 0 when it does not
 * @param slices what their headers are read by
 */
public record AvcSps(
    int id,
    int widthPx,
    int heightPx,
    int profile,
    int chromaFormat,
    int lumaBits,
    int chromaBits,
    int reorderPictures,
    long pictureUs,
    Slices slices) {
  /**
   * How slice headers begin (7.3.3).
   *
   * @param frameNumBits length of frame_num
   * @param hasPlaneId whether colour_plane_id comes before it
   * @param isFramesOnly whether no picture is a field
   */
  public record Slices(int frameNumBits, boolean hasPlaneId, boolean isFramesOnly) {}

  private static final int SPS_NAL_TYPE = 7;
  private static final int BASELINE = 66;
  private static final int MAX_ID = 31;
  private static final int MAX_MACROBLOCKS = 16_384 / 16;
  private static final int MAX_CROP = 16_384;
  private static final int MAX_BITS = 14;

  /**
   * @param nal header byte included
   * @throws HalcyonException CORRUPT_MEDIA
   */
  public static AvcSps parse(byte[] nal) {
    if (nal.length < 4 || (nal[0] & 0x1f) != SPS_NAL_TYPE) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "not an H.264 SPS");
    }
    BitReader in = BitReader.ofNalUnit(nal);
    in.skip(8);
    int profile = in.bits(8);
    boolean isIntraOnly = isIntraOnly(profile, in.bits(8));
    in.skip(8); // Level.
    int id = bounded(in.unsignedGolomb(), MAX_ID, "seq_parameter_set_id");
    ColourShape colour = hasChromaFormat(profile) ? ColourShape.read(in) : ColourShape.PLAIN;
    int frameNumBits = 4 + bounded(in.unsignedGolomb(), 12, "log2_max_frame_num_minus4");
    int orderType = skipPictureOrder(in);
    int references = in.unsignedGolomb(); // max_num_ref_frames
    in.flag(); // gaps_in_frame_num_value_allowed_flag
    int widthMbs = macroblocks(in);
    int heightMapUnits = macroblocks(in);
    int fieldsPerFrame = in.flag() ? 1 : 2;
    if (fieldsPerFrame == 2) {
      in.flag(); // mb_adaptive_frame_field_flag
    }
    in.flag(); // direct_8x8_inference_flag
    int widthPx = widthMbs * 16;
    int heightPx = heightMapUnits * 16 * fieldsPerFrame;
    if (in.flag()) {
      widthPx -= cropped(in) * colour.unitWidth();
      heightPx -= cropped(in) * colour.unitHeight() * fieldsPerFrame;
    }
    if (widthPx < 1 || heightPx < 1 || widthPx > 16_384 || heightPx > 16_384) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA, "picture size out of range [" + widthPx + "x" + heightPx + "]");
    }
    boolean isInOrder = isIntraOnly || profile == BASELINE || orderType == 2 || references == 0;
    AvcUsability usability = AvcUsability.read(in);
    return new AvcSps(
        id,
        widthPx,
        heightPx,
        profile,
        colour.chromaFormat(),
        colour.lumaBits(),
        colour.chromaBits(),
        usability.reorderPictures().orElse(isInOrder ? 0 : Math.min(references, 16)),
        usability.pictureUs(),
        new Slices(frameNumBits, colour.isSeparate(), fieldsPerFrame == 1));
  }

  /** A.2: profiles that constraint_set3_flag turns into their intra variants, and CAVLC 4:4:4. */
  private static boolean isIntraOnly(int profile, int constraints) {
    boolean isConstrained = (constraints & 0x10) != 0;
    return profile == 44 || (isConstrained && (profile == 100 || profile >= 110));
  }

  private static boolean hasChromaFormat(int profile) {
    return switch (profile) {
      case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> true;
      default -> false;
    };
  }

  /** pic_order_cnt_type and what it brings with it. */
  private static int skipPictureOrder(BitReader in) {
    int type = in.unsignedGolomb();
    if (type == 0) {
      in.unsignedGolomb(); // log2_max_pic_order_cnt_lsb_minus4
    } else if (type == 1) {
      in.flag(); // delta_pic_order_always_zero_flag
      in.signedGolomb(); // offset_for_non_ref_pic
      in.signedGolomb(); // offset_for_top_to_bottom_field
      int cycle = bounded(in.unsignedGolomb(), 255, "picture order cycle");
      for (int i = 0; i < cycle; i++) {
        in.signedGolomb(); // offset_for_ref_frame
      }
    }
    return type;
  }

  private static int macroblocks(BitReader in) {
    return bounded(in.unsignedGolomb(), MAX_MACROBLOCKS - 1, "macroblocks") + 1;
  }

  /** Sum of the crop at two opposite edges, in crop units. */
  private static int cropped(BitReader in) {
    int first = bounded(in.unsignedGolomb(), MAX_CROP, "crop");
    return first + bounded(in.unsignedGolomb(), MAX_CROP, "crop");
  }

  private static int bounded(int value, int max, String name) {
    if (value > max) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA, "H.264 SPS out of range [" + name + "=" + value + "]");
    }
    return value;
  }

  /**
   * Chroma format and depths.
   *
   * @param arrayType ChromaArrayType: separate planes count as monochrome (0)
   */
  private record ColourShape(int chromaFormat, int arrayType, int lumaBits, int chromaBits) {
    private static final int MONOCHROME = 0;
    private static final int YUV_420 = 1;
    private static final int YUV_422 = 2;
    private static final int YUV_444 = 3;
    static final ColourShape PLAIN = new ColourShape(YUV_420, YUV_420, 8, 8);

    static ColourShape read(BitReader in) {
      int format = bounded(in.unsignedGolomb(), YUV_444, "chroma_format_idc");
      boolean isSeparate = format == YUV_444 && in.flag();
      int lumaBits = bounded(in.unsignedGolomb(), MAX_BITS - 8, "bit_depth_luma") + 8;
      int chromaBits = bounded(in.unsignedGolomb(), MAX_BITS - 8, "bit_depth_chroma") + 8;
      in.flag(); // qpprime_y_zero_transform_bypass_flag
      if (in.flag()) {
        int lists = format == YUV_444 ? 12 : 8;
        for (int i = 0; i < lists; i++) {
          if (in.flag()) {
            skipScalingList(in, i < 6 ? 16 : 64);
          }
        }
      }
      return new ColourShape(format, isSeparate ? MONOCHROME : format, lumaBits, chromaBits);
    }

    private static void skipScalingList(BitReader in, int size) {
      int scale = 8;
      for (int i = 0; i < size && scale != 0; i++) {
        scale = (scale + in.signedGolomb()) & 0xff;
      }
    }

    /** separate_colour_plane_flag */
    boolean isSeparate() {
      return chromaFormat == YUV_444 && arrayType == MONOCHROME;
    }

    /** Crop units (table 6-1). */
    int unitWidth() {
      return arrayType == YUV_420 || arrayType == YUV_422 ? 2 : 1;
    }

    int unitHeight() {
      return arrayType == YUV_420 ? 2 : 1;
    }
  }
}
