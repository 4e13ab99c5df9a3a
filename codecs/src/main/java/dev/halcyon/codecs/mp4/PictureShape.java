package dev.halcyon.codecs.mp4;

import dev.halcyon.core.media.VideoFormat;
import java.util.Optional;

/**
 * What a file says about pictures beside their size.
 *
 * @param sarWidth sample aspect ratio, 1:1 when not stated
 * @param sarHeight see {@code sarWidth}
 * @param colour code points of ITU-T H.273, where stated
 */
record PictureShape(int sarWidth, int sarHeight, Optional<Colour> colour) {
  /** Code points of ITU-T H.273. */
  record Colour(int primaries, int transfer, int matrix, boolean isFullRange) {}

  static final PictureShape PLAIN = new PictureShape(1, 1, Optional.empty());

  static PictureShape of(VideoFormat format) {
    return PLAIN;
  }
}
