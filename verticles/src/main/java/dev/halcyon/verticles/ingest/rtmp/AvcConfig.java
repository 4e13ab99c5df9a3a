package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.verticles.ingest.media.AvcSps;
import java.nio.ByteBuffer;

/**
 * An AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1).
 *
 * <pre>
 *   0 version = 1 | 1 profile | 2 constraints | 3 level | 4 ones:6 lengthSize-1:2 | 5 ones:3 #SPS:5
 *   6 #SPS × (length:16, NAL) | #PPS:8 | #PPS × (length:16, NAL) | high profiles: more, kept
 * </pre>
 *
 * @param format with a record that states lengths of four bytes, whatever the source said
 * @param lengthBytes of the NAL unit lengths in the source's packets: 1, 2 or 4
 */
record AvcConfig(VideoFormat format, int lengthBytes) {
  private static final int LENGTH_SIZE_AT = 4;
  private static final int MAX_BYTES = 64 << 10;

  /**
   * @throws HalcyonException CORRUPT_MEDIA
   */
  static AvcConfig parse(ByteBuffer payload) {
    ByteBuffer in = payload.duplicate();
    byte[] bytes = new byte[Math.min(in.remaining(), MAX_BYTES + 1)];
    in.duplicate().get(bytes);
    require(bytes.length <= MAX_BYTES, "too long");
    require(bytes.length >= 7 && bytes[0] == 1, "unknown version");
    int lengthBytes = (bytes[LENGTH_SIZE_AT] & 3) + 1;
    require(lengthBytes != 3, "NAL unit lengths of 3 bytes");
    in.position(in.position() + LENGTH_SIZE_AT + 1);
    int spsCount = in.get() & 0x1f;
    require(spsCount > 0, "no SPS");
    AvcSps size = AvcSps.parse(parameterSet(in));
    for (int i = 1; i < spsCount; i++) {
      parameterSet(in);
    }
    require(in.hasRemaining(), "no PPS count");
    int ppsCount = in.get() & 0xff;
    require(ppsCount > 0, "no PPS");
    for (int i = 0; i < ppsCount; i++) {
      parameterSet(in);
    }
    bytes[LENGTH_SIZE_AT] = (byte) (0xfc | (Integer.BYTES - 1));
    return new AvcConfig(
        new VideoFormat(Codec.H264, size.widthPx(), size.heightPx(), Bytes.copyOf(bytes)),
        lengthBytes);
  }

  private static byte[] parameterSet(ByteBuffer in) {
    require(in.remaining() >= 2, "parameter set cut off");
    int length = (in.get() & 0xff) << 8 | (in.get() & 0xff);
    require(length > 0 && length <= in.remaining(), "parameter set cut off");
    byte[] nal = new byte[length];
    in.get(nal);
    return nal;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "AVC configuration: " + otherwise);
    }
  }
}
