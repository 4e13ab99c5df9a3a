package dev.halcyon.verticles.clip;

import dev.halcyon.codecs.cut.RingCutter;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.ring.RingWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Cuts a few clips of made-up packets, so that the code of the first real clip has been loaded and
 * compiled: in a new JVM a first cut takes five times as long as the next ones. Blocking.
 */
final class ClipWarmUp {
  private static final int CUTS = 30;
  private static final int PICTURES = 300;
  private static final int GOP = 60;
  private static final long PICTURE_US = 33_333;
  private static final long SOUND_US = 21_333;
  private static final int PICTURE_BYTES = 4_096;
  private static final int SOUND_BYTES = 256;
  private static final long RING_BYTES = 8L << 20;

  /** AAC-LC, 48 kHz, stereo (ISO/IEC 14496-3 section 1.6.2.1). */
  private static final Bytes AAC_CONFIG = Bytes.copyOf(HexFormat.of().parseHex("1190"));

  /** An avcC without parameter sets: enough to be copied. */
  private static final Bytes AVC_CONFIG = Bytes.copyOf(HexFormat.of().parseHex("01640020ffe000"));

  private ClipWarmUp() {}

  /**
   * @param dir for two files, deleted again
   */
  static void run(Path dir) throws IOException {
    Path ringFile = Files.createTempFile(dir, "warm-up", ".ring");
    Path clipFile = ringFile.resolveSibling(ringFile.getFileName() + ".mp4");
    Files.delete(ringFile);
    try (Ring ring = Ring.create(ringFile, new RingOptions(RING_BYTES, 600_000_000))) {
      fill(ring.writer());
      for (int cut = 0; cut < CUTS; cut++) {
        long fromUs = 1_000_000L + cut * 50_000L;
        RingCutter.cut(
            ring, new CutRequest(fromUs, fromUs + 5_000_000, CutRequest.Outside.CLAMP), clipFile);
      }
    } finally {
      Files.deleteIfExists(ringFile);
      Files.deleteIfExists(clipFile);
    }
  }

  private static void fill(RingWriter writer) {
    writer.beginEpoch(0, 0, 0);
    writer.configure(new Track(0, new VideoFormat(Codec.H264, 1280, 720, AVC_CONFIG)));
    writer.configure(new Track(1, new AudioFormat(Codec.AAC, 48_000, 2, AAC_CONFIG)));
    ByteBuffer picture = ByteBuffer.allocateDirect(PICTURE_BYTES);
    ByteBuffer sound = ByteBuffer.allocateDirect(SOUND_BYTES);
    long soundUs = 0;
    for (int i = 0; i < PICTURES; i++) {
      long dtsUs = i * PICTURE_US;
      while (soundUs <= dtsUs) {
        writer.append(1, true, soundUs, soundUs, SOUND_US, soundUs, sound);
        soundUs += SOUND_US;
      }
      writer.append(0, i % GOP == 0, dtsUs, dtsUs, 0, dtsUs, picture);
    }
  }
}
