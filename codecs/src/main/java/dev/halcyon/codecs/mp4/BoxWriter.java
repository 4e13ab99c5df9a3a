package dev.halcyon.codecs.mp4;

import dev.halcyon.core.media.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes boxes of ISO/IEC 14496-12: big-endian fields into a growing array, box sizes filled in
 * when a box ends. Not thread-safe.
 */
final class BoxWriter {
  private static final int MAX_DEPTH = 16;

  private byte[] bytes = new byte[8_192];
  private int length;
  private final int[] starts = new int[MAX_DEPTH];
  private int depth;

  /** Opens a box; its size is known at {@link #end()}. */
  BoxWriter begin(String type) {
    starts[depth++] = length;
    return u32(0).ascii(type);
  }

  BoxWriter beginFull(String type, int version, int flags) {
    return begin(type).u8(version).u24(flags);
  }

  BoxWriter end() {
    int start = starts[--depth];
    putU32(start, length - start);
    return this;
  }

  BoxWriter u8(int value) {
    ensure(1);
    bytes[length++] = (byte) value;
    return this;
  }

  BoxWriter u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  BoxWriter u24(int value) {
    return u8(value >>> 16).u16(value);
  }

  BoxWriter u32(long value) {
    ensure(4);
    putU32(length, value);
    length += 4;
    return this;
  }

  BoxWriter u64(long value) {
    return u32(value >>> 32).u32(value);
  }

  BoxWriter zeros(int count) {
    ensure(count);
    length += count;
    return this;
  }

  /** Eight-bit characters, no length, no terminator. */
  BoxWriter ascii(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.US_ASCII);
    ensure(encoded.length);
    System.arraycopy(encoded, 0, bytes, length, encoded.length);
    length += encoded.length;
    return this;
  }

  BoxWriter bytes(Bytes value) {
    ensure(value.length());
    value.asBuffer().get(bytes, length, value.length());
    length += value.length();
    return this;
  }

  /** Bytes written so far. */
  int length() {
    return length;
  }

  BoxWriter patchU32(int offset, long value) {
    putU32(offset, value);
    return this;
  }

  /** What has been written so far; all boxes are ended. */
  ByteBuffer toBuffer() {
    if (depth != 0) {
      throw new IllegalStateException("a box is open [depth=" + depth + "]");
    }
    return ByteBuffer.wrap(bytes, 0, length).asReadOnlyBuffer();
  }

  private void putU32(int offset, long value) {
    bytes[offset] = (byte) (value >>> 24);
    bytes[offset + 1] = (byte) (value >>> 16);
    bytes[offset + 2] = (byte) (value >>> 8);
    bytes[offset + 3] = (byte) value;
  }

  private void ensure(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
  }
}
