package dev.halcyon.codecs.mux;

import dev.halcyon.codecs.bitstream.HevcSps;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What H.264 and HEVC encoders write (start codes; ITU-T H.264 and H.265, Annex B) as MP4 and FLV
 * want it (lengths, and a configuration record; ISO/IEC 14496-15). For 8-bit 4:2:0 only, which is
 * all that our encoders make. Any thread.
 */
public final class AnnexB {
  private static final int H264_SPS = 7;
  private static final int H264_PPS = 8;
  private static final int HEVC_VPS = 32;
  private static final int HEVC_SPS = 33;
  private static final int HEVC_PPS = 34;
  private static final int HEVC_PREFIX_SEI = 39;

  /** An SEI message of an encoder about itself (H.265, D.2.7). */
  private static final int USER_DATA = 5;

  /** From here on an H.264 profile's configuration states chroma format and depth. */
  private static final int H264_HIGH_PROFILE = 100;

  private AnnexB() {}

  /** Replaces each start code by a four-byte length. */
  public static Bytes lengthPrefixed(byte[] stream) {
    List<byte[]> units = units(stream);
    int length = 0;
    for (byte[] unit : units) {
      length += 4 + unit.length;
    }
    byte[] prefixed = new byte[length];
    int offset = 0;
    for (byte[] unit : units) {
      for (int shift = 24; shift >= 0; shift -= 8) {
        prefixed[offset++] = (byte) (unit.length >> shift);
      }
      System.arraycopy(unit, 0, prefixed, offset, unit.length);
      offset += unit.length;
    }
    return Bytes.copyOf(prefixed);
  }

  /** The body of {@code avcC} from an encoder's parameter sets. */
  public static Bytes avcConfig(byte[] parameterSets) {
    List<byte[]> units = units(parameterSets);
    List<byte[]> sps = units.stream().filter(unit -> (unit[0] & 0x1f) == H264_SPS).toList();
    List<byte[]> pps = units.stream().filter(unit -> (unit[0] & 0x1f) == H264_PPS).toList();
    requireSets(sps, pps);
    ByteArrayOutputStream config = new ByteArrayOutputStream();
    byte[] first = sps.getFirst();
    config.write(1);
    config.write(first, 1, 3); // profile, compatibility, level
    config.write(0xfc | 3); // four-byte lengths
    config.write(0xe0 | sps.size());
    sps.forEach(unit -> writeUnit(config, unit));
    config.write(pps.size());
    pps.forEach(unit -> writeUnit(config, unit));
    if ((first[1] & 0xff) >= H264_HIGH_PROFILE) {
      config.writeBytes(new byte[] {(byte) (0xfc | 1), (byte) 0xf8, (byte) 0xf8, 0});
    }
    return Bytes.copyOf(config.toByteArray());
  }

  /** The body of {@code hvcC} from an encoder's parameter sets. */
  public static Bytes hevcConfig(byte[] parameterSets) {
    List<byte[]> units = units(parameterSets);
    List<byte[]> sps = ofHevcType(units, HEVC_SPS);
    requireSets(sps, ofHevcType(units, HEVC_PPS));
    requireSets(sps, ofHevcType(units, HEVC_VPS));
    byte[] plain = withoutEmulationPrevention(sps.getFirst());
    ByteArrayOutputStream config = new ByteArrayOutputStream();
    config.write(1);
    // After the unit's header (2) and the ids (1): profile, compatibility, constraints, level.
    config.write(plain, 3, 12);
    config.writeBytes(new byte[] {(byte) 0xf0, 0}); // no least segmentation stated
    config.write(0xfc); // parallelism not stated
    HevcSps first =
        HevcSps.parse(Bytes.copyOf(sps.getFirst()))
            .orElseThrow(
                () ->
                    new HalcyonException(
                        ErrorCode.CORRUPT_MEDIA, "an encoder gave an unreadable parameter set"));
    config.write(0xfc | first.chromaFormatIdc());
    config.write(0xf8 | (first.bitDepthLuma() - 8));
    config.write(0xf8 | (first.bitDepthChroma() - 8));
    config.writeBytes(new byte[] {0, 0}); // average frame rate not stated
    int temporalLayers = ((plain[2] & 0x0e) >> 1) + 1;
    config.write(temporalLayers << 3 | (plain[2] & 1) << 2 | 3); // four-byte lengths
    List<byte[]> messages =
        ofHevcType(units, HEVC_PREFIX_SEI).stream().filter(unit -> unit[2] != USER_DATA).toList();
    config.write(messages.isEmpty() ? 3 : 4);
    for (int type : new int[] {HEVC_VPS, HEVC_SPS, HEVC_PPS, HEVC_PREFIX_SEI}) {
      List<byte[]> ofType = type == HEVC_PREFIX_SEI ? messages : ofHevcType(units, type);
      if (ofType.isEmpty()) {
        continue;
      }
      config.write(0x80 | type);
      config.write(0);
      config.write(ofType.size());
      ofType.forEach(unit -> writeUnit(config, unit));
    }
    return Bytes.copyOf(config.toByteArray());
  }

  private static List<byte[]> ofHevcType(List<byte[]> units, int type) {
    return units.stream().filter(unit -> (unit[0] >> 1 & 0x3f) == type).toList();
  }

  private static void requireSets(List<byte[]> sps, List<byte[]> pps) {
    if (sps.isEmpty() || pps.isEmpty() || sps.getFirst().length < 4) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "an encoder gave no parameter sets");
    }
  }

  private static void writeUnit(ByteArrayOutputStream config, byte[] unit) {
    config.write(unit.length >> 8);
    config.write(unit.length);
    config.writeBytes(unit);
  }

  /** The NAL units between start codes, without the zeros that may trail them. */
  private static List<byte[]> units(byte[] stream) {
    List<byte[]> units = new ArrayList<>();
    int start = -1;
    for (int i = 0; i + 2 < stream.length; i++) {
      if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1) {
        addUnit(units, stream, start, i);
        start = i + 3;
        i += 2;
      }
    }
    addUnit(units, stream, start, stream.length);
    return units;
  }

  private static void addUnit(List<byte[]> units, byte[] stream, int start, int end) {
    int last = end;
    while (start >= 0 && last > start && stream[last - 1] == 0) {
      last--;
    }
    if (start >= 0 && last > start) {
      units.add(Arrays.copyOfRange(stream, start, last));
    }
  }

  /** H.265, 7.4.2: a 3 after two zeros is not data. */
  private static byte[] withoutEmulationPrevention(byte[] unit) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(unit.length);
    int zeros = 0;
    for (byte value : unit) {
      if (zeros >= 2 && value == 3) {
        zeros = 0;
        continue;
      }
      plain.write(value);
      zeros = value == 0 ? zeros + 1 : 0;
    }
    return plain.toByteArray();
  }
}
