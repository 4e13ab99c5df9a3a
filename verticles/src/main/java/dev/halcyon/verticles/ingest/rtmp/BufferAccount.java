package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.concurrent.atomic.AtomicLong;

/** Native bytes held by one connection, bounded; also summed over the node for the metric. */
final class BufferAccount {
  private final int maxBytes;
  private final AtomicLong nodeBytes;
  private int heldBytes;

  BufferAccount(int maxBytes, AtomicLong nodeBytes) {
    this.maxBytes = maxBytes;
    this.nodeBytes = nodeBytes;
  }

  /**
   * @throws HalcyonException PROTOCOL_VIOLATION when the connection would hold too much
   */
  void take(int bytes) {
    if (bytes > maxBytes - heldBytes) {
      throw new HalcyonException(
          ErrorCode.PROTOCOL_VIOLATION,
          "messages under assembly exceed the connection's memory [maxBytes=" + maxBytes + "]");
    }
    heldBytes += bytes;
    nodeBytes.addAndGet(bytes);
  }

  void giveBack(int bytes) {
    heldBytes -= bytes;
    nodeBytes.addAndGet(-bytes);
  }

  int heldBytes() {
    return heldBytes;
  }
}
