package dev.halcyon.core.media;

import java.util.Objects;

/**
 * A video track's coding. H.264 and HEVC packets are length-prefixed NAL units (four bytes, as in
 * MP4), never Annex B.
 *
 * @param widthPx coded picture width after cropping
 * @param heightPx coded picture height after cropping
 * @param config see {@link TrackFormat#config()}
 */
public record VideoFormat(Codec codec, int widthPx, int heightPx, Bytes config)
    implements TrackFormat {
  public VideoFormat {
    Objects.requireNonNull(config, "config");
    if (!codec.isVideo()) {
      throw new IllegalArgumentException("not a video codec [codec=" + codec + "]");
    }
    if (widthPx < 0 || heightPx < 0 || widthPx > 16_384 || heightPx > 16_384) {
      throw new IllegalArgumentException(
          "picture size out of range [widthPx=" + widthPx + ", heightPx=" + heightPx + "]");
    }
  }
}
