package dev.halcyon.codecs.session;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The end of a fragment: what its packets are, to the microsecond, and checksums of all of it. See
 * {@link OwnBox} for its frame. All fields are big-endian.
 *
 * <pre>
 *   body  bytes
 *   0     8      nonce of the file
 *   8     1      seam
 *   9     1      1 when decoding can begin with the fragment
 *   10    2      zero
 *   12    4      length of the fragment: moof, mdat and this box
 *   16    4      length of the moof and of the head of the mdat
 *   20    4      CRC-32C of those
 *   24    8      length of the file that had been forced to the disk before
 *   32    8      arrival of the first packet, wall clock in µs since 1970
 *   40    4      count of packets
 *   44    4      zero
 *   48    32·n   packets, as their payloads lie in the mdat:
 *                  0   1   track
 *                  1   1   1 for a keyframe
 *                  2   2   place in the order of arrival
 *                  4   4   length of the payload
 *                  8   8   pts, stream time in µs
 *                  16  8   dts, stream time in µs
 *                  24  4   duration in µs, 0 when unknown
 *                  28  4   CRC-32C of the payload
 * </pre>
 *
 * @param forcedBytes everything of the file before this was on the disk when the fragment was begun
 * @param packets with their offsets in the file
 */
record SealBox(
    long nonce,
    boolean isStart,
    Seam seam,
    int lengthBytes,
    int headBytes,
    int headCrc,
    long forcedBytes,
    long arrivalUs,
    List<SessionPacket> packets) {
  private static final int FIXED_BYTES = 48;
  private static final int PACKET_BYTES = 32;
  private static final long MAX_U32 = 0xffff_ffffL;

  SealBox {
    packets = List.copyOf(packets);
  }

  /** Length of the box. */
  static int bytes(int packetCount) {
    return OwnBox.FRAME_BYTES + FIXED_BYTES + PACKET_BYTES * packetCount;
  }

  ByteBuffer write() {
    ByteBuffer box = OwnBox.SEAL.begin(FIXED_BYTES + PACKET_BYTES * packets.size());
    box.putLong(nonce).put((byte) seam.id()).put((byte) (isStart ? 1 : 0)).putShort((short) 0);
    box.putInt(lengthBytes).putInt(headBytes).putInt(headCrc);
    box.putLong(forcedBytes).putLong(arrivalUs).putInt(packets.size()).putInt(0);
    for (SessionPacket packet : packets) {
      box.put((byte) packet.track()).put((byte) (packet.isKeyframe() ? 1 : 0));
      box.putShort((short) packet.place());
      box.putInt(packet.sizeBytes()).putLong(packet.ptsUs()).putLong(packet.dtsUs());
      box.putInt((int) Math.min(packet.durationUs(), MAX_U32)).putInt(packet.crc());
    }
    return OwnBox.end(box);
  }

  /**
   * What an intact box says; empty when its numbers do not fit together.
   *
   * @param sealOffset of the box in the file
   */
  static Optional<SealBox> read(ByteBuffer body, long sealOffset) {
    if (body.remaining() < FIXED_BYTES + PACKET_BYTES) {
      return Optional.empty();
    }
    long nonce = body.getLong(0);
    int lengthBytes = body.getInt(12);
    int headBytes = body.getInt(16);
    int count = body.getInt(40);
    long startOffset = sealOffset + bytes(count) - lengthBytes;
    if (body.remaining() != FIXED_BYTES + (long) PACKET_BYTES * count
        || startOffset < 0
        || headBytes < 2 * SessionLayout.BOX_HEAD_BYTES) {
      return Optional.empty();
    }
    List<SessionPacket> packets = new ArrayList<>(count);
    long payloadAt = startOffset + headBytes;
    for (int at = FIXED_BYTES; at < body.remaining(); at += PACKET_BYTES) {
      SessionPacket packet = packet(body, at, payloadAt);
      if (packet.sizeBytes() < 0) {
        return Optional.empty();
      }
      packets.add(packet);
      payloadAt += packet.sizeBytes();
    }
    if (payloadAt != sealOffset) {
      return Optional.empty();
    }
    return Optional.of(
        new SealBox(
            nonce,
            body.get(9) != 0,
            Seam.ofId(body.get(8)),
            lengthBytes,
            headBytes,
            body.getInt(20),
            body.getLong(24),
            body.getLong(32),
            packets));
  }

  private static SessionPacket packet(ByteBuffer body, int at, long payloadAt) {
    return new SessionPacket(
        body.get(at),
        body.get(at + 1) != 0,
        Short.toUnsignedInt(body.getShort(at + 2)),
        body.getLong(at + 8),
        body.getLong(at + 16),
        Integer.toUnsignedLong(body.getInt(at + 24)),
        body.getInt(at + 4),
        body.getInt(at + 28),
        payloadAt);
  }

  Fragment fragment(long sealOffset) {
    long offset = sealOffset + bytes(packets.size()) - lengthBytes;
    return Fragment.of(offset, lengthBytes, isStart, seam, arrivalUs, packets);
  }
}
