package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.verticles.ingest.media.AssemblyBuffer;
import dev.halcyon.verticles.ingest.media.BufferAccount;

/** What one chunk stream remembers between chunks (RTMP 1.0, 5.3.1): owned by the chunk reader. */
final class ChunkStream implements AutoCloseable {
  final int id;
  final AssemblyBuffer body;

  /** Of the message under assembly or last assembled; 32 bits that wrap. */
  int timestamp;

  /** The last header's timestamp or delta; the delta of a message that begins with type 3. */
  int timestampField;

  /** Whether {@link #timestampField} came from an extended timestamp. */
  boolean isExtended;

  int lengthBytes;
  int type;
  int messageStreamId;

  /** Bytes of the message under assembly that have arrived; 0 between messages. */
  int receivedBytes;

  ChunkStream(int id, BufferAccount account) {
    this.id = id;
    this.body = new AssemblyBuffer(account);
  }

  void dropPartialMessage() {
    receivedBytes = 0;
    body.clear();
  }

  @Override
  public void close() {
    body.close();
  }
}
