package dev.halcyon.codecs.session;

/**
 * One whole fragment of a session file. Times are stream time.
 *
 * @param offset where it begins in the file
 * @param lengthBytes with its seal
 * @param isStart whether decoding can begin with it
 * @param seam how it joins the fragment before
 * @param fromUs the earliest pts
 * @param toUs the latest end of a packet
 * @param startUs pts of the packet that arrived first; of the keyframe when {@code isStart}
 * @param startDtsUs its dts
 * @param arrivalUs its arrival, wall clock in microseconds since 1970
 * @param mediaBytes of payload
 */
public record Fragment(
    long offset,
    int lengthBytes,
    boolean isStart,
    Seam seam,
    long fromUs,
    long toUs,
    long startUs,
    long startDtsUs,
    long arrivalUs,
    int packetCount,
    long mediaBytes) {

  long endOffset() {
    return offset + lengthBytes;
  }

  long sealOffset() {
    return endOffset() - SealBox.bytes(packetCount);
  }

  /** The same fragment, joined otherwise. */
  Fragment after(Seam other) {
    return new Fragment(
        offset,
        lengthBytes,
        isStart,
        other,
        fromUs,
        toUs,
        startUs,
        startDtsUs,
        arrivalUs,
        packetCount,
        mediaBytes);
  }

  /**
   * What the seal says, put together.
   *
   * @param packets at least one
   */
  static Fragment of(
      long offset,
      int lengthBytes,
      boolean isStart,
      Seam seam,
      long arrivalUs,
      Iterable<SessionPacket> packets) {
    long fromUs = Long.MAX_VALUE;
    long toUs = Long.MIN_VALUE;
    long startUs = 0;
    long startDtsUs = 0;
    long mediaBytes = 0;
    int count = 0;
    for (SessionPacket packet : packets) {
      fromUs = Math.min(fromUs, packet.ptsUs());
      toUs = Math.max(toUs, packet.ptsUs() + packet.durationUs());
      if (packet.place() == 0) {
        startUs = packet.ptsUs();
        startDtsUs = packet.dtsUs();
      }
      mediaBytes += packet.sizeBytes();
      count++;
    }
    return new Fragment(
        offset,
        lengthBytes,
        isStart,
        seam,
        fromUs,
        toUs,
        startUs,
        startDtsUs,
        arrivalUs,
        count,
        mediaBytes);
  }
}
