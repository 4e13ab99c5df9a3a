package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * NAL units of H.264 and H.265, out of a configuration record or a packet (ISO/IEC 14496-15). What
 * is cut short ends the list. No state.
 */
public final class NalUnits {
  static final int AVC_SEI = 6;
  static final int AVC_SPS = 7;
  static final int AVC_PPS = 8;
  static final int HEVC_VPS = 32;
  static final int HEVC_SPS = 33;
  static final int HEVC_PPS = 34;
  static final int HEVC_PREFIX_SEI = 39;

  /** Up to the lowest NAL unit type that is no coded slice. */
  private static final int AVC_SLICES = 5;

  private static final int HEVC_SLICES = 31;

  /** Version, profile, compatibility, level, length size. */
  private static final int AVC_HEAD_BYTES = 5;

  private static final int HEVC_HEAD_BYTES = 22;

  /** No encoder comes near it; a packet of garbage must not become a million lists. */
  private static final int MAX_UNITS = 1_024;

  private NalUnits() {}

  /** The type of a unit, by the codec's header. */
  static int typeOf(Codec codec, Bytes unit) {
    if (unit.isEmpty()) {
      return -1;
    }
    return codec == Codec.HEVC ? unit.at(0) >> 1 & 0x3f : unit.at(0) & 0x1f;
  }

  /** Parameter sets and SEI messages of {@code avcC} or {@code hvcC}, in their order. */
  public static List<Bytes> ofConfig(VideoFormat format) {
    return switch (format.codec()) {
      case H264 -> ofAvcConfig(format.config());
      case HEVC -> ofHevcConfig(format.config());
      default -> List.of();
    };
  }

  private static List<Bytes> ofAvcConfig(Bytes config) {
    List<Bytes> units = new ArrayList<>();
    int at = AVC_HEAD_BYTES;
    for (int mask : new int[] {0x1f, 0xff}) {
      if (at >= config.length()) {
        return units;
      }
      int count = config.at(at) & mask;
      at = readUnits(config, at + 1, count, units);
    }
    return units;
  }

  private static List<Bytes> ofHevcConfig(Bytes config) {
    List<Bytes> units = new ArrayList<>();
    if (config.length() <= HEVC_HEAD_BYTES) {
      return units;
    }
    int at = HEVC_HEAD_BYTES + 1;
    for (int left = config.at(HEVC_HEAD_BYTES); left > 0; left--) {
      if (at + 3 > config.length()) {
        return units;
      }
      int count = config.at(at + 1) << 8 | config.at(at + 2);
      at = readUnits(config, at + 3, count, units);
    }
    return units;
  }

  /** Where they end; the record's end when one is cut short. */
  private static int readUnits(Bytes config, int from, int count, List<Bytes> units) {
    int at = from;
    for (int left = count; left > 0 && units.size() < MAX_UNITS; left--) {
      int start = at + 2;
      if (start > config.length()) {
        return config.length();
      }
      int end = start + (config.at(at) << 8 | config.at(at + 1));
      if (end > config.length()) {
        return config.length();
      }
      units.add(config.slice(start, end));
      at = end;
    }
    return at;
  }

  /** Bytes of each length in front of a packet's units, as the configuration has it. */
  static int lengthBytes(VideoFormat format) {
    int at = format.codec() == Codec.HEVC ? HEVC_HEAD_BYTES - 1 : AVC_HEAD_BYTES - 1;
    return format.config().length() <= at ? 4 : (format.config().at(at) & 3) + 1;
  }

  /** The units of a packet in front of its first slice. */
  static List<Bytes> beforePicture(VideoFormat format, Bytes packet) {
    int slices = format.codec() == Codec.HEVC ? HEVC_SLICES : AVC_SLICES;
    return units(format, packet, unit -> typeOf(format.codec(), unit) > slices);
  }

  /** A packet's units while {@code isWanted}; the first that is not ends the list. */
  static List<Bytes> units(VideoFormat format, Bytes packet, Predicate<Bytes> isWanted) {
    List<Bytes> units = new ArrayList<>();
    int lengthBytes = lengthBytes(format);
    int at = 0;
    while (packet.length() - at > lengthBytes && units.size() < MAX_UNITS) {
      long length = 0;
      for (int i = 0; i < lengthBytes; i++) {
        length = length << 8 | packet.at(at + i);
      }
      at += lengthBytes;
      if (length == 0 || length > packet.length() - at) {
        return units;
      }
      Bytes unit = packet.slice(at, at + (int) length);
      if (!isWanted.test(unit)) {
        return units;
      }
      units.add(unit);
      at += (int) length;
    }
    return units;
  }
}
