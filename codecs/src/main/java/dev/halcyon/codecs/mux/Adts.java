package dev.halcyon.codecs.mux;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import java.util.Arrays;

/**
 * AAC as MPEG-TS carries it, with a header before each access unit (ISO/IEC 14496-3, 1.A.3.2), as
 * MP4 and FLV want it. Any thread.
 *
 * <pre>
 *   bit   0..11 sync | 12 id | 13,14 layer | 15 no CRC | 16,17 profile | 18..21 rate index
 *         22 private | 23..25 channels | …                 7 bytes, 9 with a CRC
 * </pre>
 */
public final class Adts {
  private static final int HEADER_BYTES = 7;
  private static final int CRC_BYTES = 2;

  private Adts() {}

  /** The AudioSpecificConfig that a header stands for. */
  public static Bytes config(byte[] frame) {
    requireHeader(frame);
    int objectType = ((frame[2] & 0xc0) >> 6) + 1;
    int rateIndex = (frame[2] & 0x3c) >> 2;
    int channels = ((frame[2] & 1) << 2) | ((frame[3] & 0xc0) >> 6);
    int config = (objectType << 11) | (rateIndex << 7) | (channels << 3);
    return Bytes.copyOf(new byte[] {(byte) (config >> 8), (byte) config});
  }

  /** The access unit without its header. */
  public static Bytes payload(byte[] frame) {
    requireHeader(frame);
    int header = HEADER_BYTES + ((frame[1] & 1) == 0 ? CRC_BYTES : 0);
    return Bytes.copyOf(Arrays.copyOfRange(frame, Math.min(header, frame.length), frame.length));
  }

  private static void requireHeader(byte[] frame) {
    if (frame.length < HEADER_BYTES || (frame[0] & 0xff) != 0xff || (frame[1] & 0xf6) != 0xf0) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "the sound has no ADTS header");
    }
  }
}
