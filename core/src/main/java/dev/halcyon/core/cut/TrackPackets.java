package dev.halcyon.core.cut;

import dev.halcyon.core.media.TrackFormat;
import java.util.List;

/**
 * The packets of one track that a cut may draw from: in decoding order, from a keyframe at or
 * before the window (for sound: from half a second before it) to at least the packet that closed
 * the window.
 *
 * @param index the track's index in its epoch
 * @param formats the configurations that the packets refer to, all of one kind and codec
 */
public record TrackPackets(int index, List<TrackFormat> formats, List<PacketStamp> packets) {
  public TrackPackets {
    formats = List.copyOf(formats);
    packets = List.copyOf(packets);
    if (formats.isEmpty()) {
      throw new IllegalArgumentException("a track without a format [index=" + index + "]");
    }
  }

  public boolean isVideo() {
    return formats.getFirst().codec().isVideo();
  }

  /** The packets of one epoch. */
  TrackPackets ofEpoch(int epoch) {
    return new TrackPackets(
        index, formats, packets.stream().filter(p -> p.epoch() == epoch).toList());
  }
}
