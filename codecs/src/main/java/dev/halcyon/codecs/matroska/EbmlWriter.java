package dev.halcyon.codecs.matroska;

import dev.halcyon.core.media.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes elements of EBML (RFC 8794) into a growing array: an id, a size, and what it holds. The
 * sizes of elements that hold others are filled in when they end. Not thread-safe.
 */
final class EbmlWriter {
  private static final int MAX_DEPTH = 8;

  /** A size in eight bytes: a marker bit, then 56 bits. */
  private static final long WIDE_SIZE = 1L << 56;

  private byte[] bytes = new byte[1_024];
  private int length;
  private final int[] starts = new int[MAX_DEPTH];
  private int depth;

  /** Opens an element that holds others; its size is known at {@link #end()}. */
  EbmlWriter begin(int id) {
    id(id);
    put(0, 8);
    starts[depth++] = length;
    return this;
  }

  EbmlWriter end() {
    int start = starts[--depth];
    patch(start - 8, WIDE_SIZE | (length - start), 8);
    return this;
  }

  /** Opens an element whose content is written elsewhere. */
  EbmlWriter open(int id, long sizeBytes) {
    id(id);
    put(WIDE_SIZE | sizeBytes, 8);
    return this;
  }

  EbmlWriter unsigned(int id, long value) {
    int count = Math.max(1, Long.BYTES - Long.numberOfLeadingZeros(value) / 8);
    return unsigned(id, value, count);
  }

  /** In so many bytes, whatever the value: for places that are known only later. */
  EbmlWriter unsigned(int id, long value, int count) {
    id(id);
    size(count);
    put(value, count);
    return this;
  }

  EbmlWriter signed(int id, long value) {
    int bits = Long.SIZE + 1 - Long.numberOfLeadingZeros(value < 0 ? ~value : value);
    return unsigned(id, value, Math.ceilDiv(bits, 8));
  }

  EbmlWriter number(int id, double value) {
    return unsigned(id, Double.doubleToLongBits(value), 8);
  }

  EbmlWriter text(int id, String value) {
    return binary(id, Bytes.copyOf(value.getBytes(StandardCharsets.US_ASCII)));
  }

  EbmlWriter binary(int id, Bytes value) {
    id(id);
    size(value.length());
    ensure(value.length());
    value.asBuffer().get(bytes, length, value.length());
    length += value.length();
    return this;
  }

  /** An id, which holds its own length, as the standards write it: 0x1a45dfa3. */
  EbmlWriter id(int id) {
    put(id, Integer.BYTES - Integer.numberOfLeadingZeros(id) / 8);
    return this;
  }

  /** A size in as few bytes as it needs; all ones are reserved. */
  EbmlWriter size(long size) {
    int count = 1;
    while (size >= (1L << (7 * count)) - 1) {
      count++;
    }
    put((1L << (7 * count)) | size, count);
    return this;
  }

  /** The low bytes of a value, the highest first. */
  EbmlWriter put(long value, int count) {
    ensure(count);
    length += count;
    patch(length - count, value, count);
    return this;
  }

  /** Whole elements. */
  EbmlWriter raw(ByteBuffer elements) {
    ensure(elements.remaining());
    elements.get(elements.position(), bytes, length, elements.remaining());
    length += elements.remaining();
    return this;
  }

  int length() {
    return length;
  }

  /** What has been written so far; all elements are ended. */
  ByteBuffer toBuffer() {
    if (depth != 0) {
      throw new IllegalStateException("an element is open [depth=" + depth + "]");
    }
    return ByteBuffer.wrap(bytes, 0, length).asReadOnlyBuffer();
  }

  private void patch(int offset, long value, int count) {
    for (int i = 0; i < count; i++) {
      bytes[offset + i] = (byte) (value >>> (8 * (count - 1 - i)));
    }
  }

  private void ensure(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
  }
}
