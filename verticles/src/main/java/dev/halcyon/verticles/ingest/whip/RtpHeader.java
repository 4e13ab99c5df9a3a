package dev.halcyon.verticles.ingest.whip;

import java.nio.ByteBuffer;
import java.util.OptionalInt;

/** Reads and rewrites headers of RTP packets that were opened, and so are whole. No state. */
final class RtpHeader {
  private static final int FIXED_BYTES = 12;
  private static final int ONE_BYTE_PROFILE = 0xbede;
  private static final int RESERVED_ID = 15;
  private static final int ORIGINAL_SEQUENCE_BYTES = 2;

  private RtpHeader() {}

  static int payloadType(byte[] packet) {
    return packet[1] & 0x7f;
  }

  static int sequence(byte[] packet) {
    return (packet[2] & 0xff) << 8 | (packet[3] & 0xff);
  }

  static int ssrc(byte[] packet) {
    return ByteBuffer.wrap(packet).getInt(8);
  }

  /** The 16 bits of a header extension with one-byte headers (RFC 8285, 4.2). */
  static OptionalInt extension(byte[] packet, int headerBytes, int id) {
    int at = FIXED_BYTES + 4 * (packet[0] & 0x0f);
    ByteBuffer in = ByteBuffer.wrap(packet);
    if ((packet[0] & 0x10) == 0 || (in.getShort(at) & 0xffff) != ONE_BYTE_PROFILE) {
      return OptionalInt.empty();
    }
    at += 4;
    while (at < headerBytes) {
      int head = packet[at] & 0xff;
      int length = (head & 0x0f) + 1;
      if (head == 0) {
        at++;
      } else if (head >>> 4 == RESERVED_ID || at + 1 + length > headerBytes) {
        return OptionalInt.empty();
      } else if (head >>> 4 == id && length == 2) {
        return OptionalInt.of(in.getShort(at + 1) & 0xffff);
      } else {
        at += 1 + length;
      }
    }
    return OptionalInt.empty();
  }

  /**
   * Makes the packet again that was sent again (RFC 4588, 4), in place.
   *
   * @return its length; 0 when there was none in it: publishers probe with padding alone
   */
  static int restore(byte[] packet, int length, int headerBytes, int payloadType, int ssrc) {
    boolean isPadded = (packet[0] & 0x20) != 0;
    int padding = isPadded ? packet[length - 1] & 0xff : 0;
    if (length - headerBytes - padding < ORIGINAL_SEQUENCE_BYTES) {
      return 0;
    }
    packet[1] = (byte) ((packet[1] & 0x80) | payloadType);
    packet[2] = packet[headerBytes];
    packet[3] = packet[headerBytes + 1];
    ByteBuffer.wrap(packet).putInt(8, ssrc);
    int from = headerBytes + ORIGINAL_SEQUENCE_BYTES;
    System.arraycopy(packet, from, packet, headerBytes, length - from);
    return length - ORIGINAL_SEQUENCE_BYTES;
  }
}
