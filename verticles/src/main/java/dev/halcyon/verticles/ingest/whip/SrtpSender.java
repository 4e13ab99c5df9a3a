package dev.halcyon.verticles.ingest.whip;

import java.util.Arrays;

/** Protects the control packets that we send. One thread. */
final class SrtpSender {
  private final SrtpCipher cipher;
  private int rtcpIndex;

  SrtpSender(SrtpKeys keys) {
    cipher = SrtpCipher.of(keys);
  }

  byte[] sealRtcp(byte[] packet) {
    byte[] sealed =
        Arrays.copyOf(packet, packet.length + cipher.tagBytes() + SrtpCipher.RTCP_INDEX_BYTES);
    rtcpIndex = (rtcpIndex + 1) & 0x7fff_ffff;
    cipher.sealRtcp(sealed, packet.length, rtcpIndex);
    return sealed;
  }
}
