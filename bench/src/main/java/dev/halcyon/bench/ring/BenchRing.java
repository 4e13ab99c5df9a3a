package dev.halcyon.bench.ring;

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.ring.RingWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A ring with one video track that takes packet after packet at 30 a second of stream time, a
 * keyframe every two seconds, however fast they come. Only its bytes evict. One thread appends;
 * closing deletes the file.
 */
final class BenchRing implements AutoCloseable {
  static final Track VIDEO =
      new Track(
          0, new VideoFormat(Codec.H264, 1280, 720, Bytes.copyOf(new byte[] {1, 100, 0, 31})));

  /** Centuries: never reached. */
  static final long UNLIMITED_US = 1L << 60;

  private static final long FRAME_US = 33_333;
  private static final int GOP_FRAMES = 60;

  /** 2026-11-20, microseconds since 1970. */
  private static final long WALL_US = 1_795_132_800_000_000L;

  private final Path file;
  private final Ring ring;
  private final RingWriter writer;
  private long frames;

  BenchRing(Path file, long capacityBytes) {
    this(file, new RingOptions(capacityBytes, UNLIMITED_US));
  }

  BenchRing(Path file, RingOptions options) {
    this.file = file;
    ring = Ring.create(file, options);
    writer = ring.writer();
    writer.beginEpoch(0, 0, WALL_US);
    writer.configure(VIDEO);
  }

  Ring ring() {
    return ring;
  }

  /** The number of the next packet; its pts is this many frames. */
  long frames() {
    return frames;
  }

  static long frameOf(long ptsUs) {
    return ptsUs / FRAME_US;
  }

  void append(ByteBuffer payload) {
    long us = frames * FRAME_US;
    writer.append(0, frames % GOP_FRAMES == 0, us, us, FRAME_US, WALL_US + us, payload);
    frames++;
  }

  /** Appends until the first lap is full and the second has begun. */
  void fillLap(ByteBuffer payload) {
    while (ring.committedPosition() < ring.capacityBytes()) {
      append(payload);
    }
  }

  @Override
  public void close() {
    ring.close();
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
