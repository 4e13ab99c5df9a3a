package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;

/** Reads bits, most significant first, with the Exp-Golomb codes of H.264 (9.1). One thread. */
final class BitReader {
  private final byte[] bytes;
  private final int endBit;
  private int bit;

  BitReader(byte[] bytes) {
    this(bytes, bytes.length);
  }

  private BitReader(byte[] bytes, int length) {
    this.bytes = bytes;
    this.endBit = length * Byte.SIZE;
  }

  /** Over a NAL unit's payload without its emulation prevention bytes (H.264, 7.4.1). */
  static BitReader ofNalUnit(byte[] nal) {
    byte[] rbsp = new byte[nal.length];
    int length = 0;
    int zeros = 0;
    for (byte value : nal) {
      if (zeros >= 2 && value == 3) {
        zeros = 0;
      } else {
        rbsp[length++] = value;
        zeros = value == 0 ? zeros + 1 : 0;
      }
    }
    return new BitReader(rbsp, length);
  }

  int remainingBits() {
    return endBit - bit;
  }

  /** The next 0 to 32 bits, unsigned up to 31. */
  int bits(int count) {
    if (count > remainingBits()) {
      throw corrupt("coded header ends early");
    }
    int value = 0;
    for (int i = 0; i < count; i++, bit++) {
      value = value << 1 | ((bytes[bit >>> 3] >>> (7 - (bit & 7))) & 1);
    }
    return value;
  }

  boolean flag() {
    return bits(1) != 0;
  }

  void skip(int count) {
    if (count > remainingBits()) {
      throw corrupt("coded header ends early");
    }
    bit += count;
  }

  /** ue(v), of which no code in a header exceeds 2^31 - 2. */
  int unsignedGolomb() {
    int zeros = 0;
    while (!flag()) {
      if (++zeros > 30) {
        throw corrupt("Exp-Golomb code too long");
      }
    }
    return (1 << zeros) - 1 + bits(zeros);
  }

  /** se(v). */
  int signedGolomb() {
    int code = unsignedGolomb();
    return (code & 1) == 0 ? -(code >>> 1) : (code >>> 1) + 1;
  }

  private static HalcyonException corrupt(String what) {
    return new HalcyonException(ErrorCode.CORRUPT_MEDIA, what);
  }
}
