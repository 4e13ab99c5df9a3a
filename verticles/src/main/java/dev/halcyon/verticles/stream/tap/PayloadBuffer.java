package dev.halcyon.verticles.stream.tap;

import dev.halcyon.ring.RingCursor;
import java.nio.ByteBuffer;

/** A tap thread's room for one packet, grown to the largest that it met. One thread. */
final class PayloadBuffer {
  private static final int FIRST_BYTES = 64 << 10;

  private ByteBuffer buffer = ByteBuffer.allocateDirect(FIRST_BYTES);

  /**
   * Copies the cursor's packet.
   *
   * @return false when it was overwritten meanwhile
   */
  boolean copyFrom(RingCursor cursor) {
    int length = cursor.payloadLength();
    if (buffer.capacity() < length) {
      buffer = ByteBuffer.allocateDirect(Math.max(length, 2 * buffer.capacity()));
    }
    buffer.clear();
    if (!cursor.copyPayload(buffer)) {
      return false;
    }
    buffer.flip();
    return true;
  }

  /** The packet, from position to limit; valid until the next copy. */
  ByteBuffer packet() {
    return buffer;
  }
}
