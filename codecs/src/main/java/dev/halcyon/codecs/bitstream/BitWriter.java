package dev.halcyon.codecs.bitstream;

import java.util.Arrays;

/** Gathers bits, most significant first, into at most so many bytes. Not thread-safe. */
final class BitWriter {
  private final byte[] bytes;
  private long position;

  BitWriter(int mostBytes) {
    this.bytes = new byte[mostBytes];
  }

  void bit(int value) {
    bytes[(int) (position >> 3)] |= (byte) (value << (7 - (position & 7)));
    position++;
  }

  /** Appends some of the bits of others. */
  void copy(byte[] from, long startBit, long endBit) {
    for (long at = startBit; at < endBit; at++) {
      if ((at & 7) == 0 && (position & 7) == 0 && endBit - at >= 8) {
        int length = (int) ((endBit - at) >> 3);
        System.arraycopy(from, (int) (at >> 3), bytes, (int) (position >> 3), length);
        position += 8L * length;
        at += 8L * length - 1;
      } else {
        bit((from[(int) (at >> 3)] >> (7 - (at & 7))) & 1);
      }
    }
  }

  boolean isAligned() {
    return (position & 7) == 0;
  }

  /** The bytes, the last one filled up with zeros. */
  byte[] toArray() {
    return Arrays.copyOf(bytes, (int) ((position + 7) >> 3));
  }
}
