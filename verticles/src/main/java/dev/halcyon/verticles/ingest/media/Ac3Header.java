package dev.halcyon.verticles.ingest.media;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import java.nio.ByteBuffer;

/**
 * The first bytes of an AC-3 frame (ATSC A/52, 5.3.1 and 5.3.2).
 *
 * <pre>
 *   sync:16 = 0b77 crc:16 rate:2 size:6 | bsid:5 bsmod:3 acmod:3 (mix levels: 2 each) lfe:1 …
 * </pre>
 */
public final class Ac3Header {
  private static final int SYNC = 0x0b77;
  private static final int HEAD_BYTES = 8;
  private static final int LAST_SIZE_CODE = 37;

  /** Higher ones are E-AC-3. */
  private static final int LAST_BSID = 10;

  private static final int[] RATES_HZ = {48_000, 44_100, 32_000};
  private static final int[] CHANNELS = {2, 1, 2, 3, 3, 4, 4, 5};

  private Ac3Header() {}

  /**
   * The format that a frame states, with the body of {@code dac3} (ETSI TS 102 366, F.4).
   *
   * @param frame from position to limit; not consumed
   * @throws HalcyonException CORRUPT_MEDIA, UNSUPPORTED_MEDIA for E-AC-3
   */
  public static AudioFormat format(ByteBuffer frame) {
    byte[] head = new byte[Math.min(HEAD_BYTES, frame.remaining())];
    frame.get(frame.position(), head);
    BitReader in = new BitReader(head);
    boolean isSync = head.length == HEAD_BYTES && in.bits(16) == SYNC;
    if (!isSync) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "no AC-3 frame");
    }
    in.skip(16);
    int rateCode = in.bits(2);
    int sizeCode = in.bits(6);
    int bsid = in.bits(5);
    if (bsid > LAST_BSID) {
      throw new HalcyonException(ErrorCode.UNSUPPORTED_MEDIA, "E-AC-3 is not supported");
    }
    if (rateCode >= RATES_HZ.length || sizeCode > LAST_SIZE_CODE) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "AC-3 frame out of range");
    }
    int mode = in.bits(3);
    int channelMode = in.bits(3);
    in.skip(mixBits(channelMode));
    int lfe = in.bits(1);
    int dac3 =
        rateCode << 22
            | bsid << 17
            | mode << 14
            | channelMode << 11
            | lfe << 10
            | sizeCode >> 1 << 5;
    byte[] config = {(byte) (dac3 >> 16), (byte) (dac3 >> 8), (byte) dac3};
    return new AudioFormat(
        Codec.AC3, RATES_HZ[rateCode], CHANNELS[channelMode] + lfe, Bytes.copyOf(config));
  }

  private static int mixBits(int channelMode) {
    int centre = (channelMode & 1) != 0 && channelMode != 1 ? 2 : 0;
    int surround = (channelMode & 4) != 0 ? 2 : 0;
    int matrixed = channelMode == 2 ? 2 : 0;
    return centre + surround + matrixed;
  }
}
