package dev.halcyon.verticles.preview;

import dev.halcyon.codecs.video.PosterMaker;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;
import java.nio.ByteBuffer;

/** The newest keyframe of a ring as a picture. No state. */
final class Snapshot {
  private Snapshot() {}

  /**
   * Decodes one picture: on a thread that may wait.
   *
   * @return a JPEG
   * @throws HalcyonException NOT_READY when no keyframe is held; CORRUPT_MEDIA
   */
  static byte[] of(Ring ring) {
    long position =
        ring.index().keyframePositionAtOrBefore(Long.MAX_VALUE).orElseThrow(Snapshot::notReady);
    try (RingCursor cursor = ring.cursor()) {
      cursor.seek(position);
      for (RingCursor.Next next = cursor.next();
          next != RingCursor.Next.NOTHING_YET && next != RingCursor.Next.CLOSED;
          next = cursor.next()) {
        if (next == RingCursor.Next.PACKET
            && cursor.isKeyframe()
            && cursor.trackConfiguration().format() instanceof VideoFormat format) {
          ByteBuffer payload = ByteBuffer.allocate(cursor.payloadLength());
          if (cursor.copyPayload(payload)) {
            return PosterMaker.fromKeyframe(format, payload.flip());
          }
        }
      }
    }
    throw notReady();
  }

  private static HalcyonException notReady() {
    return new HalcyonException(ErrorCode.NOT_READY, "the stream has no pictures yet");
  }
}
