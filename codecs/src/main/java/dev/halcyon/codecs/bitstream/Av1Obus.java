package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * The open bitstream units of an AV1 temporal unit or configuration (AV1 specification, 5.3). What
 * is cut short ends the list. No state.
 */
public final class Av1Obus {
  static final int SEQUENCE_HEADER = 1;
  static final int TEMPORAL_DELIMITER = 2;
  static final int METADATA = 5;

  private static final int MAX_UNITS = 1_024;

  /**
   * One unit.
   *
   * @param startByte of its header in the whole
   * @param payload without header
   */
  record Obu(int type, int startByte, int endByte, Bytes payload) {}

  private Av1Obus() {}

  static List<Obu> of(Bytes bytes, int fromByte) {
    List<Obu> units = new ArrayList<>();
    int at = fromByte;
    while (at < bytes.length() && units.size() < MAX_UNITS) {
      int start = at;
      int header = bytes.at(at++);
      at += header >> 2 & 1;
      long size = (long) bytes.length() - at;
      if ((header & 2) != 0) {
        size = 0;
        boolean hasMore = true;
        // leb128, 4.10.5: seven bits a byte, least significant first, eight bytes at most.
        for (int i = 0; i < 8 && hasMore && at < bytes.length(); i++) {
          int next = bytes.at(at++);
          size |= (long) (next & 0x7f) << (7 * i);
          hasMore = (next & 0x80) != 0;
        }
      }
      if (size < 0 || size > bytes.length() - at) {
        return units;
      }
      int end = at + (int) size;
      units.add(new Obu(header >> 3 & 0xf, start, end, bytes.slice(at, end)));
      at = end;
    }
    return units;
  }

  /** A temporal unit as MP4 and Matroska want it: without its delimiter. */
  public static Bytes withoutDelimiter(Bytes temporalUnit) {
    List<Obu> units = of(temporalUnit, 0);
    boolean isDelimited = !units.isEmpty() && units.getFirst().type() == TEMPORAL_DELIMITER;
    return isDelimited
        ? temporalUnit.slice(units.getFirst().endByte(), temporalUnit.length())
        : temporalUnit;
  }
}
