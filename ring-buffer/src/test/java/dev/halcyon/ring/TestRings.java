package dev.halcyon.ring;

import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import java.nio.ByteBuffer;
import java.util.Random;

/** What the ring's tests share: tracks, options and payloads that can be checked by their seq. */
final class TestRings {
  static final Track VIDEO =
      new Track(
          0, new VideoFormat(Codec.H264, 1280, 720, Bytes.copyOf(new byte[] {1, 100, 0, 31})));
  static final Track AUDIO =
      new Track(
          1, new AudioFormat(Codec.AAC, 48_000, 2, Bytes.copyOf(new byte[] {0x11, (byte) 0x90})));

  /** 2026-11-20, microseconds since 1970. */
  static final long WALL_US = 1_795_132_800_000_000L;

  static final long MIB = 1 << 20;
  static final long HOUR_US = 3_600_000_000L;

  private TestRings() {}

  static RingOptions options(long capacityBytes) {
    return new RingOptions(capacityBytes, HOUR_US)
        .withAllocation(MIB, (file, offsetBytes, lengthBytes) -> {});
  }

  /** Bytes that only this number gives. */
  static ByteBuffer payload(long number, int length) {
    byte[] bytes = new byte[length];
    new Random(number * 31 + length).nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  /** Begins epoch 0 with both tracks. */
  static RingWriter begun(Ring ring) {
    RingWriter writer = ring.writer();
    writer.beginEpoch(ring.lastEpoch() + 1, 0, WALL_US);
    writer.configure(VIDEO);
    writer.configure(AUDIO);
    return writer;
  }

  /** A picture of 40 ms; every {@code gop}-th is a keyframe. */
  static void appendPicture(RingWriter writer, long number, int gop, ByteBuffer payload) {
    long us = number * 40_000;
    writer.append(0, number % gop == 0, us, us, 40_000, WALL_US + us, payload);
  }
}
