package dev.halcyon.verticles.ingest.media;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;

/**
 * What an H.265 sequence parameter set says (7.3.2.2.1) that reaches beyond the decoder.
 *
 * @param widthPx of the picture to show: coded size less the conformance window
 * @param heightPx see {@code widthPx}
 * @param profileTierLevel the twelve bytes of general profile, constraints and level
 * @param temporalLayers sps_max_sub_layers
 * @param reorderPictures most pictures that precede another in decoding and follow it in output
 */
public record HevcSps(
    int id,
    int vpsId,
    int widthPx,
    int heightPx,
    Bytes profileTierLevel,
    int temporalLayers,
    boolean isTemporalNested,
    int chromaFormat,
    int lumaBits,
    int chromaBits,
    int reorderPictures) {
  static final int MAX_ID = 15;
  private static final int MAX_SIDE_PX = 16_384;
  private static final int MAX_BITS = 15;
  private static final int MAX_REORDER = 16;
  private static final int PROFILE_TIER_LEVEL_BYTES = 12;
  private static final int SUB_LAYER_PROFILE_BITS = 88;
  private static final int SUB_LAYER_LEVEL_BITS = 8;

  /**
   * @param nal both header bytes included
   * @throws HalcyonException CORRUPT_MEDIA
   */
  public static HevcSps parse(byte[] nal) {
    BitReader in = BitReader.ofNalUnit(nal);
    in.skip(16);
    int vpsId = in.bits(4);
    int subLayers = bounded(in.bits(3), 6, "sps_max_sub_layers_minus1");
    boolean isNested = in.flag();
    Bytes profile = profileTierLevel(in, subLayers);
    int id = bounded(in.unsignedGolomb(), MAX_ID, "sps_seq_parameter_set_id");
    int chromaFormat = bounded(in.unsignedGolomb(), 3, "chroma_format_idc");
    boolean isSeparate = chromaFormat == 3 && in.flag();
    int widthPx = bounded(in.unsignedGolomb(), MAX_SIDE_PX, "width");
    int heightPx = bounded(in.unsignedGolomb(), MAX_SIDE_PX, "height");
    if (in.flag()) {
      boolean isSubsampled = !isSeparate && (chromaFormat == 1 || chromaFormat == 2);
      widthPx -= cropped(in) * (isSubsampled ? 2 : 1);
      heightPx -= cropped(in) * (!isSeparate && chromaFormat == 1 ? 2 : 1);
    }
    if (widthPx < 1 || heightPx < 1) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "H.265 picture without a size");
    }
    int lumaBits = bounded(in.unsignedGolomb(), MAX_BITS - 8, "bit_depth_luma") + 8;
    int chromaBits = bounded(in.unsignedGolomb(), MAX_BITS - 8, "bit_depth_chroma") + 8;
    in.unsignedGolomb(); // log2_max_pic_order_cnt_lsb_minus4
    return new HevcSps(
        id,
        vpsId,
        widthPx,
        heightPx,
        profile,
        subLayers + 1,
        isNested,
        chromaFormat,
        lumaBits,
        chromaBits,
        reorderPictures(in, subLayers));
  }

  private static Bytes profileTierLevel(BitReader in, int subLayers) {
    byte[] general = new byte[PROFILE_TIER_LEVEL_BYTES];
    for (int i = 0; i < general.length; i++) {
      general[i] = (byte) in.bits(8);
    }
    int presentBits = 0;
    for (int i = 0; i < subLayers; i++) {
      presentBits += in.flag() ? SUB_LAYER_PROFILE_BITS : 0;
      presentBits += in.flag() ? SUB_LAYER_LEVEL_BITS : 0;
    }
    if (subLayers > 0) {
      in.skip(2 * (8 - subLayers));
    }
    in.skip(presentBits);
    return Bytes.copyOf(general);
  }

  /** Of the highest layer, which is the last that is stated. */
  private static int reorderPictures(BitReader in, int subLayers) {
    boolean isEachStated = in.flag();
    int pictures = 0;
    for (int i = isEachStated ? 0 : subLayers; i <= subLayers; i++) {
      in.unsignedGolomb(); // sps_max_dec_pic_buffering_minus1
      pictures = in.unsignedGolomb();
      in.unsignedGolomb(); // sps_max_latency_increase_plus1
    }
    return bounded(pictures, MAX_REORDER, "sps_max_num_reorder_pics");
  }

  private static int cropped(BitReader in) {
    int first = bounded(in.unsignedGolomb(), MAX_SIDE_PX, "crop");
    return first + bounded(in.unsignedGolomb(), MAX_SIDE_PX, "crop");
  }

  private static int bounded(int value, int max, String name) {
    if (value > max) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA, "H.265 SPS out of range [" + name + "=" + value + "]");
    }
    return value;
  }
}
