package dev.halcyon.verticles.ingest.media;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A reusable native buffer that a message is put together in. Grows by doubling as bytes arrive and
 * stays at its size: nothing is allocated once a stream's largest picture has been seen. One
 * thread: that of the connection, which also closes it.
 */
public final class AssemblyBuffer implements AutoCloseable {
  private static final int FIRST_BYTES = 4_096;
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final BufferAccount account;
  private Arena arena;
  private ByteBuffer bytes = NONE;

  public AssemblyBuffer(BufferAccount account) {
    this.account = account;
  }

  /** Forgets the content, keeps the memory. */
  public void clear() {
    bytes.clear();
  }

  /** Moves {@code length} bytes from the source's position to the end of the content. */
  public void append(ByteBuffer source, int length) {
    ensureRoom(length);
    int limit = source.limit();
    source.limit(source.position() + length);
    bytes.put(source);
    source.limit(limit);
  }

  /** Appends four bytes, big-endian. */
  public void appendInt(int value) {
    ensureRoom(Integer.BYTES);
    bytes.putInt(value);
  }

  /** Appends one byte. */
  public void appendByte(int value) {
    ensureRoom(Byte.BYTES);
    bytes.put((byte) value);
  }

  /** Bytes of content so far. */
  public int length() {
    return bytes.position();
  }

  /** Overwrites four bytes of the content, big-endian. */
  public void setInt(int offset, int value) {
    Objects.checkFromIndexSize(offset, Integer.BYTES, length());
    bytes.putInt(offset, value);
  }

  /** Forgets the content from {@code length} on. */
  public void truncate(int length) {
    Objects.checkIndex(length, length() + 1);
    bytes.position(length);
  }

  /** A view of content from {@code offset} to its end, valid until something is appended. */
  public ByteBuffer from(int offset) {
    return bytes.slice(offset, length() - offset);
  }

  /**
   * The content from 0 to its end, valid until the next {@link #clear}. Nothing may be appended.
   */
  public ByteBuffer content() {
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
