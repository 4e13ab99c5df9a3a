package dev.halcyon.codecs.cut.smart;

import dev.halcyon.core.media.VideoFormat;
import java.util.List;

/**
 * A run of pictures that were encoded again.
 *
 * @param own what the encoder says of them
 */
record EncodedRun(VideoFormat own, List<Unit> units) {
  /**
   * @param ptsUs from the clip's start
   */
  record Unit(long ptsUs, boolean isKeyframe, StoredPayload payload) {}
}
