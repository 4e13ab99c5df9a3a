package dev.halcyon.verticles.ingest.media;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.concurrent.atomic.AtomicLong;

/** Native bytes held by one connection, bounded; also summed over the node for the metric. */
public final class BufferAccount {
  private final int maxBytes;
  private final AtomicLong nodeBytes;
  private int heldBytes;

  public BufferAccount(int maxBytes, AtomicLong nodeBytes) {
    this.maxBytes = maxBytes;
    this.nodeBytes = nodeBytes;
  }

  /**
   * @throws HalcyonException PROTOCOL_VIOLATION when the connection would hold too much
   */
  public void take(int bytes) {
    if (bytes > maxBytes - heldBytes) {
      throw new HalcyonException(
          ErrorCode.PROTOCOL_VIOLATION,
          "messages under assembly exceed the connection's memory [maxBytes=" + maxBytes + "]");
    }
    heldBytes += bytes;
    nodeBytes.addAndGet(bytes);
  }

  public void giveBack(int bytes) {
    heldBytes -= bytes;
    nodeBytes.addAndGet(-bytes);
  }

  public int heldBytes() {
    return heldBytes;
  }
}
