package dev.halcyon.ring;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Display;
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
  private static final byte BARE_FORM = 1;
  private static final byte DISPLAY_FORM = 2;

  private TrackCoding() {}

  public static ByteBuffer encode(TrackFormat format) {
    Bytes config = format.config();
    Display display = format instanceof VideoFormat video ? video.display() : Display.PLAIN;
    boolean isBare = display.equals(Display.PLAIN);
    int lengthBytes = isBare ? 0 : Integer.BYTES + DisplayCoding.MAX_BYTES;
    ByteBuffer out =
        ByteBuffer.allocate(FIXED_BYTES + lengthBytes + config.length())
            .order(ByteOrder.LITTLE_ENDIAN);
    out.put(isBare ? BARE_FORM : DISPLAY_FORM);
    out.put((byte) format.codec().id()).putShort((short) 0);
    switch (format) {
      case VideoFormat video -> out.putInt(video.widthPx()).putInt(video.heightPx());
      case AudioFormat audio -> out.putInt(audio.sampleRateHz()).putInt(audio.channels());
    }
    if (isBare) {
      return out.put(config.asBuffer()).flip();
    }
    out.putInt(config.length()).put(config.asBuffer());
    DisplayCoding.encode(display, out);
    return out.flip();
  }

  /**
   * @throws HalcyonException RING_CORRUPT
   */
  public static Track decode(int index, ByteBuffer payload) {
    ByteBuffer in = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    try {
      byte form = in.get();
      if (form != BARE_FORM && form != DISPLAY_FORM) {
        throw new IllegalArgumentException("unknown form of a configuration record");
      }
      Codec codec = Codec.ofId(in.get());
      in.getShort();
      int first = in.getInt();
      int second = in.getInt();
      Bytes config = form == BARE_FORM ? Bytes.copyOf(in) : config(in);
      if (!codec.isVideo()) {
        return new Track(index, new AudioFormat(codec, first, second, config));
      }
      Display display = form == BARE_FORM ? Display.PLAIN : DisplayCoding.decode(in);
      return new Track(index, new VideoFormat(codec, first, second, config, display));
    } catch (IllegalArgumentException | BufferUnderflowException failure) {
      throw new HalcyonException(
          ErrorCode.RING_CORRUPT, "configuration record is not readable", failure);
    }
  }

  private static Bytes config(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    Bytes config = Bytes.copyOf(in.slice(in.position(), length));
    in.position(in.position() + length);
    return config;
  }
}
