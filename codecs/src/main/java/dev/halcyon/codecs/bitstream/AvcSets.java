package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import java.io.ByteArrayOutputStream;
import java.util.BitSet;
import java.util.List;

/**
 * Parameter sets of H.264: which ids are taken, and a configuration with the sets of two encoders,
 * so that pictures of both can follow each other under one sample entry (ISO/IEC 14496-15, 5.3.3).
 * No state.
 */
public final class AvcSets {
  /** Of sequence parameter sets (ITU-T H.264, 7.4.2.1.1); those of pictures go further. */
  private static final int IDS = 32;

  private static final int HEAD_BYTES = 5;

  private static final int CONSTRAINTS_AT = 2;
  private static final int LEVEL_AT = 3;

  /** Counts of {@code avcC}. */
  private static final int MAX_SPS = 31;

  private static final int MAX_PPS = 255;

  private AvcSets() {}

  /** Adds the ids of all sets in a configuration, of sequences and pictures alike. */
  public static void addIds(BitSet ids, VideoFormat format) {
    NalUnits.ofConfig(format).forEach(unit -> addId(ids, unit));
  }

  /** Adds the ids of all sets in a packet. */
  public static void addIds(BitSet ids, VideoFormat format, Bytes packet) {
    NalUnits.beforePicture(format, packet).forEach(unit -> addId(ids, unit));
  }

  private static void addId(BitSet ids, Bytes unit) {
    // After the header; and in a sequence's after profile, constraints and level.
    int from =
        switch (NalUnits.typeOf(Codec.H264, unit)) {
          case NalUnits.AVC_SPS -> 4;
          case NalUnits.AVC_PPS -> 1;
          default -> unit.length();
        };
    if (from < unit.length()) {
      int id = BitReader.ofNal(unit, from, unit.length()).unsigned();
      if (id <= 255) {
        ids.set(id);
      }
    }
  }

  /**
   * An id that neither a sequence's nor a picture's set has.
   *
   * @throws HalcyonException UNSUPPORTED_MEDIA when all are taken
   */
  public static int unusedId(BitSet taken) {
    // From above: encoders count from 0.
    for (int id = IDS - 1; id >= 0; id--) {
      if (!taken.get(id)) {
        return id;
      }
    }
    throw new HalcyonException(
        ErrorCode.UNSUPPORTED_MEDIA, "the pictures use every id that parameter sets can have");
  }

  /**
   * A configuration with another one's sets behind its own. Its profile is for both, as it is.
   *
   * @throws HalcyonException CORRUPT_MEDIA when it cannot be read; UNSUPPORTED_MEDIA when there are
   *     too many sets
   */
  public static Bytes joined(VideoFormat format, VideoFormat other) {
    List<Bytes> sps = both(format, other, NalUnits.AVC_SPS);
    List<Bytes> pps = both(format, other, NalUnits.AVC_PPS);
    if (sps.size() > MAX_SPS || pps.size() > MAX_PPS) {
      throw new HalcyonException(ErrorCode.UNSUPPORTED_MEDIA, "too many parameter sets");
    }
    Bytes config = format.config();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] head = config.slice(0, HEAD_BYTES).toArray();
    // A constraint holds when it holds for all; the level is what all need (5.3.3.1.2).
    head[CONSTRAINTS_AT] &= (byte) other.config().at(CONSTRAINTS_AT);
    head[LEVEL_AT] = (byte) Math.max(config.at(LEVEL_AT), other.config().at(LEVEL_AT));
    out.writeBytes(head);
    out.write(0xe0 | sps.size());
    sps.forEach(unit -> writeUnit(out, unit));
    out.write(pps.size());
    pps.forEach(unit -> writeUnit(out, unit));
    out.writeBytes(config.slice(lengthOfSets(format), config.length()).toArray());
    return Bytes.copyOf(out.toByteArray());
  }

  private static List<Bytes> both(VideoFormat format, VideoFormat other, int type) {
    return List.of(format, other).stream()
        .flatMap(each -> NalUnits.ofConfig(each).stream())
        .filter(unit -> NalUnits.typeOf(Codec.H264, unit) == type)
        .toList();
  }

  /** Where the extensions of the higher profiles begin. */
  private static int lengthOfSets(VideoFormat format) {
    int length = HEAD_BYTES + 2;
    for (Bytes unit : NalUnits.ofConfig(format)) {
      length += 2 + unit.length();
    }
    if (length > format.config().length()) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "an avcC that is cut short");
    }
    return length;
  }

  private static void writeUnit(ByteArrayOutputStream out, Bytes unit) {
    out.write(unit.length() >> 8);
    out.write(unit.length());
    out.writeBytes(unit.toArray());
  }
}
