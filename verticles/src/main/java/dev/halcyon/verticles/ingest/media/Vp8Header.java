package dev.halcyon.verticles.ingest.media;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import java.nio.ByteBuffer;

/** The first bytes of a VP8 frame (RFC 6386, 9.1). */
public final class Vp8Header {
  private static final int KEYFRAME_BYTES = 10;
  private static final int START_CODE = 0x9d012a;
  private static final int SIZE_MASK = 0x3fff;

  private Vp8Header() {}

  /**
   * @param frame at least one byte from its position
   */
  public static boolean isKeyframe(ByteBuffer frame) {
    return (frame.get(frame.position()) & 1) == 0;
  }

  /**
   * What a keyframe says of its size.
   *
   * @throws HalcyonException CORRUPT_MEDIA
   */
  public static VideoFormat format(ByteBuffer keyframe) {
    int at = keyframe.position();
    if (keyframe.remaining() < KEYFRAME_BYTES) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "VP8 keyframe cut off");
    }
    int startCode = keyframe.getInt(at + 2) & 0xff_ffff;
    int widthPx = Short.reverseBytes(keyframe.getShort(at + 6)) & SIZE_MASK;
    int heightPx = Short.reverseBytes(keyframe.getShort(at + 8)) & SIZE_MASK;
    if (startCode != START_CODE || widthPx == 0 || heightPx == 0) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "not a VP8 keyframe");
    }
    return new VideoFormat(Codec.VP8, widthPx, heightPx, Bytes.EMPTY);
  }
}
