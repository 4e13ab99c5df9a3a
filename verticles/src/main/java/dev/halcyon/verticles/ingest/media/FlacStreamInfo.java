package dev.halcyon.verticles.ingest.media;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import java.nio.ByteBuffer;

/**
 * How FLAC sound is coded (RFC 9639, 8.1 and 8.2).
 *
 * <pre>
 *   ("fLaC") | (0 last:1 type:7 = 0 | 1 length:24 = 34) | STREAMINFO: 0 … | 10 rate:20 channels − 1 : 3 … | 34
 * </pre>
 */
public final class FlacStreamInfo {
  private static final int SIGNATURE = 0x664c6143;
  private static final int BYTES = 34;
  private static final int RATE_AT = 10;
  private static final int MAX_RATE_HZ = 655_350;

  private FlacStreamInfo() {}

  /**
   * @param config with or without its signature and the block's header; not consumed
   * @throws HalcyonException CORRUPT_MEDIA
   */
  public static AudioFormat format(ByteBuffer config) {
    ByteBuffer in = config.slice();
    if (in.remaining() >= Integer.BYTES && in.getInt(0) == SIGNATURE) {
      in.position(Integer.BYTES);
    }
    boolean hasHeader =
        in.remaining() >= Integer.BYTES + BYTES
            && (in.getInt(in.position()) & 0x7fff_ffff) == BYTES;
    if (hasHeader) {
      in.position(in.position() + Integer.BYTES);
    }
    if (in.remaining() < BYTES) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "FLAC without its STREAMINFO");
    }
    int word = in.getInt(in.position() + RATE_AT);
    int rateHz = word >>> 12;
    if (rateHz == 0 || rateHz > MAX_RATE_HZ) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "FLAC at " + rateHz + " Hz");
    }
    Bytes info = Bytes.copyOf(in.slice(in.position(), BYTES));
    return new AudioFormat(Codec.FLAC, rateHz, (word >> 9 & 7) + 1, info);
  }
}
