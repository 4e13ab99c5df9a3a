package dev.halcyon.codecs.mp4;

import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import java.util.Optional;

/**
 * What a file says about pictures beside their size. Decoders know it from the coded media too;
 * players that lay a page out before they decode do not.
 *
 * @param sarWidth sample aspect ratio, 1:1 when not stated
 * @param sarHeight see {@code sarWidth}
 * @param colour where stated
 */
record PictureShape(int sarWidth, int sarHeight, Optional<Colour> colour) {
  /** Code points of ITU-T H.273. */
  record Colour(int primaries, int transfer, int matrix, boolean isFullRange) {}

  static final PictureShape PLAIN = new PictureShape(1, 1, Optional.empty());

  /** From the configuration of H.264; other codecs, and what cannot be read, are plain. */
  static PictureShape of(VideoFormat format) {
    return format.codec() == Codec.H264 ? AvcShape.of(format.config()) : PLAIN;
  }
}
