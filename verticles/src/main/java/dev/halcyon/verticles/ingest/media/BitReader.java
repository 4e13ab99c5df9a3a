package dev.halcyon.verticles.ingest.media;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import java.nio.ByteBuffer;

/**
 * Reads bits, most significant first, with the Exp-Golomb codes of H.264 (9.1). Every method throws
 * a {@code HalcyonException} CORRUPT_MEDIA past the end. One thread.
 */
public final class BitReader {
  private final byte[] bytes;
  private final int endBit;
  private int bit;

  public BitReader(byte[] bytes) {
    this(bytes, bytes.length);
  }

  private BitReader(byte[] bytes, int length) {
    this.bytes = bytes;
    this.endBit = length * Byte.SIZE;
  }

  /**
   * Over the first bytes of a NAL unit, as {@link #ofNalUnit(byte[])}.
   *
   * @param nal from position to limit; not consumed
   */
  public static BitReader ofNalUnit(ByteBuffer nal, int maxBytes) {
    byte[] head = new byte[Math.min(nal.remaining(), maxBytes)];
    nal.get(nal.position(), head);
    return ofNalUnit(head);
  }

  /** Over a NAL unit without its emulation prevention bytes (H.264, 7.4.1). */
  public static BitReader ofNalUnit(byte[] nal) {
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

  /** Another reader that stands where this one does. */
  public BitReader copy() {
    BitReader copy = new BitReader(bytes, endBit / Byte.SIZE);
    copy.bit = bit;
    return copy;
  }

  /** The next bits as bytes; zeros fill up the last. */
  public Bytes read(int count) {
    if (count > remainingBits()) {
      throw corrupt("coded header ends early");
    }
    byte[] copy = new byte[(count + Byte.SIZE - 1) / Byte.SIZE];
    int left = count;
    for (int i = 0; i < copy.length; i++) {
      int now = Math.min(left, Byte.SIZE);
      copy[i] = (byte) (bits(now) << (Byte.SIZE - now));
      left -= now;
    }
    return Bytes.copyOf(copy);
  }

  public int remainingBits() {
    return endBit - bit;
  }

  /** The next 0 to 32 bits, unsigned up to 31. */
  public int bits(int count) {
    if (count > remainingBits()) {
      throw corrupt("coded header ends early");
    }
    int value = 0;
    for (int i = 0; i < count; i++, bit++) {
      value = value << 1 | ((bytes[bit >>> 3] >>> (7 - (bit & 7))) & 1);
    }
    return value;
  }

  public boolean flag() {
    return bits(1) != 0;
  }

  public void skip(int count) {
    if (count > remainingBits()) {
      throw corrupt("coded header ends early");
    }
    bit += count;
  }

  /** ue(v), of which no code in a header exceeds 2^31 - 2. */
  public int unsignedGolomb() {
    int zeros = 0;
    while (!flag()) {
      if (++zeros > 30) {
        throw corrupt("Exp-Golomb code too long");
      }
    }
    return (1 << zeros) - 1 + bits(zeros);
  }

  /** se(v). */
  public int signedGolomb() {
    int code = unsignedGolomb();
    return (code & 1) == 0 ? -(code >>> 1) : (code >>> 1) + 1;
  }

  private static HalcyonException corrupt(String what) {
    return new HalcyonException(ErrorCode.CORRUPT_MEDIA, what);
  }
}
