package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.verticles.ingest.media.Av1Sequence;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Looks through open bitstream units with their sizes (AV1 bitstream specification, 5.3). No state.
 *
 * <pre>
 *   0 F:1 type:4 X:1 S:1 -:1 | X: 8 | S: size (LEB128) | …
 * </pre>
 */
final class Av1Units {
  private static final int SEQUENCE_HEADER = 1;
  private static final int TEMPORAL_DELIMITER = 2;
  private static final int MAX_SIZE_BYTES = 8;
  private static final int MAX_SEQUENCE_BYTES = 1_024;

  private Av1Units() {}

  /** A temporal unit as files want it: without its delimiter. */
  static ByteBuffer withoutDelimiter(ByteBuffer unit) {
    int at = unit.position();
    boolean isDelimited =
        unit.remaining() >= 2
            && (unit.get(at) >> 3 & 0xf) == TEMPORAL_DELIMITER
            && unit.get(at + 1) == 0;
    return isDelimited ? unit.position(at + 2) : unit;
  }

  /**
   * What the first sequence header says; empty without one.
   *
   * @param units from position to limit; not consumed
   * @throws HalcyonException CORRUPT_MEDIA
   */
  static Optional<VideoFormat> format(ByteBuffer units) {
    ByteBuffer in = units.duplicate();
    while (in.hasRemaining()) {
      int start = in.position();
      int header = in.get();
      boolean hasExtension = (header & 4) != 0;
      if ((header & 2) == 0 || (hasExtension && !in.hasRemaining())) {
        throw corrupt("OBU without its size");
      }
      if (hasExtension) {
        in.get();
      }
      int size = size(in);
      if (size > in.remaining()) {
        throw corrupt("OBU cut off");
      }
      if ((header >> 3 & 0xf) == SEQUENCE_HEADER) {
        return Optional.of(parse(in, start, size));
      }
      in.position(in.position() + size);
    }
    return Optional.empty();
  }

  private static VideoFormat parse(ByteBuffer in, int start, int size) {
    if (size > MAX_SEQUENCE_BYTES) {
      throw corrupt("sequence header too long");
    }
    byte[] payload = new byte[size];
    in.get(in.position(), payload);
    byte[] sized = new byte[in.position() - start + size];
    in.get(start, sized);
    return Av1Sequence.parse(payload, sized);
  }

  /** 4.10.5. */
  private static int size(ByteBuffer in) {
    long value = 0;
    for (int i = 0; i < MAX_SIZE_BYTES && in.hasRemaining(); i++) {
      int next = in.get();
      value |= (next & 0x7fL) << (7 * i);
      if ((next & 0x80) == 0 && value <= Integer.MAX_VALUE) {
        return (int) value;
      }
    }
    throw corrupt("size out of range");
  }

  private static HalcyonException corrupt(String what) {
    return new HalcyonException(ErrorCode.CORRUPT_MEDIA, "AV1: " + what);
  }
}
