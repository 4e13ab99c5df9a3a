package dev.halcyon.core.cut;

import dev.halcyon.core.media.TrackFormat;
import java.util.List;

/**
 * The packets of one track that a cut may draw from: in decoding order, from a keyframe at or
 * before the window (for sound: from half a second before it) to at least the packet that closed
 * the window.
 *
 * @param index the track's index in its epoch
 * @param epoch in which the track was announced; packets may be of later ones, too
 * @param formats the configurations that the packets refer to, all of one kind and codec
 * @param packets none where it gave nothing
 */
public record TrackPackets(
    int index, int epoch, List<TrackFormat> formats, List<PacketStamp> packets) {
  /** A track that gave packets is taken for one of its first packet's epoch. */
  public TrackPackets(int index, List<TrackFormat> formats, List<PacketStamp> packets) {
    this(index, packets.isEmpty() ? 0 : packets.getFirst().epoch(), formats, packets);
  }

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

  boolean isOf(int asked) {
    return epoch == asked || packets.stream().anyMatch(packet -> packet.epoch() == asked);
  }

  /** The same track with other packets of it. */
  public TrackPackets withPackets(List<PacketStamp> others) {
    return new TrackPackets(index, epoch, formats, others);
  }

  /** The packets of one epoch. */
  TrackPackets ofEpoch(int asked) {
    return new TrackPackets(
        index, asked, formats, packets.stream().filter(p -> p.epoch() == asked).toList());
  }
}
