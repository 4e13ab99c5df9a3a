package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;
import java.util.Optional;

/** FLAC's STREAMINFO (RFC 9639, 8.2), in whatever wrapping it comes. No state. */
public final class FlacConfig {
  private static final int STREAM_INFO_BYTES = 34;
  private static final int BLOCK_HEAD_BYTES = 4;
  private static final int FLAC_MARKER = 0x66_4c_61_43;

  private FlacConfig() {}

  /**
   * @param config STREAMINFO bare, with its block header, or after the marker "fLaC"
   * @return the bare 34 bytes; empty for anything else
   */
  public static Optional<Bytes> streamInfo(Bytes config) {
    int at = 0;
    if (config.length() >= 4 && config.asBuffer().getInt(0) == FLAC_MARKER) {
      at = 4;
    }
    boolean isBare = at == 0 && config.length() == STREAM_INFO_BYTES;
    if (!isBare) {
      boolean isStreamInfo =
          config.length() >= at + BLOCK_HEAD_BYTES + STREAM_INFO_BYTES
              && (config.at(at) & 0x7f) == 0
              && (config.at(at + 2) << 8 | config.at(at + 3)) == STREAM_INFO_BYTES;
      if (!isStreamInfo) {
        return Optional.empty();
      }
      at += BLOCK_HEAD_BYTES;
    }
    return Optional.of(config.slice(at, at + STREAM_INFO_BYTES));
  }

  /** Bits a sample of a bare STREAMINFO. */
  public static int bitsPerSample(Bytes streamInfo) {
    // After four sizes (10 bytes): 20 bits rate, 3 bits channels, 5 bits depth, all but the first
    // less one.
    return ((streamInfo.at(12) & 1) << 4 | streamInfo.at(13) >> 4) + 1;
  }
}
