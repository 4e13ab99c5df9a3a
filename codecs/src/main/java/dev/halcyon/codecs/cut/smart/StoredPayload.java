package dev.halcyon.codecs.cut.smart;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Where the payload of a packet lies.
 *
 * @param file open as long as the packet is wanted
 */
record StoredPayload(FileChannel file, long offset, int sizeBytes) {
  /** Puts all of it into {@code target}, which has room for it. */
  void read(ByteBuffer target) throws IOException {
    int end = target.position() + sizeBytes;
    long from = offset;
    int limit = target.limit();
    target.limit(end);
    while (target.hasRemaining()) {
      int count = file.read(target, from);
      if (count < 0) {
        throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "the clip's file is cut short");
      }
      from += count;
    }
    target.limit(limit);
  }

  Bytes bytes() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(sizeBytes);
    read(buffer);
    return Bytes.copyOf(buffer.flip());
  }
}
