package dev.halcyon.core.media;

/** How the packets of a track are coded. */
public sealed interface TrackFormat permits VideoFormat, AudioFormat {
  Codec codec();

  /**
   * The codec's out-of-band configuration: the body of {@code avcC} / {@code hvcC} / {@code av1C},
   * {@code vpcC} / {@code dac3}, the AudioSpecificConfig of AAC, the body of {@code dOps} for Opus,
   * STREAMINFO for FLAC. Empty where the codec has none, or the coded media says it all.
   */
  Bytes config();
}
