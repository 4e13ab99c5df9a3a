package dev.halcyon.core.cut;

/**
 * A packet with its place on the track's own time line. Ticks are units of the track's timescale;
 * tick 0 is the first copied packet's decoding time.
 *
 * @param packet the packet to copy
 * @param decodeTicks decoding time
 * @param durationTicks distance to the next packet's decoding time, positive
 * @param compositionOffsetTicks presentation time minus decoding time
 */
public record CutSample(
    PacketStamp packet, long decodeTicks, long durationTicks, long compositionOffsetTicks) {
  /** Another packet at the same place. */
  public CutSample withPacket(PacketStamp other) {
    return new CutSample(other, decodeTicks, durationTicks, compositionOffsetTicks);
  }
}
