package dev.halcyon.ring;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A track's format as bytes: the payload of a configuration record, drawn in {@link RingLayout};
 * other files that hold a stream's media write formats the same way.
 */
public final class TrackCoding {
  private static final int FIXED_BYTES = 12;
  private static final byte FORM = 1;

  private TrackCoding() {}

  public static ByteBuffer encode(TrackFormat format) {
    Bytes config = format.config();
    ByteBuffer out =
        ByteBuffer.allocate(FIXED_BYTES + config.length()).order(ByteOrder.LITTLE_ENDIAN);
    out.put(FORM).put((byte) format.codec().id()).putShort((short) 0);
    switch (format) {
      case VideoFormat video -> out.putInt(video.widthPx()).putInt(video.heightPx());
      case AudioFormat audio -> out.putInt(audio.sampleRateHz()).putInt(audio.channels());
    }
    return out.put(config.asBuffer()).flip();
  }

  /**
   * @throws HalcyonException RING_CORRUPT
   */
  public static Track decode(int index, ByteBuffer payload) {
    ByteBuffer in = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    try {
      if (in.get() != FORM) {
        throw new IllegalArgumentException("unknown form of a configuration record");
      }
      Codec codec = Codec.ofId(in.get());
      in.getShort();
      int first = in.getInt();
      int second = in.getInt();
      Bytes config = Bytes.copyOf(in);
      return new Track(
          index,
          codec.isVideo()
              ? new VideoFormat(codec, first, second, config)
              : new AudioFormat(codec, first, second, config));
    } catch (IllegalArgumentException | BufferUnderflowException failure) {
      throw new HalcyonException(
          ErrorCode.RING_CORRUPT, "configuration record is not readable", failure);
    }
  }
}
