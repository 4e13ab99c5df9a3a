package dev.halcyon.verticles.ingest.whip;

import static dev.halcyon.verticles.ingest.whip.SrtpCipher.REFUSED;
import static dev.halcyon.verticles.ingest.whip.SrtpCipher.RTCP_INDEX_BYTES;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Opens what the publisher protects, each packet once. One thread. */
final class SrtpReceiver {
  /** A publisher has a handful; each costs memory only after an authentic packet. */
  private static final int MAX_SOURCES = 32;

  private static final int MIN_RTP_BYTES = 12;

  private final SrtpCipher cipher;
  private final int rtcpTrailerBytes;
  private final Map<Integer, ReplayWindow> rtp = new HashMap<>();
  private final Map<Integer, ReplayWindow> rtcp = new HashMap<>();

  SrtpReceiver(SrtpKeys keys) {
    cipher = SrtpCipher.of(keys);
    // GCM has the index last, counter mode before the tag.
    rtcpTrailerBytes =
        switch (keys.profile()) {
          case AEAD_AES_128_GCM -> RTCP_INDEX_BYTES;
          case AES128_CM_HMAC_SHA1_80 -> cipher.tagBytes() + RTCP_INDEX_BYTES;
        };
  }

  /**
   * Opens an RTP packet in place.
   *
   * @return its length, or {@link SrtpCipher#REFUSED}: forged, replayed, or none
   */
  int openRtp(byte[] packet, int length) {
    int headerBytes = headerBytes(packet, length);
    if (headerBytes == REFUSED) {
      return REFUSED;
    }
    ByteBuffer in = ByteBuffer.wrap(packet);
    int ssrc = in.getInt(8);
    ReplayWindow window = window(rtp, ssrc);
    long index = window.indexOf(in.getShort(2) & 0xffff);
    if (!window.isFresh(index)) {
      return REFUSED;
    }
    int opened = cipher.openRtp(packet, length, headerBytes, ssrc, index);
    if (opened != REFUSED) {
      keep(rtp, ssrc, window, index);
    }
    return opened;
  }

  /** The same for a control packet. */
  int openRtcp(byte[] packet, int length) {
    if (length < SrtpCipher.RTCP_HEADER_BYTES + rtcpTrailerBytes) {
      return REFUSED;
    }
    ByteBuffer in = ByteBuffer.wrap(packet);
    int ssrc = in.getInt(4);
    ReplayWindow window = window(rtcp, ssrc);
    long index = in.getInt(length - rtcpTrailerBytes) & 0x7fff_ffffL;
    if (!window.isFresh(index)) {
      return REFUSED;
    }
    int opened = cipher.openRtcp(packet, length);
    if (opened != REFUSED) {
      keep(rtcp, ssrc, window, index);
    }
    return opened;
  }

  private static ReplayWindow window(Map<Integer, ReplayWindow> windows, int ssrc) {
    ReplayWindow known = windows.get(ssrc);
    return known == null ? new ReplayWindow() : known;
  }

  private static void keep(
      Map<Integer, ReplayWindow> windows, int ssrc, ReplayWindow window, long index) {
    if (windows.size() >= MAX_SOURCES && !windows.containsKey(ssrc)) {
      windows.clear(); // The publisher itself plays with its sources; it fools nobody but itself.
    }
    window.take(index);
    windows.put(ssrc, window);
  }

  /** Fixed header, contributing sources, extension (RFC 3550, 5.1 and 5.3.1). */
  static int headerBytes(byte[] packet, int length) {
    if (length < MIN_RTP_BYTES || (packet[0] & 0xc0) != 0x80) {
      return REFUSED;
    }
    int bytes = MIN_RTP_BYTES + 4 * (packet[0] & 0x0f);
    if ((packet[0] & 0x10) != 0) {
      if (length < bytes + 4) {
        return REFUSED;
      }
      bytes += 4 + 4 * (ByteBuffer.wrap(packet).getShort(bytes + 2) & 0xffff);
    }
    return bytes <= length ? bytes : REFUSED;
  }
}
