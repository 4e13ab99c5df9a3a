package dev.halcyon.core.media;

/** How the packets of a track are coded. */
public sealed interface TrackFormat permits VideoFormat, AudioFormat {
  Codec codec();

  /**
   * The codec's out-of-band configuration: the body of {@code avcC} / {@code hvcC} / {@code av1C},
   * the AudioSpecificConfig of AAC, the body of {@code dOps} for Opus. Empty where the codec has
   * none.
   */
  Bytes config();
}
