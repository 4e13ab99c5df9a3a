package dev.halcyon.bench.ring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Something that one payload, a direct buffer, is appended to again and again. One thread; closing
 * deletes its files.
 */
interface Sink extends AutoCloseable {
  void append() throws IOException;

  @Override
  void close() throws IOException;

  /** Our ring, on its first lap. */
  static Sink freshRing(Path file, long bytes, ByteBuffer payload) {
    // Headers and repeated configurations make the file of small packets up to twice as long.
    return of(new BenchRing(file, 2 * bytes + (8L << 20)), payload);
  }

  /** Our ring, on later laps. */
  static Sink lappingRing(Path file, long bytes, ByteBuffer payload) {
    BenchRing ring = new BenchRing(file, bytes);
    ring.fillLap(payload);
    return of(ring, payload);
  }

  private static Sink of(BenchRing ring, ByteBuffer payload) {
    return new Sink() {
      @Override
      public void append() {
        ring.append(payload);
      }

      @Override
      public void close() {
        ring.close();
      }
    };
  }

  /** A plain copy into a mapped file that was written once: no header, no checksum, no end. */
  static Sink mappedFile(Path file, long bytes, ByteBuffer payload) {
    MemorySegment source = MemorySegment.ofBuffer(payload);
    MappedCopies copies = new MappedCopies(file, bytes);
    return new Sink() {
      @Override
      public void append() {
        copies.copyIn(source);
      }

      @Override
      public void close() {
        copies.close();
      }
    };
  }

  /** {@code FileChannel.write} into a file that was written once, over and over. */
  static Sink fileChannel(Path file, long bytes, ByteBuffer payload) throws IOException {
    ByteBuffer source = payload.duplicate();
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
    while (channel.position() < bytes) {
      int ignored = channel.write(zeros.clear());
    }
    channel.position(0);
    return new Sink() {
      @Override
      public void append() throws IOException {
        if (channel.position() + source.capacity() > bytes) {
          channel.position(0);
        }
        source.clear();
        while (source.hasRemaining()) {
          int ignored = channel.write(source);
        }
      }

      @Override
      public void close() throws IOException {
        channel.close();
        Files.delete(file);
      }
    };
  }
}
