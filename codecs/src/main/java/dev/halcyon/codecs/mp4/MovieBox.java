package dev.halcyon.codecs.mp4;

import java.util.List;

/** Writes the {@code moov} of a file. No state. */
final class MovieBox {
  /** Presentation time is in microseconds, exactly ours. */
  static final int TIMESCALE_HZ = 1_000_000;

  /**
   * The last packet of sound reaches over the end, an Opus packet by up to 120 ms. GStreamer 1.22
   * loses samples of a file that turns out longer than it says.
   */
  private static final long LENGTH_MARGIN_US = 250_000;

  private MovieBox() {}

  /**
   * @param isContinued whether fragments follow
   */
  static void write(
      BoxWriter out,
      List<Mp4Track> tracks,
      List<Chunk> chunks,
      long baseBytes,
      ChunkOffsets offsets,
      boolean isContinued) {
    long durationUs = tracks.stream().mapToLong(Mp4Track::presentedUs).max().orElse(0);
    int version = durationUs > 0xffff_ffffL ? 1 : 0;
    out.begin("moov").beginFull("mvhd", version, 0);
    writeTimes(out, version).u32(TIMESCALE_HZ);
    writeDuration(out, version, durationUs);
    // Rate 1.0, volume 1.0.
    out.u32(0x1_0000).u16(0x100).zeros(10);
    writeUnityMatrix(out);
    out.zeros(24).u32(tracks.size() + 1L).end();
    for (int i = 0; i < tracks.size(); i++) {
      new TrackBox(out, tracks, i).write(chunks, baseBytes, offsets);
    }
    if (isContinued) {
      writeExtends(out, tracks);
    }
    out.end();
  }

  /** The length that is expected of the whole, where it is known, and no defaults of samples. */
  private static void writeExtends(BoxWriter out, List<Mp4Track> tracks) {
    out.begin("mvex");
    long wholeUs = tracks.stream().mapToLong(Mp4Track::lastPresentedUs).max().orElse(0);
    if (wholeUs > 0) {
      out.beginFull("mehd", 1, 0).u64(wholeUs + LENGTH_MARGIN_US).end();
    }
    for (int i = 0; i < tracks.size(); i++) {
      out.beginFull("trex", 0, 0).u32(i + 1L).u32(1).zeros(12).end();
    }
    out.end();
  }

  /** Creation and modification times: 0, so that the same media gives the same file. */
  static BoxWriter writeTimes(BoxWriter out, int version) {
    return out.zeros(version == 1 ? 16 : 8);
  }

  /** A field of 64 bits in version 1 of a box, else 32. */
  static void writeDuration(BoxWriter out, int version, long value) {
    if (version == 1) {
      out.u64(value);
    } else {
      out.u32(value);
    }
  }

  static void writeUnityMatrix(BoxWriter out) {
    out.u32(0x1_0000).zeros(12).u32(0x1_0000).zeros(12).u32(0x4000_0000);
  }
}
