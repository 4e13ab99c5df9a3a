package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.ColourCode;
import java.util.Optional;

/**
 * What an AV1 sequence header says (AV1 specification, 5.5).
 *
 * @param level seq_level_idx of the first operating point
 * @param tier seq_tier of the first operating point
 * @param chromaPosition chroma_sample_position, 0 where not coded
 */
record Av1Sequence(
    int profile,
    int level,
    int tier,
    boolean isHighDepth,
    boolean isTwelveBit,
    boolean isMonochrome,
    boolean isHalfWide,
    boolean isHalfHigh,
    int chromaPosition,
    ColourCode colour,
    int widthPx,
    int heightPx) {
  private record Point(int level, int tier) {}

  /**
   * @param payload of the unit
   * @return empty when it cannot be read to its end
   */
  static Optional<Av1Sequence> parse(Bytes payload) {
    BitReader bits = BitReader.of(payload, 0, payload.length());
    int profile = bits.bits(3);
    bits.flag();
    boolean isReduced = bits.flag();
    Point point = isReduced ? new Point(bits.bits(5), 0) : operatingPoints(bits);
    int widthBits = bits.bits(4) + 1;
    int heightBits = bits.bits(4) + 1;
    int width = bits.bits(widthBits) + 1;
    int height = bits.bits(heightBits) + 1;
    skipTools(bits, isReduced);
    boolean isHigh = bits.flag();
    boolean isTwelve = profile == 2 && isHigh && bits.flag();
    boolean isMono = profile != 1 && bits.flag();
    int unsaid = ColourCode.UNSPECIFIED;
    ColourCode code = new ColourCode(unsaid, unsaid, unsaid, false);
    if (bits.flag()) {
      code = new ColourCode(bits.bits(8), bits.bits(8), bits.bits(8), false);
    }
    boolean isRgb = !isMono && code.primaries() == 1 && code.transfer() == 13 && code.matrix() == 0;
    boolean isFull = isRgb || bits.flag();
    boolean isHalfWide = isMono;
    boolean isHalfHigh = isMono;
    int position = 0;
    if (!isMono && !isRgb) {
      isHalfWide = profile == 0 || (profile == 2 && (!isTwelve || bits.flag()));
      isHalfHigh = profile == 0 || (profile == 2 && isTwelve && isHalfWide && bits.flag());
      position = isHalfWide && isHalfHigh ? bits.bits(2) : 0;
    }
    if (bits.isExhausted() || profile > 2) {
      return Optional.empty();
    }
    return Optional.of(
        new Av1Sequence(
            profile,
            point.level,
            point.tier,
            isHigh,
            isTwelve,
            isMono,
            isHalfWide,
            isHalfHigh,
            position,
            new ColourCode(code.primaries(), code.transfer(), code.matrix(), isFull),
            width,
            height));
  }

  private static Point operatingPoints(BitReader bits) {
    int delayBits = 0;
    if (bits.flag()) {
      bits.skip(64);
      if (bits.flag()) {
        bits.unsigned();
      }
      if (bits.flag()) {
        delayBits = bits.bits(5) + 1;
        bits.skip(42);
      }
    }
    boolean hasDisplayDelay = bits.flag();
    int count = bits.bits(5) + 1;
    Point first = new Point(0, 0);
    for (int i = 0; i < count; i++) {
      bits.bits(12);
      int level = bits.bits(5);
      Point point = new Point(level, level > 7 ? bits.bits(1) : 0);
      first = i == 0 ? point : first;
      if (delayBits > 0 && bits.flag()) {
        bits.skip(2L * delayBits + 1);
      }
      if (hasDisplayDelay && bits.flag()) {
        bits.bits(4);
      }
    }
    return first;
  }

  private static void skipTools(BitReader bits, boolean isReduced) {
    if (!isReduced && bits.flag()) {
      bits.skip(7);
    }
    bits.bits(3);
    if (!isReduced) {
      bits.bits(4);
      boolean hasOrderHint = bits.flag();
      if (hasOrderHint) {
        bits.bits(2);
      }
      boolean isChosen = bits.flag();
      boolean hasScreenContent = isChosen || bits.flag();
      if (hasScreenContent && !bits.flag()) {
        bits.flag();
      }
      if (hasOrderHint) {
        bits.bits(3);
      }
    }
    bits.bits(3);
  }

  /**
   * The body of {@code av1C} (AV1 in ISO BMFF, 2.3.3).
   *
   * @param unit the whole unit of the header, with its size
   */
  Bytes config(Bytes unit) {
    byte[] body = new byte[4 + unit.length()];
    body[0] = (byte) 0x81;
    body[1] = (byte) (profile << 5 | level);
    body[2] =
        (byte)
            (tier << 7
                | bit(isHighDepth, 6)
                | bit(isTwelveBit, 5)
                | bit(isMonochrome, 4)
                | bit(isHalfWide, 3)
                | bit(isHalfHigh, 2)
                | chromaPosition);
    unit.asBuffer().get(body, 4, unit.length());
    return Bytes.copyOf(body);
  }

  private static int bit(boolean isSet, int place) {
    return isSet ? 1 << place : 0;
  }
}
