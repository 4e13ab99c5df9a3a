package dev.halcyon.codecs.model;

import dev.halcyon.codecs.av.NativeMemory;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * Memory outside the heap for a model's inputs, kept from call to call. One platform thread at a
 * time; closed, after the last call, by who made it.
 */
final class TensorRoom implements AutoCloseable {
  private static final int ALIGNMENT = 64;

  private final Arena arena = Arena.ofShared();
  private final NativeMemory.Held held;
  private final ByteBuffer room;

  /**
   * @param bytes for all that will be taken, each rounded up to 64
   */
  TensorRoom(long bytes) {
    room = arena.allocate(bytes, ALIGNMENT).asByteBuffer().order(ByteOrder.nativeOrder());
    held = NativeMemory.hold(NativeMemory.Tag.MODEL, bytes);
  }

  static long floatBytes(long count) {
    return Math.ceilDiv(count * Float.BYTES, ALIGNMENT) * ALIGNMENT;
  }

  FloatBuffer floats(int count) {
    return take((int) floatBytes(count)).asFloatBuffer().slice(0, count);
  }

  /** Takes 64 bytes. */
  LongBuffer oneLong(long value) {
    return take(ALIGNMENT).asLongBuffer().slice(0, 1).put(0, value);
  }

  private ByteBuffer take(int bytes) {
    ByteBuffer taken = room.slice(room.position(), bytes).order(ByteOrder.nativeOrder());
    room.position(room.position() + bytes);
    return taken;
  }

  @Override
  public void close() {
    arena.close();
    held.close();
  }
}
