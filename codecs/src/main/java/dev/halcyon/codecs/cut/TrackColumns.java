package dev.halcyon.codecs.cut;

import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.cut.TrackPackets;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.TrackFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sorts the stamps of a timeline by epoch and track. Not thread-safe. */
final class TrackColumns {
  /** A day of 50 pictures and 47 packets of sound a second is 8 million. */
  static final int MAX_PACKETS = 10_000_000;

  private record Key(int epoch, int track) {}

  private static final class Column {
    final List<TrackFormat> formats = new ArrayList<>();
    final List<PacketStamp> packets = new ArrayList<>();
  }

  private final Map<Key, Column> columns = new LinkedHashMap<>();

  void clear() {
    columns.clear();
  }

  /** What {@link PacketStamp#formatIndex()} of a track's packet must be. */
  int formatIndex(int epoch, int track, TrackFormat format) {
    List<TrackFormat> formats = column(epoch, track).formats;
    // The newest is looked at first: it is nearly always the one.
    for (int i = formats.size() - 1; i >= 0; i--) {
      if (formats.get(i).equals(format)) {
        return i;
      }
    }
    formats.add(format);
    return formats.size() - 1;
  }

  void add(int track, PacketStamp packet) {
    column(packet.epoch(), track).packets.add(packet);
  }

  private Column column(int epoch, int track) {
    return columns.computeIfAbsent(new Key(epoch, track), key -> new Column());
  }

  /** The tracks, each epoch's apart; also those that gave no packet. */
  List<TrackPackets> tracks() {
    return columns.entrySet().stream()
        .map(
            e ->
                new TrackPackets(
                    e.getKey().track(),
                    e.getKey().epoch(),
                    e.getValue().formats,
                    e.getValue().packets))
        .toList();
  }

  static HalcyonException tooLarge() {
    return new HalcyonException(
        ErrorCode.PAYLOAD_TOO_LARGE, "a clip of more than " + MAX_PACKETS + " packets");
  }
}
