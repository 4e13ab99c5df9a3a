package dev.halcyon.codecs.matroska;

/**
 * One packet in a Matroska file. Times are the file's.
 *
 * @param ptsUs when it is presented; from the file's time 0 on. Matroska keeps milliseconds
 * @param dtsUs when it is decoded: what interleaving goes by; never decreases in a track
 * @param durationUs stated where it is above 0
 * @param sizeBytes of its payload
 * @param discardUs so much of what it decodes to, at its end, is not played; sound only
 */
public record MatroskaBlock(
    long ptsUs, long dtsUs, long durationUs, int sizeBytes, Kind kind, long discardUs) {
  /** What a packet is beside its numbers. */
  public enum Kind {
    /** Decoding may begin here. */
    KEYFRAME,
    OTHER,
    /** A keyframe that is decoded but not shown. */
    HIDDEN_KEYFRAME,
    HIDDEN;

    boolean isKeyframe() {
      return this == KEYFRAME || this == HIDDEN_KEYFRAME;
    }

    boolean isHidden() {
      return this == HIDDEN || this == HIDDEN_KEYFRAME;
    }
  }

  public MatroskaBlock {
    if (ptsUs < 0 || durationUs < 0 || sizeBytes < 0 || discardUs < 0) {
      throw new IllegalArgumentException(
          "a block out of range [ptsUs="
              + ptsUs
              + ", durationUs="
              + durationUs
              + ", sizeBytes="
              + sizeBytes
              + ", discardUs="
              + discardUs
              + "]");
    }
  }
}
