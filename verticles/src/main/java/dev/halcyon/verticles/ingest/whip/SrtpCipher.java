package dev.halcyon.verticles.ingest.whip;

/**
 * Protects the packets of one direction. Everything happens in place; a packet that is not
 * authentic may be left garbled. One thread.
 */
sealed interface SrtpCipher permits SrtpCounterCipher, SrtpGcmCipher {
  /** The packet is not authentic, or too short to be one. */
  int REFUSED = -1;

  /** Of RTCP, in the clear: its first word, and who sends it. */
  int RTCP_HEADER_BYTES = 8;

  /** {@code E} and the index of a control packet. */
  int RTCP_INDEX_BYTES = 4;

  static SrtpCipher of(SrtpKeys keys) {
    return switch (keys.profile()) {
      case AEAD_AES_128_GCM -> new SrtpGcmCipher(keys);
      case AES128_CM_HMAC_SHA1_80 -> new SrtpCounterCipher(keys);
    };
  }

  /** By how much a protected RTP packet is longer. */
  int tagBytes();

  /**
   * @param headerBytes of the packet, which stay in the clear
   * @param index 48 bits: how often the sequence numbers wrapped, and the number
   * @return the length of what is left, or {@link #REFUSED}
   */
  int openRtp(byte[] packet, int length, int headerBytes, int ssrc, long index);

  /** The other way; the array has room for the tag. */
  int sealRtp(byte[] packet, int length, int headerBytes, int ssrc, long index);

  /**
   * @return the length of what is left, or {@link #REFUSED}
   */
  int openRtcp(byte[] packet, int length);

  /** The other way; the array has room for the tag and the index. */
  int sealRtcp(byte[] packet, int length, int index);
}
