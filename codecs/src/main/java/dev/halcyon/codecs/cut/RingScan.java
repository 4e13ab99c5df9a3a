package dev.halcyon.codecs.cut;

import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.cut.TrackPackets;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the stamps that a cut may need from a ring. One thread, one window. */
final class RingScan {
  /**
   * Sound of an instant may lie that far before its keyframe in the ring, and pictures that far
   * behind the end in decoding order: tracks come interleaved loosely.
   */
  private static final long SLACK_US = 2_000_000;

  /** A day of 50 pictures and 47 packets of sound a second is 8 million. */
  private static final int MAX_PACKETS = 10_000_000;

  private record Key(int epoch, int track) {}

  private static final class Column {
    final List<TrackFormat> formats = new ArrayList<>();
    final List<PacketStamp> packets = new ArrayList<>();
  }

  private final Map<Key, Column> columns = new LinkedHashMap<>();
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
    return scan.columns.entrySet().stream()
        .map(e -> new TrackPackets(e.getKey().track(), e.getValue().formats, e.getValue().packets))
        .toList();
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
        case CONFIGURATION ->
            formatIndex(column(cursor).formats, cursor.trackConfiguration().format());
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
    if (++count > MAX_PACKETS) {
      throw new HalcyonException(
          ErrorCode.PAYLOAD_TOO_LARGE, "a clip of more than " + MAX_PACKETS + " packets");
    }
    lastPosition = cursor.position();
    newestDtsUs = Math.max(newestDtsUs, cursor.dtsUs());
    Column column = column(cursor);
    column.packets.add(
        new PacketStamp(
            cursor.ptsUs(),
            cursor.dtsUs(),
            cursor.durationUs(),
            cursor.isKeyframe(),
            cursor.epoch(),
            formatIndex(column.formats, cursor.trackConfiguration().format()),
            cursor.position(),
            cursor.payloadLength()));
  }

  private Column column(RingCursor cursor) {
    return columns.computeIfAbsent(new Key(cursor.epoch(), cursor.track()), key -> new Column());
  }

  /** The newest is looked at first: it is nearly always the one. */
  private static int formatIndex(List<TrackFormat> formats, TrackFormat format) {
    for (int i = formats.size() - 1; i >= 0; i--) {
      if (formats.get(i).equals(format)) {
        return i;
      }
    }
    formats.add(format);
    return formats.size() - 1;
  }
}
