package dev.halcyon.codecs.render;

import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.codecs.probe.ForeignFile;
import dev.halcyon.core.render.PictureForm;
import dev.halcyon.core.render.RenderSpec;
import java.nio.file.Path;

/**
 * How many chunks may be rendered beside each other: each has a decoder, an encoder and pictures of
 * its own, and on a machine with many cores they would take more memory together than one step may.
 * The bits of a render do not depend on it.
 */
final class RenderThreads {
  /** Beside the heap and the sound. */
  private static final long BUDGET_BYTES = 1L << 30;

  /** What a decoder refers to, what it has ready, and what is made upright of it. */
  private static final int SOURCE_PICTURES = 16;

  /** What an encoder looks ahead over and refers to, with all that it derives from them. */
  private static final int CLIP_PICTURES = 40;

  private RenderThreads() {}

  /**
   * @param most asked for
   * @param source as the renderer reads it
   */
  static int of(int most, Path source, RenderSpec spec) {
    try (DemuxerHandle demuxer = ForeignFile.open(source)) {
      int stream = spec.source().pictureStream();
      if (stream >= demuxer.streamCount()) {
        return 1; // Whoever reads it says so.
      }
      long width = Math.max(0, demuxer.stream(stream).codecpar().width());
      long height = Math.max(0, demuxer.stream(stream).codecpar().height());
      return Math.min(most, affordable(width * height, spec.picture()));
    }
  }

  /** At least one: a single picture that is too large is refused elsewhere. */
  static int affordable(long sourcePixels, PictureForm form) {
    long clipPixels = (long) form.widthPx() * form.heightPx();
    // 4:2:0 has one and a half bytes a pixel.
    long bytes = (SOURCE_PICTURES * sourcePixels + CLIP_PICTURES * clipPixels) * 3 / 2;
    return (int) Math.max(1, BUDGET_BYTES / bytes);
  }
}
