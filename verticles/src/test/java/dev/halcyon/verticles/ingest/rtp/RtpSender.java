package dev.halcyon.verticles.ingest.rtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Writes RTP packets as a sender would: the other side of {@link RtpPacket}. */
final class RtpSender {
  static final int MAX_PAYLOAD_BYTES = 1_200;

  final int payloadType;
  final int clockHz;
  private final int ssrc;
  private final long firstStamp;
  private int sequence;

  RtpSender(int payloadType, int clockHz, int ssrc, int firstSequence, long firstStamp) {
    this.payloadType = payloadType;
    this.clockHz = clockHz;
    this.ssrc = ssrc;
    this.sequence = firstSequence;
    this.firstStamp = firstStamp;
  }

  /** The 32-bit stamp of a time, rounded to the nearest tick. */
  int stamp(long ptsUs) {
    return (int) (firstStamp + Math.floorDiv(ptsUs * clockHz + 500_000, 1_000_000L));
  }

  /** One packet a payload, the last with the marker. */
  List<byte[]> send(long ptsUs, List<byte[]> payloads) {
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < payloads.size(); i++) {
      packets.add(packet(stamp(ptsUs), i == payloads.size() - 1, payloads.get(i)));
    }
    return packets;
  }

  byte[] packet(int stamp, boolean isMarker, byte[] payload) {
    return ByteBuffer.allocate(RtpPacket.HEADER_BYTES + payload.length)
        .put((byte) 0x80)
        .put((byte) ((isMarker ? 0x80 : 0) | payloadType))
        .putShort((short) sequence++)
        .putInt(stamp)
        .putInt(ssrc)
        .put(payload)
        .array();
  }

  /** Says that media of {@code ptsUs} was at this wall clock, microseconds since 1900. */
  byte[] senderReport(long ptsUs, long ntpUs) {
    long fraction = ((ntpUs % 1_000_000) << 32) / 1_000_000;
    return ByteBuffer.allocate(28)
        .put((byte) 0x80)
        .put((byte) 200)
        .putShort((short) 6)
        .putInt(ssrc)
        .putLong((ntpUs / 1_000_000) << 32 | fraction)
        .putInt(stamp(ptsUs))
        .putInt(0)
        .putInt(0)
        .array();
  }
}
