package dev.halcyon.verticles.ingest.rtp;

import java.nio.ByteBuffer;

/** Reads compound RTCP packets (RFC 3550, 6) as far as a receiver needs them. No state. */
final class RtcpReader {
  private static final int HEADER_BYTES = 4;
  private static final int SENDER_REPORT = 200;
  private static final int GOODBYE = 203;
  private static final int FIRST_TYPE = 192;
  private static final int LAST_TYPE = 223;

  private RtcpReader() {}

  /** What is of use. */
  interface Sink {
    /**
     * @param ntp 64 bits: seconds since 1900 and their fraction
     */
    void onSenderReport(int ssrc, long ntp, int rtpStamp);

    void onGoodbye(int ssrc);
  }

  /** Whether a datagram of a port shared by both is RTCP and not RTP (RFC 5761, 4). */
  static boolean isRtcp(ByteBuffer datagram) {
    if (datagram.remaining() < HEADER_BYTES) {
      return false;
    }
    int type = datagram.get(datagram.position() + 1) & 0xff;
    return type >= FIRST_TYPE && type <= LAST_TYPE;
  }

  /**
   * @return false when it is not RTCP, or breaks off; what stood before has been told
   */
  static boolean read(ByteBuffer datagram, Sink sink) {
    int at = datagram.position();
    int limit = datagram.limit();
    while (limit - at >= HEADER_BYTES) {
      int first = datagram.get(at) & 0xff;
      int length = HEADER_BYTES + 4 * (datagram.getShort(at + 2) & 0xffff);
      if (first >> 6 != 2 || length > limit - at) {
        return false;
      }
      switch (datagram.get(at + 1) & 0xff) {
        case SENDER_REPORT -> onReport(datagram.slice(at, length), sink);
        case GOODBYE -> onGoodbye(first & 0x1f, datagram.slice(at, length), sink);
        default -> {}
      }
      at += length;
    }
    return at == limit;
  }

  /** SSRC, NTP time, RTP time; then counts and report blocks. */
  private static void onReport(ByteBuffer report, Sink sink) {
    if (report.remaining() >= 28) {
      sink.onSenderReport(report.getInt(4), report.getLong(8), report.getInt(16));
    }
  }

  private static void onGoodbye(int sources, ByteBuffer goodbye, Sink sink) {
    for (int i = 0; i < sources && 8 + 4 * i <= goodbye.limit(); i++) {
      sink.onGoodbye(goodbye.getInt(4 + 4 * i));
    }
  }
}
