package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.verticles.ingest.media.AacConfig;
import dev.halcyon.verticles.ingest.media.BitReader;
import java.nio.ByteBuffer;

/**
 * A StreamMuxConfig (ISO/IEC 14496-3, 1.7.3.1) with one programme of one layer.
 *
 * @param subFrames access units in each element
 * @param otherDataBits behind the access units of each element
 */
record LatmConfig(AudioFormat format, int subFrames, long otherDataBits) {
  /**
   * @throws HalcyonException CORRUPT_MEDIA, UNSUPPORTED_MEDIA
   */
  static LatmConfig read(BitReader in) {
    boolean isVersion1 = in.flag();
    if (isVersion1 && in.flag()) {
      throw unsupported("audioMuxVersionA");
    }
    if (isVersion1) {
      value(in); // taraBufferFullness
    }
    boolean isSameFraming = in.flag();
    int subFrames = in.bits(6) + 1;
    if (!isSameFraming || in.bits(4) != 0 || in.bits(3) != 0) {
      throw unsupported("several programmes or layers");
    }
    AudioFormat format = isVersion1 ? sizedConfig(in) : AacConfig.parseWithin(in);
    if (in.bits(3) != 0) {
      throw unsupported("units of a fixed length");
    }
    in.skip(8); // latmBufferFullness
    long otherDataBits = in.flag() ? otherData(in, isVersion1) : 0;
    if (in.flag()) {
      in.skip(8); // CRC.
    }
    return new LatmConfig(format, subFrames, otherDataBits);
  }

  private static AudioFormat sizedConfig(BitReader in) {
    long bits = value(in);
    if (bits > in.remainingBits()) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "LATM: configuration cut off");
    }
    return AacConfig.parse(ByteBuffer.wrap(in.read((int) bits).toArray()));
  }

  private static long otherData(BitReader in, boolean isVersion1) {
    if (isVersion1) {
      return value(in);
    }
    long bits = 0;
    boolean hasMore = true;
    for (int i = 0; hasMore && i < 4; i++) {
      hasMore = in.flag();
      bits = bits << 8 | in.bits(8);
    }
    return bits;
  }

  /** LatmGetValue(). */
  private static long value(BitReader in) {
    long value = 0;
    for (int bytes = in.bits(2) + 1; bytes > 0; bytes--) {
      value = value << 8 | in.bits(8);
    }
    return value;
  }

  private static HalcyonException unsupported(String what) {
    return new HalcyonException(ErrorCode.UNSUPPORTED_MEDIA, "LATM with " + what);
  }
}
