package dev.halcyon.codecs.session;

/**
 * A packet to be recorded. Times are stream time.
 *
 * @param track index of its track
 * @param place in the order in which the range's packets arrived, from 0
 * @param durationUs 0 when unknown
 * @param sizeBytes length of its payload
 * @param position where {@link RangePayloads} finds the payload
 */
public record RangePacket(
    int track,
    boolean isKeyframe,
    int place,
    long ptsUs,
    long dtsUs,
    long durationUs,
    int sizeBytes,
    long position)
    implements TimedPacket {

  /** The same packet, of which it is known now how long it lasts. */
  public RangePacket lasting(long us) {
    return new RangePacket(track, isKeyframe, place, ptsUs, dtsUs, us, sizeBytes, position);
  }
}
