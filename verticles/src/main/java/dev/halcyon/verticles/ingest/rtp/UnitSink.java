package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.media.TrackFormat;
import java.nio.ByteBuffer;

/** Where the access units of one track go. Calls come within those to the depacketizer. */
interface UnitSink {
  /**
   * How the following units are coded; before the first one, and again when it changes.
   *
   * @param reorderPictures most pictures that precede another in decoding and follow it in output
   * @param pictureUs how long a picture lasts, 0 when the source does not say
   */
  void onFormat(TrackFormat format, int reorderPictures, long pictureUs);

  /**
   * @param ticks RTP time of its presentation, unwrapped
   * @param unit from position to limit; valid during the call
   */
  void onUnit(long ticks, boolean isKeyframe, ByteBuffer unit);

  /** Nothing can be decoded before the next keyframe. */
  void onKeyframeNeeded();

  /** Nothing will come any more. */
  void onFailure(String reason);
}
