package dev.halcyon.verticles.ingest.whip;

import static dev.halcyon.verticles.ingest.whip.SrtpKeys.Label.RTCP_AUTHENTICATION;
import static dev.halcyon.verticles.ingest.whip.SrtpKeys.Label.RTCP_KEY;
import static dev.halcyon.verticles.ingest.whip.SrtpKeys.Label.RTCP_SALT;
import static dev.halcyon.verticles.ingest.whip.SrtpKeys.Label.RTP_AUTHENTICATION;
import static dev.halcyon.verticles.ingest.whip.SrtpKeys.Label.RTP_KEY;
import static dev.halcyon.verticles.ingest.whip.SrtpKeys.Label.RTP_SALT;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES in counter mode with an HMAC-SHA1 of 80 bits (RFC 3711, 4.1.1 and 4.2.1).
 *
 * <pre>
 *   SRTP    header | encrypted payload | tag:80
 *   SRTCP   header:64 | encrypted | E:1 index:31 | tag:80
 * </pre>
 */
final class SrtpCounterCipher implements SrtpCipher {
  private static final int TAG_BYTES = 10;
  private static final int AUTHENTICATION_KEY_BYTES = 20;
  private static final int SALT_BYTES = 14;
  private static final int BLOCK_BYTES = 16;

  private final Half rtp;
  private final Half rtcp;
  private final byte[] word = new byte[4];

  /** The keys of RTP, or of RTCP. */
  private static final class Half {
    private final Cipher cipher;
    private final SecretKeySpec key;
    private final byte[] salt;
    private final Mac mac;

    Half(byte[] key, byte[] salt, byte[] authenticationKey) throws GeneralSecurityException {
      this.cipher = Cipher.getInstance("AES/CTR/NoPadding");
      this.key = new SecretKeySpec(key, "AES");
      this.salt = salt;
      this.mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(authenticationKey, "HmacSHA1"));
    }

    /** 4.1.1: IV = salt · 2^16 ⊕ SSRC · 2^64 ⊕ index · 2^16. */
    void crypt(byte[] packet, int from, int to, int ssrc, long index)
        throws GeneralSecurityException {
      byte[] iv = Arrays.copyOf(salt, BLOCK_BYTES);
      ByteBuffer in = ByteBuffer.wrap(iv);
      in.putInt(4, in.getInt(4) ^ ssrc);
      in.putLong(8, in.getLong(8) ^ index << 16);
      cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
      cipher.doFinal(packet, from, to - from, packet, from);
    }
  }

  SrtpCounterCipher(SrtpKeys keys) {
    int keyBytes = keys.profile().keyBytes;
    try {
      rtp =
          new Half(
              keys.derive(RTP_KEY, keyBytes),
              keys.derive(RTP_SALT, SALT_BYTES),
              keys.derive(RTP_AUTHENTICATION, AUTHENTICATION_KEY_BYTES));
      rtcp =
          new Half(
              keys.derive(RTCP_KEY, keyBytes),
              keys.derive(RTCP_SALT, SALT_BYTES),
              keys.derive(RTCP_AUTHENTICATION, AUTHENTICATION_KEY_BYTES));
    } catch (GeneralSecurityException missing) {
      throw unavailable(missing);
    }
  }

  private static IllegalStateException unavailable(GeneralSecurityException missing) {
    return new IllegalStateException("every JDK has AES and HMAC-SHA1", missing);
  }

  @Override
  public int tagBytes() {
    return TAG_BYTES;
  }

  @Override
  public int openRtp(byte[] packet, int length, int headerBytes, int ssrc, long index) {
    int end = length - TAG_BYTES;
    if (end < headerBytes || !isTag(packet, end, rtpTag(packet, end, index))) {
      return REFUSED;
    }
    crypt(rtp, packet, headerBytes, end, ssrc, index);
    return end;
  }

  @Override
  public int sealRtp(byte[] packet, int length, int headerBytes, int ssrc, long index) {
    crypt(rtp, packet, headerBytes, length, ssrc, index);
    System.arraycopy(rtpTag(packet, length, index), 0, packet, length, TAG_BYTES);
    return length + TAG_BYTES;
  }

  /** 4.2: over the packet and how often its numbers have wrapped. */
  private byte[] rtpTag(byte[] packet, int end, long index) {
    ByteBuffer.wrap(word).putInt(0, (int) (index >>> 16));
    rtp.mac.update(packet, 0, end);
    return rtp.mac.doFinal(word);
  }

  @Override
  public int openRtcp(byte[] packet, int length) {
    int indexAt = length - TAG_BYTES - RTCP_INDEX_BYTES;
    if (indexAt < RTCP_HEADER_BYTES) {
      return REFUSED;
    }
    rtcp.mac.update(packet, 0, indexAt + RTCP_INDEX_BYTES);
    if (!isTag(packet, indexAt + RTCP_INDEX_BYTES, rtcp.mac.doFinal())) {
      return REFUSED;
    }
    ByteBuffer in = ByteBuffer.wrap(packet);
    int index = in.getInt(indexAt);
    if (index < 0) { // Encrypted.
      crypt(rtcp, packet, RTCP_HEADER_BYTES, indexAt, in.getInt(4), index & 0x7fff_ffffL);
    }
    return indexAt;
  }

  @Override
  public int sealRtcp(byte[] packet, int length, int index) {
    ByteBuffer out = ByteBuffer.wrap(packet);
    crypt(rtcp, packet, RTCP_HEADER_BYTES, length, out.getInt(4), index);
    out.putInt(length, index | 0x8000_0000);
    int end = length + RTCP_INDEX_BYTES;
    rtcp.mac.update(packet, 0, end);
    System.arraycopy(rtcp.mac.doFinal(), 0, packet, end, TAG_BYTES);
    return end + TAG_BYTES;
  }

  /** In a time that does not tell how much of it is right. */
  private static boolean isTag(byte[] packet, int at, byte[] computed) {
    int difference = 0;
    for (int i = 0; i < TAG_BYTES; i++) {
      difference |= packet[at + i] ^ computed[i];
    }
    return difference == 0;
  }

  private static void crypt(Half half, byte[] packet, int from, int to, int ssrc, long index) {
    try {
      half.crypt(packet, from, to, ssrc, index);
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException("counter mode takes any bytes", failure);
    }
  }
}
