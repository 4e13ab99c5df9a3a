package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.media.AssemblyBuffer;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import java.nio.ByteBuffer;

/** Checks length-prefixed NAL units and gives them lengths of four bytes. One thread. */
final class NalUnits implements AutoCloseable {
  private final AssemblyBuffer rewritten;

  NalUnits(BufferAccount account) {
    this.rewritten = new AssemblyBuffer(account);
  }

  /**
   * The access unit with lengths of four bytes: the payload itself, position and limit unchanged,
   * or a copy that is valid until the next call.
   *
   * @param lengthBytes of the payload's lengths: 1, 2 or 4
   * @throws HalcyonException CORRUPT_MEDIA when the lengths do not add up to the payload
   */
  ByteBuffer normalised(ByteBuffer payload, int lengthBytes) {
    boolean isRewriting = lengthBytes != Integer.BYTES;
    int start = payload.position();
    rewritten.clear();
    while (payload.hasRemaining()) {
      long length = length(payload, lengthBytes);
      if (length > payload.remaining()) {
        throw new HalcyonException(
            ErrorCode.CORRUPT_MEDIA,
            "NAL unit longer than its access unit [lengthBytes="
                + length
                + ", remainingBytes="
                + payload.remaining()
                + "]");
      }
      if (isRewriting) {
        rewritten.appendInt((int) length);
        rewritten.append(payload, (int) length);
      } else {
        payload.position(payload.position() + (int) length);
      }
    }
    return isRewriting ? rewritten.content() : payload.position(start);
  }

  private static long length(ByteBuffer payload, int lengthBytes) {
    if (payload.remaining() < lengthBytes) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "NAL unit length cut off");
    }
    return switch (lengthBytes) {
      case 1 -> payload.get() & 0xff;
      case 2 -> payload.getShort() & 0xffff;
      default -> Integer.toUnsignedLong(payload.getInt());
    };
  }

  @Override
  public void close() {
    rewritten.close();
  }
}
