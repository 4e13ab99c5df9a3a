package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;

/**
 * Bits of coded media, most significant first. Past the end it reads zeros and says so, so that a
 * parser needs to ask only once, at its end. Not thread-safe.
 */
final class BitReader {
  private final byte[] bytes;
  private final long lengthBits;
  private long position;

  private BitReader(byte[] bytes, int lengthBytes) {
    this.bytes = bytes;
    this.lengthBits = 8L * lengthBytes;
  }

  /**
   * @param fromByte offset of the first byte
   * @param toByte end, within {@code source}
   */
  static BitReader of(Bytes source, int fromByte, int toByte) {
    byte[] bytes = new byte[Math.max(0, toByte - fromByte)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) source.at(fromByte + i);
    }
    return new BitReader(bytes, bytes.length);
  }

  /** A NAL unit's payload, without its emulation prevention bytes (ITU-T H.264, 7.3.1). */
  static BitReader ofNal(Bytes source, int fromByte, int toByte) {
    byte[] bytes = new byte[Math.max(0, toByte - fromByte)];
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
    return new BitReader(bytes, length);
  }

  /** Bits that were read. */
  long position() {
    return position;
  }

  /** Whether more was read than there is. */
  boolean isExhausted() {
    return position > lengthBits;
  }

  /** Bytes from the next whole one to the end; 0 past it. */
  long leftBytes() {
    return Math.max(0, lengthBits - (position + 7) / 8 * 8) / 8;
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
      int bit = 0;
      if (position < lengthBits) {
        bit = bytes[(int) (position >> 3)] >> (7 - (position & 7)) & 1;
      }
      value = value << 1 | bit;
      position++;
    }
    return value;
  }

  /** 32 bits, unsigned. */
  long u32() {
    return (long) bits(16) << 16 | bits(16);
  }

  void skip(long count) {
    position += count;
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
