package dev.halcyon.codecs.mp4;

import dev.halcyon.core.media.Bytes;

/**
 * Bits of a NAL unit's payload, without its emulation prevention bytes (ITU-T H.264, 7.3.1). Past
 * the end it reads zeros and says so. Not thread-safe.
 */
final class RbspBits {
  private final byte[] bytes;
  private final int lengthBits;
  private int position;

  /**
   * @param fromByte offset of the first payload byte
   * @param toByte end, within {@code source}
   */
  RbspBits(Bytes source, int fromByte, int toByte) {
    this.bytes = new byte[Math.max(0, toByte - fromByte)];
    int length = 0;
    int zeros = 0;
    for (int i = fromByte; i < toByte; i++) {
      int value = source.at(i);
      if (zeros >= 2 && value == 3) {
        zeros = 0;
        continue;
      }
      zeros = value == 0 ? zeros + 1 : 0;
      bytes[length++] = (byte) value;
    }
    this.lengthBits = 8 * length;
  }

  boolean isExhausted() {
    return position > lengthBits;
  }

  boolean flag() {
    return bits(1) == 1;
  }

  /**
   * @param count at most 31
   */
  int bits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      int bit = position < lengthBits ? bytes[position >> 3] >> (7 - (position & 7)) & 1 : 0;
      value = value << 1 | bit;
      position++;
    }
    return value;
  }

  /** ue(v), 9.1: at most 2^31 - 2; a longer code reads as what its first 31 bits say. */
  int unsigned() {
    int zeros = 0;
    while (zeros < 30 && !isExhausted() && bits(1) == 0) {
      zeros++;
    }
    return (1 << zeros) - 1 + bits(zeros);
  }

  /** se(v), 9.1.1. */
  int signed() {
    int code = unsigned();
    return (code & 1) == 1 ? (code + 1) >> 1 : -(code >> 1);
  }
}
