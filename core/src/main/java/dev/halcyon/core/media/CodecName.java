package dev.halcyon.core.media;

import java.util.Locale;

/**
 * A track's coding as browsers and playlists name it: the {@code codecs} parameter of RFC 6381,
 * from the configuration record. A record that is cut short gives the codec's name without its
 * parameters. Any thread.
 */
public final class CodecName {
  /** AudioSpecificConfig: object types from 32 on stand in six more bits (14496-3, 1.6.2.1). */
  private static final int ESCAPED_OBJECT_TYPE = 31;

  /** Level 1.0: the lowest that VP9 has, for a stream that does not state its own. */
  private static final int LOWEST_VP9_LEVEL = 10;

  private static final int HEVC_CONSTRAINT_BYTES = 6;

  private CodecName() {}

  public static String of(TrackFormat format) {
    Bytes config = format.config();
    return switch (format.codec()) {
      case H264 -> config.length() < 4 ? "avc1" : "avc1." + hex(config, 1, 4);
      case HEVC -> config.length() < 13 ? "hvc1" : hevc(config);
      case AV1 -> config.length() < 3 ? "av01" : av1(config);
      case VP8 -> "vp8";
      case VP9 -> vp9(config);
      case AAC -> "mp4a.40." + objectType(config);
      case MP3 -> "mp4a.6B";
      case OPUS -> "opus";
      case FLAC -> "fLaC";
      case AC3 -> "ac-3";
    };
  }

  /** ISO/IEC 14496-15, E.3: space and profile, compatibility backwards, tier and level, limits. */
  private static String hevc(Bytes hvcC) {
    StringBuilder name = new StringBuilder("hvc1.");
    int space = hvcC.at(1) >> 6;
    if (space > 0) {
      name.append((char) ('A' + space - 1));
    }
    int compatibility = hvcC.at(2) << 24 | hvcC.at(3) << 16 | hvcC.at(4) << 8 | hvcC.at(5);
    name.append(hvcC.at(1) & 0x1f)
        .append('.')
        .append(Integer.toHexString(Integer.reverse(compatibility)).toUpperCase(Locale.ROOT))
        .append('.')
        .append((hvcC.at(1) & 0x20) == 0 ? 'L' : 'H')
        .append(hvcC.at(12));
    int constraints = HEVC_CONSTRAINT_BYTES;
    while (constraints > 0 && hvcC.at(5 + constraints) == 0) {
      constraints--;
    }
    for (int i = 1; i <= constraints; i++) {
      name.append('.').append(Integer.toHexString(hvcC.at(5 + i)).toUpperCase(Locale.ROOT));
    }
    return name.toString();
  }

  /** AV1 in ISO BMFF, section 5: profile, level and tier, depth. */
  private static String av1(Bytes av1C) {
    boolean isHighDepth = (av1C.at(2) & 0x40) != 0;
    boolean isTwelveBit = (av1C.at(2) & 0x20) != 0;
    int depth = isHighDepth ? (isTwelveBit ? 12 : 10) : 8;
    return String.format(
        Locale.ROOT,
        "av01.%d.%02d%s.%02d",
        av1C.at(1) >> 5,
        av1C.at(1) & 0x1f,
        (av1C.at(2) & 0x80) == 0 ? "M" : "H",
        depth);
  }

  /** VP codec binding: {@code vpcC} is version and flags, profile, level, depth and chroma, … */
  private static String vp9(Bytes vpcC) {
    boolean isStated = vpcC.length() >= 7;
    int level = isStated ? vpcC.at(5) : 0;
    return String.format(
        Locale.ROOT,
        "vp09.%02d.%02d.%02d",
        isStated ? vpcC.at(4) : 0,
        level > 0 ? level : LOWEST_VP9_LEVEL,
        isStated ? vpcC.at(6) >> 4 : 8);
  }

  private static int objectType(Bytes config) {
    if (config.length() < 2) {
      return 2;
    }
    int type = config.at(0) >> 3;
    return type == ESCAPED_OBJECT_TYPE
        ? 32 + ((config.at(0) & 7) << 3 | config.at(1) >> 5)
        : Math.max(1, type);
  }

  private static String hex(Bytes bytes, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(String.format(Locale.ROOT, "%02x", bytes.at(i)));
    }
    return text.toString();
  }
}
