package dev.halcyon.bench.ring;

import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.ring.RingWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A ring fed as one live stream feeds it: 30 pictures a second at 6 Mb/s with a keyframe every two
 * seconds, and AAC at 128 kb/s. One thread; closing leaves the file.
 */
final class StreamFeed implements AutoCloseable {
  static final int KEYFRAME_BYTES = 125_000;

  /** 6 Mb/s over 60 pictures, less the keyframe. */
  static final int PICTURE_BYTES = (1_500_000 - KEYFRAME_BYTES) / 59;

  /** 128 kb/s in frames of 1024 samples at 48 kHz. */
  static final int AUDIO_BYTES = 341;

  private static final int GOP_PICTURES = 60;
  private static final long PICTURE_US = 33_333;
  private static final long AUDIO_US = 21_333;
  private static final Track AUDIO =
      new Track(
          1, new AudioFormat(Codec.AAC, 48_000, 2, Bytes.copyOf(new byte[] {0x11, (byte) 0x90})));

  private final Ring ring;
  private final RingWriter writer;
  private final ByteBuffer bytes;
  private final long offsetUs;
  private long pictures;
  private long audioFrames;
  private long appendedBytes;

  /**
   * @param bytes as many as a keyframe has
   * @param offsetUs when its first packet is due, so that not all streams send at once
   */
  StreamFeed(Path file, RingOptions options, ByteBuffer bytes, long offsetUs) {
    ring = Ring.create(file, options);
    writer = ring.writer();
    writer.beginEpoch(0, 0, offsetUs);
    writer.configure(BenchRing.VIDEO);
    writer.configure(AUDIO);
    this.bytes = bytes.duplicate();
    this.offsetUs = offsetUs;
  }

  long dueUs() {
    return offsetUs + Math.min(pictures * PICTURE_US, audioFrames * AUDIO_US);
  }

  /** Appends the packet that is due next. */
  void append() {
    long pictureUs = pictures * PICTURE_US;
    long audioUs = audioFrames * AUDIO_US;
    if (pictureUs <= audioUs) {
      boolean isKeyframe = pictures % GOP_PICTURES == 0;
      bytes.clear().limit(isKeyframe ? KEYFRAME_BYTES : PICTURE_BYTES);
      writer.append(0, isKeyframe, pictureUs, pictureUs, PICTURE_US, pictureUs, bytes);
      pictures++;
    } else {
      bytes.clear().limit(AUDIO_BYTES);
      writer.append(1, true, audioUs, audioUs, AUDIO_US, audioUs, bytes);
      audioFrames++;
    }
    appendedBytes += bytes.limit();
  }

  long appendedBytes() {
    return appendedBytes;
  }

  /**
   * How long ago all that was appended was safe against a loss of power; negative without force.
   */
  long forceLagNs() {
    return ring.stats().forceLagNs();
  }

  @Override
  public void close() {
    ring.close();
  }
}
