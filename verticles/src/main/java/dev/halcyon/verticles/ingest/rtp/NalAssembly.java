package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.media.AssemblyBuffer;
import java.nio.ByteBuffer;
import java.util.function.Predicate;

/**
 * Writes NAL units, whole or in fragments, into a picture, each behind its length in four bytes
 * (ISO/IEC 14496-15). One thread.
 */
final class NalAssembly {
  private static final int NONE = -1;

  private final Predicate<ByteBuffer> keep;
  private int fragmentOffset = NONE;

  /**
   * @param keep looks at each whole NAL unit and says whether it belongs into the picture
   */
  NalAssembly(Predicate<ByteBuffer> keep) {
    this.keep = keep;
  }

  /** Adds one whole unit: all that remains of {@code nal}. */
  void add(ByteBuffer nal, AssemblyBuffer picture) {
    requireWhole();
    if (nal.hasRemaining()) {
      int offset = picture.length();
      picture.appendInt(nal.remaining());
      picture.append(nal, nal.remaining());
      endAt(offset, picture);
    }
  }

  /** Begins a fragmented unit with its rebuilt header, one or two bytes. */
  void begin(int header, int headerBytes, AssemblyBuffer picture) {
    requireWhole();
    fragmentOffset = picture.length();
    picture.appendInt(0);
    for (int i = headerBytes - 1; i >= 0; i--) {
      picture.appendByte(header >> (8 * i));
    }
  }

  void continueWith(ByteBuffer fragment, AssemblyBuffer picture) {
    if (fragmentOffset == NONE) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "fragment without its beginning");
    }
    picture.append(fragment, fragment.remaining());
  }

  void end(AssemblyBuffer picture) {
    int offset = fragmentOffset;
    fragmentOffset = NONE;
    endAt(offset, picture);
  }

  private void endAt(int offset, AssemblyBuffer picture) {
    ByteBuffer nal = picture.from(offset + Integer.BYTES);
    int length = nal.remaining();
    if (keep.test(nal)) {
      picture.setInt(offset, length);
    } else {
      picture.truncate(offset);
    }
  }

  /**
   * @throws HalcyonException CORRUPT_MEDIA when a unit has begun and not ended
   */
  void requireWhole() {
    if (fragmentOffset != NONE) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "fragment without its end");
    }
  }

  void reset() {
    fragmentOffset = NONE;
  }

  static byte[] bytes(ByteBuffer nal) {
    byte[] copy = new byte[nal.remaining()];
    nal.get(nal.position(), copy);
    return copy;
  }
}
