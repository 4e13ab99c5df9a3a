package dev.halcyon.codecs.cut;

import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.cut.TrackPackets;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;
import java.util.List;

/** Reads the stamps that a cut may need from a ring. One thread, one window. */
final class RingScan {
  /**
   * Sound of an instant may lie that far before its keyframe in the ring, and pictures that far
   * behind the end in decoding order: tracks come interleaved loosely.
   */
  private static final long SLACK_US = 2_000_000;

  private final TrackColumns columns = new TrackColumns();
  private final Ring ring;
  private final CutRequest request;
  private int count;
  private long lastPosition;
  private long newestDtsUs = Long.MIN_VALUE;

  private RingScan(Ring ring, CutRequest request) {
    this.ring = ring;
    this.request = request;
  }

  /** Position of the oldest packet that a cut may need. */
  static long startOf(Ring ring, CutRequest request) {
    return ring.index()
        .keyframePositionAtOrBefore(request.fromUs() - SLACK_US)
        .orElseGet(ring::oldestPosition);
  }

  /**
   * The tracks around a window, each epoch's apart; also those that gave no packet.
   *
   * @param fromPosition where to start, as {@link #startOf} says
   * @throws HalcyonException RING_OVERRUN when the writer overtook the scan
   */
  static List<TrackPackets> of(Ring ring, CutRequest request, long fromPosition) {
    RingScan scan = new RingScan(ring, request);
    try (RingCursor cursor = ring.cursor()) {
      cursor.seek(fromPosition);
      scan.read(cursor);
    }
    return scan.columns.tracks();
  }

  private void read(RingCursor cursor) {
    while (true) {
      switch (cursor.next()) {
        case PACKET -> {
          add(cursor);
          if (cursor.dtsUs() >= request.toUs() + SLACK_US) {
            return;
          }
        }
        case CONFIGURATION -> formatIndex(cursor);
        case EPOCH -> {}
        case NOTHING_YET -> {
          return;
        }
        case OVERRUN -> startAnew();
        case CLOSED -> throw RingCutter.closed();
      }
    }
  }

  /**
   * What was overwritten in front of the window costs nothing; damage between packets that are
   * still there, or a loss inside of the window, cannot be bridged.
   */
  private void startAnew() {
    boolean isOverwritten = lastPosition < ring.oldestPosition();
    if (count > 0 && (newestDtsUs >= request.fromUs() || !isOverwritten)) {
      throw RingCutter.overrun();
    }
    columns.clear();
  }

  private void add(RingCursor cursor) {
    if (++count > TrackColumns.MAX_PACKETS) {
      throw TrackColumns.tooLarge();
    }
    lastPosition = cursor.position();
    newestDtsUs = Math.max(newestDtsUs, cursor.dtsUs());
    columns.add(
        cursor.track(),
        new PacketStamp(
            cursor.ptsUs(),
            cursor.dtsUs(),
            cursor.durationUs(),
            cursor.isKeyframe(),
            cursor.epoch(),
            formatIndex(cursor),
            cursor.position(),
            cursor.payloadLength()));
  }

  private int formatIndex(RingCursor cursor) {
    return columns.formatIndex(
        cursor.epoch(), cursor.track(), cursor.trackConfiguration().format());
  }
}
