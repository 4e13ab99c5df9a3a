package dev.halcyon.codecs.model;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;

/**
 * A named array of numbers in row-major order, from position 0 of its buffer. Direct buffers go
 * into a model without a copy; what a model gives back lies on the heap.
 */
public sealed interface Tensor {
  String name();

  /** The length of each dimension; empty for a single number. */
  List<Long> shape();

  /** Of 32 bits. */
  record Floats(String name, List<Long> shape, FloatBuffer values) implements Tensor {
    public Floats {
      shape = List.copyOf(shape);
      requireRoom(name, shape, values.capacity());
    }
  }

  record Longs(String name, List<Long> shape, LongBuffer values) implements Tensor {
    public Longs {
      shape = List.copyOf(shape);
      requireRoom(name, shape, values.capacity());
    }
  }

  /** How many numbers a shape holds. */
  static long sizeOf(List<Long> shape) {
    long size = 1;
    for (long each : shape) {
      size = Math.multiplyExact(size, each);
    }
    return size;
  }

  private static void requireRoom(String name, List<Long> shape, int capacity) {
    if (shape.stream().anyMatch(each -> each < 0) || sizeOf(shape) > capacity) {
      throw new IllegalArgumentException(
          "the buffer is no such tensor [name="
              + name
              + ", shape="
              + shape
              + ", capacity="
              + capacity
              + "]");
    }
  }
}
