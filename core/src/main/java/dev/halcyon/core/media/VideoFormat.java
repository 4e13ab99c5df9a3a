package dev.halcyon.core.media;

import java.util.Objects;

/**
 * A video track's coding. H.264 and HEVC packets are length-prefixed NAL units (four bytes, as in
 * MP4), never Annex B.
 *
 * @param widthPx coded picture width after cropping
 * @param heightPx coded picture height after cropping
 * @param config see {@link TrackFormat#config()}
 * @param display what is said beside the coded media; its orientation holds for an epoch
 */
public record VideoFormat(Codec codec, int widthPx, int heightPx, Bytes config, Display display)
    implements TrackFormat {
  public VideoFormat {
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(display, "display");
    if (!codec.isVideo()) {
      throw new IllegalArgumentException("not a video codec [codec=" + codec + "]");
    }
    if (widthPx < 0 || heightPx < 0 || widthPx > 16_384 || heightPx > 16_384) {
      throw new IllegalArgumentException(
          "picture size out of range [widthPx=" + widthPx + ", heightPx=" + heightPx + "]");
    }
  }

  /** A track of which nothing is said beside the coded media. */
  public VideoFormat(Codec codec, int widthPx, int heightPx, Bytes config) {
    this(codec, widthPx, heightPx, config, Display.PLAIN);
  }

  public VideoFormat withConfig(Bytes other) {
    return new VideoFormat(codec, widthPx, heightPx, other, display);
  }

  public VideoFormat withDisplay(Display other) {
    return new VideoFormat(codec, widthPx, heightPx, config, other);
  }
}
