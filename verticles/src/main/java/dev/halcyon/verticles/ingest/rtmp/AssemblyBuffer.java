package dev.halcyon.verticles.ingest.rtmp;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;

/**
 * A reusable native buffer that a message is put together in. Grows by doubling as bytes arrive and
 * stays at its size: nothing is allocated once a stream's largest picture has been seen. One
 * thread: that of the connection, which also closes it.
 */
final class AssemblyBuffer implements AutoCloseable {
  private static final int FIRST_BYTES = 4_096;
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final BufferAccount account;
  private Arena arena;
  private ByteBuffer bytes = NONE;

  AssemblyBuffer(BufferAccount account) {
    this.account = account;
  }

  /** Forgets the content, keeps the memory. */
  void clear() {
    bytes.clear();
  }

  /** Moves {@code length} bytes from the source's position to the end of the content. */
  void append(ByteBuffer source, int length) {
    ensureRoom(length);
    int limit = source.limit();
    source.limit(source.position() + length);
    bytes.put(source);
    source.limit(limit);
  }

  /** Appends four bytes, big-endian. */
  void appendInt(int value) {
    ensureRoom(Integer.BYTES);
    bytes.putInt(value);
  }

  /**
   * The content from 0 to its end, valid until the next {@link #clear}. Nothing may be appended.
   */
  ByteBuffer content() {
    return bytes.flip();
  }

  private void ensureRoom(int length) {
    if (bytes.remaining() >= length) {
      return;
    }
    int needed = bytes.position() + length;
    int capacity = Math.max(FIRST_BYTES, Integer.highestOneBit(needed - 1) << 1);
    account.take(capacity);
    Arena grown = Arena.ofConfined();
    ByteBuffer target = grown.allocate(capacity, Long.BYTES).asByteBuffer();
    target.put(bytes.flip());
    close();
    arena = grown;
    bytes = target;
  }

  @Override
  public void close() {
    if (arena != null) {
      arena.close();
      account.giveBack(bytes.capacity());
      arena = null;
      bytes = NONE;
    }
  }
}
