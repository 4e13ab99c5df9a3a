package dev.halcyon.verticles.ingest.rtp;

import java.nio.ByteBuffer;

/**
 * A view of one RTP packet (RFC 3550, 5.1), used again for the next. Not thread-safe.
 *
 * <pre>
 *   0 V=2:2 P:1 X:1 CC:4 | 1 M:1 PT:7 | 2 sequence:16 | 4 timestamp:32 | 8 SSRC:32 | 12 CC × CSRC:32
 *   X: profile:16 words:16, words × 4 bytes | payload | P: padding, its last byte counts it
 * </pre>
 */
final class RtpPacket {
  static final int HEADER_BYTES = 12;

  private ByteBuffer bytes;
  private int payloadStart;
  private int payloadEnd;

  /**
   * Looks at a datagram, from position to limit.
   *
   * @return false when it is no RTP packet
   */
  boolean parse(ByteBuffer datagram) {
    int start = datagram.position();
    if (datagram.remaining() < HEADER_BYTES) {
      return false;
    }
    int first = datagram.get(start) & 0xff;
    int payload = start + HEADER_BYTES + 4 * (first & 0xf);
    int end = datagram.limit();
    if (first >> 6 != 2 || payload > end) {
      return false;
    }
    if ((first & 0x10) != 0) {
      if (end - payload < 4) {
        return false;
      }
      payload += 4 + 4 * (datagram.getShort(payload + 2) & 0xffff);
    }
    if ((first & 0x20) != 0 && end > start) {
      int padding = datagram.get(end - 1) & 0xff;
      if (padding == 0) {
        return false;
      }
      end -= padding;
    }
    if (payload > end) {
      return false;
    }
    bytes = datagram;
    payloadStart = payload;
    payloadEnd = end;
    return true;
  }

  boolean isMarker() {
    return (bytes.get(bytes.position() + 1) & 0x80) != 0;
  }

  int payloadType() {
    return bytes.get(bytes.position() + 1) & 0x7f;
  }

  /** 16 bits, which wrap. */
  int sequence() {
    return bytes.getShort(bytes.position() + 2) & 0xffff;
  }

  /** 32 bits, which wrap. */
  int timestamp() {
    return bytes.getInt(bytes.position() + 4);
  }

  int ssrc() {
    return bytes.getInt(bytes.position() + 8);
  }

  /** The whole packet, as it was given. */
  ByteBuffer bytes() {
    return bytes;
  }

  /** A view of the payload, valid as long as the datagram. */
  ByteBuffer payload() {
    return bytes.slice(payloadStart, payloadEnd - payloadStart);
  }
}
