package dev.halcyon.core.asset;

import dev.halcyon.core.media.Codec;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What a foreign file may be to be taken.
 *
 * @param longSidePx of a picture, either way up
 * @param shortSidePx likewise
 * @param bitsPerSecond the whole file's mean
 * @param pictureCodecs those that are decoded
 * @param timeoutMs how long the probe may take: it reads the whole file once
 */
public record ProbeLimits(
    long durationUs,
    int longSidePx,
    int shortSidePx,
    long bitsPerSecond,
    long bytes,
    Set<Codec> pictureCodecs,
    long timeoutMs) {
  /** 4 h, 4K, 50 Mb/s, 2 GB; H.264, H.265, VP9 and AV1. */
  public static final ProbeLimits DEFAULT =
      new ProbeLimits(
          TimeUnit.HOURS.toMicros(4),
          3840,
          2160,
          50_000_000,
          2_000_000_000,
          EnumSet.of(Codec.H264, Codec.HEVC, Codec.VP9, Codec.AV1),
          TimeUnit.MINUTES.toMillis(2));

  public ProbeLimits {
    pictureCodecs = Set.copyOf(pictureCodecs);
    if (durationUs < 1
        || shortSidePx < 1
        || longSidePx < shortSidePx
        || bitsPerSecond < 1
        || bytes < 1
        || timeoutMs < 1) {
      throw new IllegalArgumentException(
          "out of range [durationUs="
              + durationUs
              + ", longSidePx="
              + longSidePx
              + ", shortSidePx="
              + shortSidePx
              + ", bitsPerSecond="
              + bitsPerSecond
              + ", bytes="
              + bytes
              + ", timeoutMs="
              + timeoutMs
              + "]");
    }
  }

  /** The same with other codecs, such as VP8. */
  public ProbeLimits withPictureCodecs(Set<Codec> codecs) {
    return new ProbeLimits(
        durationUs, longSidePx, shortSidePx, bitsPerSecond, bytes, codecs, timeoutMs);
  }
}
