package dev.halcyon.codecs.cut.smart;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.VideoFormat;
import java.util.Map;

/**
 * How a run of pictures is encoded.
 *
 * @param encoderName FFmpeg's
 * @param options the encoder's own
 * @param pictureUs how long pictures usually last
 * @param mostBps what they may take at most, over a second; 0 without a limit
 */
record BoundaryCoding(String encoderName, Map<String, String> options, int pictureUs, int mostBps) {
  /** Not to be told from the source beside it; the limit is what bounds the size. */
  private static final String X264_QUALITY = "14";

  private static final String X264_SPEED = "veryfast";

  private static final Map<String, String> X265 =
      Map.of(
          "preset",
          "veryfast",
          "crf",
          "16",
          "x265-params",
          "log-level=error:info=0:pools=none:frame-threads=1:keyint=-1:scenecut=0:open-gop=0");

  /** Without a look ahead, and thereby without pictures that are not shown. */
  private static final Map<String, String> VPX =
      Map.of(
          "deadline",
          "realtime",
          "cpu-used",
          "5",
          "crf",
          "16",
          "b",
          "0",
          "lag-in-frames",
          "0",
          "auto-alt-ref",
          "0");

  private static final Map<String, String> AOM =
      Map.of("usage", "realtime", "cpu-used", "7", "crf", "16", "b", "0", "lag-in-frames", "0");

  /** libvpx and libaom take no limit beside a quality. */
  private static final int NO_LIMIT = 0;

  private static final int PROFILE_AT = 1;
  private static final int LEVEL_AT = 3;

  /** Level 1b of the higher profiles (ITU-T H.264, table A-1). */
  private static final int LEVEL_1B = 9;

  /**
   * @param format of the source
   * @param setId of H.264's parameter sets, at most 31; other codecs' have a sample entry of their
   *     own
   * @throws HalcyonException UNSUPPORTED_MEDIA when there is no encoder
   */
  static BoundaryCoding of(VideoFormat format, int setId, int pictureUs, int mostBps) {
    return switch (format.codec()) {
      case H264 -> h264(format, setId, pictureUs, mostBps);
      case HEVC -> new BoundaryCoding("libx265", X265, pictureUs, mostBps);
      case VP9 -> new BoundaryCoding("libvpx-vp9", VPX, pictureUs, NO_LIMIT);
      case AV1 -> new BoundaryCoding("libaom-av1", AOM, pictureUs, NO_LIMIT);
      default ->
          throw new HalcyonException(
              ErrorCode.UNSUPPORTED_MEDIA, format.codec() + " is not encoded here");
    };
  }

  /** Its profile and level are kept. */
  private static BoundaryCoding h264(VideoFormat format, int setId, int pictureUs, int mostBps) {
    if (format.config().length() <= LEVEL_AT) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "H.264 without its configuration");
    }
    return new BoundaryCoding(
        "libx264",
        Map.of(
            "preset",
            X264_SPEED,
            "crf",
            X264_QUALITY,
            "profile",
            profile(format.config().at(PROFILE_AT)),
            "level",
            level(format.config().at(LEVEL_AT)),
            "x264-params",
            "sps-id=" + setId + ":keyint=infinite:scenecut=0"),
        pictureUs,
        mostBps);
  }

  /** By profile_idc (ITU-T H.264, annex A). */
  private static String profile(int idc) {
    return switch (idc) {
      case 66 -> "baseline";
      case 77 -> "main";
      case 100 -> "high";
      case 110 -> "high10";
      case 122 -> "high422";
      case 244 -> "high444";
      default ->
          throw new HalcyonException(
              ErrorCode.UNSUPPORTED_MEDIA,
              "pictures of H.264's profile " + idc + " cannot be encoded here");
    };
  }

  private static String level(int idc) {
    return idc == LEVEL_1B ? "1b" : idc / 10 + "." + idc % 10;
  }
}
