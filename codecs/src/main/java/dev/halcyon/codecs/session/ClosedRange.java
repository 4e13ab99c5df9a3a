package dev.halcyon.codecs.session;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A range of a stream that will not change any more, to become one fragment: usually a GOP with the
 * sound that arrived with it.
 *
 * @param packets at least one, at most {@value #MAX_PACKETS}; track by track, each in decoding
 *     order
 * @param isStart whether decoding can begin with it
 * @param seam how it joins what was recorded before
 * @param arrivalUs wall clock at which its first packet arrived, microseconds since 1970
 */
public record ClosedRange(List<RangePacket> packets, boolean isStart, Seam seam, long arrivalUs) {
  /** The place of a packet is written in 16 bits. */
  public static final int MAX_PACKETS = 1 << 16;

  public ClosedRange {
    Objects.requireNonNull(seam, "seam");
    // A stable sort: each track's packets keep their order.
    packets = packets.stream().sorted(Comparator.comparingInt(RangePacket::track)).toList();
    if (packets.isEmpty() || packets.size() > MAX_PACKETS) {
      throw new IllegalArgumentException("not a range [packets=" + packets.size() + "]");
    }
  }

  long mediaBytes() {
    return packets.stream().mapToLong(RangePacket::sizeBytes).sum();
  }
}
