package dev.halcyon.verticles.ingest.media;

import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;

/** The configuration of an Opus track that only says how many channels it has. */
public final class OpusConfig {
  private static final int RATE_HZ = 48_000;

  private OpusConfig() {}

  /**
   * The body of {@code dOps} (Encapsulation of Opus in ISOBMFF, 4.3.2), channel mapping family 0.
   * No pre-skip: live stamps already say when the first sample is to be heard.
   *
   * @param channels 1 or 2
   */
  public static AudioFormat of(int channels) {
    byte[] config = {0, (byte) channels, 0, 0, 0, 0, (byte) 0xbb, (byte) 0x80, 0, 0, 0};
    return new AudioFormat(Codec.OPUS, RATE_HZ, channels, Bytes.copyOf(config));
  }
}
