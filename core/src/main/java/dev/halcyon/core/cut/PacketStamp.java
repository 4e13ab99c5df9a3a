package dev.halcyon.core.cut;

/**
 * What cut planning knows of one packet. Times are stream time.
 *
 * @param ptsUs presentation time
 * @param dtsUs decoding time
 * @param durationUs 0 when unknown
 * @param isKeyframe decoding may begin here
 * @param epoch the epoch it belongs to
 * @param formatIndex index into {@link TrackPackets#formats()} of the configuration in force
 * @param position where its payload is; opaque to planning, given back in the plan; {@link #MADE}
 *     for silence that is not in the stream
 * @param sizeBytes payload length, with what a file has in front of it
 */
public record PacketStamp(
    long ptsUs,
    long dtsUs,
    long durationUs,
    boolean isKeyframe,
    int epoch,
    int formatIndex,
    long position,
    int sizeBytes) {
  /** Times beyond this (about 146 years) are refused so that sums cannot overflow. */
  public static final long MAX_TIME_US = 1L << 52;

  /** In place of a position: {@link dev.halcyon.core.media.SilentPacket} has the payload. */
  public static final long MADE = -1;

  public PacketStamp {
    if (Math.abs(ptsUs) > MAX_TIME_US || Math.abs(dtsUs) > MAX_TIME_US) {
      throw new IllegalArgumentException(
          "stamp out of range [ptsUs=" + ptsUs + ", dtsUs=" + dtsUs + "]");
    }
    if (durationUs < 0 || durationUs > MAX_TIME_US || sizeBytes < 0 || formatIndex < 0) {
      throw new IllegalArgumentException(
          "packet out of range [durationUs="
              + durationUs
              + ", sizeBytes="
              + sizeBytes
              + ", formatIndex="
              + formatIndex
              + "]");
    }
  }

  /** The same packet of another list of configurations. */
  PacketStamp withFormat(int otherIndex) {
    return otherIndex == formatIndex
        ? this
        : new PacketStamp(
            ptsUs, dtsUs, durationUs, isKeyframe, epoch, otherIndex, position, sizeBytes);
  }

  /** Silence of the same track, so much later. */
  PacketStamp silence(long laterUs, int bytes) {
    return new PacketStamp(
        ptsUs + laterUs, dtsUs + laterUs, 0, true, epoch, formatIndex, MADE, bytes);
  }

  public boolean isMade() {
    return position == MADE;
  }

  /** The same packet, at which decoding does not begin. */
  public PacketStamp notKeyframe() {
    return isKeyframe
        ? new PacketStamp(ptsUs, dtsUs, durationUs, false, epoch, formatIndex, position, sizeBytes)
        : this;
  }

  /** The same packet, with so many bytes in front of its payload. */
  public PacketStamp longer(int moreBytes) {
    return moreBytes == 0
        ? this
        : new PacketStamp(
            ptsUs,
            dtsUs,
            durationUs,
            isKeyframe,
            epoch,
            formatIndex,
            position,
            sizeBytes + moreBytes);
  }
}
