package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;

/** The size of the picture to show: coded size less cropping. */
record PictureSize(int widthPx, int heightPx) {
  private static final int SPS_NAL_TYPE = 7;
  private static final int MAX_MACROBLOCKS = 16_384 / 16;
  private static final int MAX_CROP = 16_384;

  /**
   * From an H.264 sequence parameter set (7.3.2.1.1), header byte included.
   *
   * @throws HalcyonException CORRUPT_MEDIA
   */
  static PictureSize ofSps(byte[] nal) {
    if (nal.length < 4 || (nal[0] & 0x1f) != SPS_NAL_TYPE) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "not an H.264 SPS");
    }
    BitReader in = BitReader.ofNalUnit(nal);
    in.skip(8);
    int profile = in.bits(8);
    in.skip(16); // Constraint flags, level.
    in.unsignedGolomb(); // seq_parameter_set_id
    int chroma = hasChromaFormat(profile) ? chromaAndScaling(in) : Chroma.YUV_420;
    in.unsignedGolomb(); // log2_max_frame_num_minus4
    skipPictureOrder(in);
    in.unsignedGolomb(); // max_num_ref_frames
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
      widthPx -= cropped(in) * Chroma.unitWidth(chroma);
      heightPx -= cropped(in) * Chroma.unitHeight(chroma) * fieldsPerFrame;
    }
    if (widthPx < 1 || heightPx < 1 || widthPx > 16_384 || heightPx > 16_384) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA, "picture size out of range [" + widthPx + "x" + heightPx + "]");
    }
    return new PictureSize(widthPx, heightPx);
  }

  private static boolean hasChromaFormat(int profile) {
    return switch (profile) {
      case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> true;
      default -> false;
    };
  }

  /** chroma_format_idc; separate planes count as monochrome (ChromaArrayType). */
  private static int chromaAndScaling(BitReader in) {
    int chroma = in.unsignedGolomb();
    if (chroma > Chroma.YUV_444) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA, "unknown chroma format [chroma_format_idc=" + chroma + "]");
    }
    int lists = chroma == Chroma.YUV_444 ? 12 : 8;
    if (chroma == Chroma.YUV_444 && in.flag()) {
      chroma = Chroma.MONOCHROME;
    }
    in.unsignedGolomb(); // bit_depth_luma_minus8
    in.unsignedGolomb(); // bit_depth_chroma_minus8
    in.flag(); // qpprime_y_zero_transform_bypass_flag
    if (in.flag()) {
      for (int i = 0; i < lists; i++) {
        if (in.flag()) {
          skipScalingList(in, i < 6 ? 16 : 64);
        }
      }
    }
    return chroma;
  }

  private static void skipScalingList(BitReader in, int size) {
    int scale = 8;
    for (int i = 0; i < size && scale != 0; i++) {
      scale = (scale + in.signedGolomb()) & 0xff;
    }
  }

  private static void skipPictureOrder(BitReader in) {
    int type = in.unsignedGolomb();
    if (type == 0) {
      in.unsignedGolomb(); // log2_max_pic_order_cnt_lsb_minus4
    } else if (type == 1) {
      in.flag(); // delta_pic_order_always_zero_flag
      in.signedGolomb(); // offset_for_non_ref_pic
      in.signedGolomb(); // offset_for_top_to_bottom_field
      int cycle = in.unsignedGolomb();
      if (cycle > 255) {
        throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "picture order cycle too long");
      }
      for (int i = 0; i < cycle; i++) {
        in.signedGolomb(); // offset_for_ref_frame
      }
    }
  }

  private static int macroblocks(BitReader in) {
    int count = in.unsignedGolomb() + 1;
    if (count > MAX_MACROBLOCKS) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA, "picture too large [macroblocks=" + count + "]");
    }
    return count;
  }

  /** Sum of the crop at two opposite edges, in crop units. */
  private static int cropped(BitReader in) {
    int first = in.unsignedGolomb();
    int second = in.unsignedGolomb();
    if (first > MAX_CROP || second > MAX_CROP) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "crop larger than the picture");
    }
    return first + second;
  }

  /** Crop units by ChromaArrayType (H.264, table 6-1). */
  private static final class Chroma {
    static final int MONOCHROME = 0;
    static final int YUV_420 = 1;
    static final int YUV_422 = 2;
    static final int YUV_444 = 3;

    static int unitWidth(int chroma) {
      return chroma == YUV_420 || chroma == YUV_422 ? 2 : 1;
    }

    static int unitHeight(int chroma) {
      return chroma == YUV_420 ? 2 : 1;
    }
  }
}
