package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.bitstream.NalUnits;
import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.ring.RingCursor;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Puts the parameter sets of H.264 and H.265 in front of keyframes where a track's configuration
 * changes: each configuration has its sample entry, too, but browsers look at the first one only.
 * Those before the change have theirs as well: who has read past it and goes back has only the new
 * ones in force, under the same ids. No state.
 *
 * <p>A sample that is planned longer than its packet has them; see {@link #copy}.
 */
final class ParameterSets {
  private static final int LENGTH_BYTES = 4;

  private ParameterSets() {}

  /** Length of what goes in front of a keyframe. */
  static int lengthBytes(TrackFormat format) {
    return format instanceof VideoFormat video
        ? NalUnits.ofConfig(video).stream().mapToInt(unit -> LENGTH_BYTES + unit.length()).sum()
        : 0;
  }

  /** The packet with room for them. */
  static PacketStamp inFrontOf(PacketStamp packet, TrackFormat format) {
    return packet.isKeyframe() ? packet.longer(lengthBytes(format)) : packet;
  }

  /** The packets of a track, each with room for its own. */
  static List<PacketStamp> inFrontOf(List<PacketStamp> packets, List<TrackFormat> formats) {
    return packets.stream()
        .map(packet -> inFrontOf(packet, formats.get(packet.formatIndex())))
        .toList();
  }

  /**
   * Copies the cursor's payload, with the parameter sets in force in front where the sample is
   * longer by them.
   *
   * @param sizeBytes of the sample as planned
   * @throws HalcyonException RING_OVERRUN when the payload is gone
   */
  static void copy(RingCursor cursor, int sizeBytes, ByteBuffer target) {
    put(cursor.trackConfiguration().format(), sizeBytes - cursor.payloadLength(), target);
    if (!cursor.copyPayload(target)) {
      throw RingCutter.overrun();
    }
  }

  /**
   * @param spareBytes that a sample is longer than its packet: none, or their length
   */
  static void put(TrackFormat format, int spareBytes, ByteBuffer target) {
    if (spareBytes == 0) {
      return;
    }
    if (spareBytes != lengthBytes(format)) {
      throw new HalcyonException(
          ErrorCode.INTERNAL, "a sample is not as long as planned [spareBytes=" + spareBytes + "]");
    }
    for (Bytes unit : NalUnits.ofConfig((VideoFormat) format)) {
      target.putInt(unit.length()).put(unit.asBuffer());
    }
  }
}
