package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.verticles.ingest.media.HevcParameterSets;
import java.nio.ByteBuffer;

/**
 * An HEVCDecoderConfigurationRecord (ISO/IEC 14496-15, 8.3.3.1).
 *
 * <pre>
 *   0 version = 1 | 1 profile, tier, level, … | 21 …:6 lengthSize-1:2 | 22 arrays:8
 *   23 arrays × (…:2 type:6, NALs:16, NALs × (length:16, NAL))
 * </pre>
 *
 * @param format with a record that states lengths of four bytes, whatever the source said
 * @param lengthBytes of the NAL unit lengths in the source's packets: 1, 2 or 4
 */
record HevcConfig(VideoFormat format, int lengthBytes) {
  private static final int LENGTH_SIZE_AT = 21;
  private static final int ARRAYS_AT = 22;
  private static final int MAX_BYTES = 64 << 10;

  /**
   * @throws HalcyonException CORRUPT_MEDIA
   */
  static HevcConfig parse(ByteBuffer payload) {
    require(payload.remaining() <= MAX_BYTES, "too long");
    require(payload.remaining() > ARRAYS_AT, "cut off");
    byte[] bytes = new byte[payload.remaining()];
    payload.get(payload.position(), bytes);
    require(bytes[0] <= 1, "unknown version"); // Some encoders write 0.
    int lengthBytes = (bytes[LENGTH_SIZE_AT] & 3) + 1;
    require(lengthBytes != 3, "NAL unit lengths of 3 bytes");
    HevcParameterSets sets = new HevcParameterSets();
    readArrays(ByteBuffer.wrap(bytes).position(ARRAYS_AT), sets);
    VideoFormat found =
        sets.first()
            .map(HevcParameterSets.Active::format)
            .orElseThrow(() -> corrupt("no parameter sets"));
    bytes[0] = 1;
    bytes[LENGTH_SIZE_AT] |= Integer.BYTES - 1;
    return new HevcConfig(
        new VideoFormat(Codec.HEVC, found.widthPx(), found.heightPx(), Bytes.copyOf(bytes)),
        lengthBytes);
  }

  private static void readArrays(ByteBuffer in, HevcParameterSets sets) {
    int arrays = in.get() & 0xff;
    for (int array = 0; array < arrays; array++) {
      require(in.remaining() >= 3, "array cut off");
      in.get();
      int nals = in.getShort() & 0xffff;
      for (int i = 0; i < nals; i++) {
        require(in.remaining() >= Short.BYTES, "NAL unit cut off");
        int length = in.getShort() & 0xffff;
        require(length <= in.remaining(), "NAL unit cut off");
        byte[] nal = new byte[length];
        in.get(nal);
        sets.add(nal);
      }
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw corrupt(otherwise);
    }
  }

  private static HalcyonException corrupt(String what) {
    return new HalcyonException(ErrorCode.CORRUPT_MEDIA, "HEVC configuration: " + what);
  }
}
