package dev.halcyon.codecs.matroska;

import dev.halcyon.core.media.TrackFormat;
import java.util.List;

/**
 * One track of a file to write.
 *
 * @param format the one format of all its packets
 * @param codecDelayNs what a decoder gives at the start of the track and a player drops; the times
 *     of blocks are later than they sound by as much
 * @param seekPrerollNs what must be decoded before any place that is played from
 * @param blocks in decoding order, never empty
 */
public record MatroskaTrack(
    TrackFormat format, long codecDelayNs, long seekPrerollNs, List<MatroskaBlock> blocks) {
  public MatroskaTrack {
    blocks = List.copyOf(blocks);
    if (blocks.isEmpty() || codecDelayNs < 0 || seekPrerollNs < 0) {
      throw new IllegalArgumentException(
          "a track of nothing [blocks=" + blocks.size() + ", codecDelayNs=" + codecDelayNs + "]");
    }
  }

  boolean isVideo() {
    return format.codec().isVideo();
  }
}
