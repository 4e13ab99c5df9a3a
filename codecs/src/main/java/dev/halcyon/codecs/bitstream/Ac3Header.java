package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;
import java.util.Optional;

/** The head of an AC-3 frame (ETSI TS 102 366, 5.3) as {@code dac3} wants it. No state. */
final class Ac3Header {
  private static final int SYNC_WORD = 0x0b77;

  /** Higher ones are E-AC-3, which has another box. */
  private static final int MAX_BSID = 10;

  private Ac3Header() {}

  /** The body of {@code dac3} (F.4); empty for what is no AC-3 frame. */
  static Optional<Bytes> config(Bytes frame) {
    BitReader bits = BitReader.of(frame, 0, Math.min(frame.length(), 16));
    boolean isSynchronous = bits.bits(16) == SYNC_WORD;
    bits.bits(16);
    int rate = bits.bits(2);
    int sizeCode = bits.bits(6);
    int bsid = bits.bits(5);
    int bsmod = bits.bits(3);
    int acmod = bits.bits(3);
    if ((acmod & 1) != 0 && acmod != 1) {
      bits.bits(2);
    }
    if ((acmod & 4) != 0) {
      bits.bits(2);
    }
    if (acmod == 2) {
      bits.bits(2);
    }
    int lfe = bits.bits(1);
    if (!isSynchronous || rate == 3 || bsid > MAX_BSID || bits.isExhausted()) {
      return Optional.empty();
    }
    int value =
        rate << 22 | bsid << 17 | bsmod << 14 | acmod << 11 | lfe << 10 | (sizeCode >> 1) << 5;
    return Optional.of(
        Bytes.copyOf(new byte[] {(byte) (value >> 16), (byte) (value >> 8), (byte) value}));
  }
}
