package dev.halcyon.core.media;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/** An immutable byte string with value equality: codec configurations, keys, digests. */
public final class Bytes {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] value;

  private Bytes(byte[] value) {
    this.value = value;
  }

  public static Bytes copyOf(byte[] value) {
    return value.length == 0 ? EMPTY : new Bytes(value.clone());
  }

  /** Copies the remaining bytes; the buffer's position stays. */
  public static Bytes copyOf(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(buffer.position(), copy);
    return copy.length == 0 ? EMPTY : new Bytes(copy);
  }

  public int length() {
    return value.length;
  }

  public boolean isEmpty() {
    return value.length == 0;
  }

  /** Unsigned value of the byte at {@code index}. */
  public int at(int index) {
    return value[index] & 0xff;
  }

  /**
   * A copy of the bytes from {@code from} to before {@code to}.
   *
   * @throws IndexOutOfBoundsException when they are not all there
   */
  public Bytes slice(int from, int to) {
    Objects.checkFromToIndex(from, to, value.length);
    return from == to ? EMPTY : new Bytes(Arrays.copyOfRange(value, from, to));
  }

  public byte[] toArray() {
    return value.clone();
  }

  /** A read-only view. */
  public ByteBuffer asBuffer() {
    return ByteBuffer.wrap(value).asReadOnlyBuffer();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(value);
  }
}
