package dev.halcyon.verticles.ingest.whip;

import static dev.halcyon.verticles.ingest.whip.SrtpKeys.Label.RTCP_KEY;
import static dev.halcyon.verticles.ingest.whip.SrtpKeys.Label.RTCP_SALT;
import static dev.halcyon.verticles.ingest.whip.SrtpKeys.Label.RTP_KEY;
import static dev.halcyon.verticles.ingest.whip.SrtpKeys.Label.RTP_SALT;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES in Galois counter mode (RFC 7714).
 *
 * <pre>
 *   SRTP    header | encrypted payload | tag:128
 *   SRTCP   header:64 | encrypted | tag:128 | E:1 index:31
 *   IV      salt:96 ⊕ (0:16 | SSRC:32 | index:48)      of RTCP the index has 31 bits
 * </pre>
 */
final class SrtpGcmCipher implements SrtpCipher {
  private static final int TAG_BYTES = 16;
  private static final int SALT_BYTES = 12;

  private final Cipher cipher;
  private final SecretKeySpec rtpKey;
  private final SecretKeySpec rtcpKey;
  private final byte[] rtpSalt;
  private final byte[] rtcpSalt;
  private final byte[] index = new byte[RTCP_INDEX_BYTES];

  SrtpGcmCipher(SrtpKeys keys) {
    int keyBytes = keys.profile().keyBytes;
    rtpKey = new SecretKeySpec(keys.derive(RTP_KEY, keyBytes), "AES");
    rtcpKey = new SecretKeySpec(keys.derive(RTCP_KEY, keyBytes), "AES");
    rtpSalt = keys.derive(RTP_SALT, SALT_BYTES);
    rtcpSalt = keys.derive(RTCP_SALT, SALT_BYTES);
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every JDK has AES-GCM", missing);
    }
  }

  @Override
  public int tagBytes() {
    return TAG_BYTES;
  }

  @Override
  public int openRtp(byte[] packet, int length, int headerBytes, int ssrc, long rtpIndex) {
    if (length < headerBytes + TAG_BYTES) {
      return REFUSED;
    }
    init(Cipher.DECRYPT_MODE, rtpKey, rtpSalt, ssrc, rtpIndex);
    cipher.updateAAD(packet, 0, headerBytes);
    return crypt(packet, headerBytes, length);
  }

  @Override
  public int sealRtp(byte[] packet, int length, int headerBytes, int ssrc, long rtpIndex) {
    init(Cipher.ENCRYPT_MODE, rtpKey, rtpSalt, ssrc, rtpIndex);
    cipher.updateAAD(packet, 0, headerBytes);
    return crypt(packet, headerBytes, length);
  }

  /** 9.2: one that is not encrypted is authenticated all the same. */
  @Override
  public int openRtcp(byte[] packet, int length) {
    int indexAt = length - RTCP_INDEX_BYTES;
    if (indexAt < RTCP_HEADER_BYTES + TAG_BYTES) {
      return REFUSED;
    }
    ByteBuffer in = ByteBuffer.wrap(packet);
    int word = in.getInt(indexAt);
    int clearBytes = word < 0 ? RTCP_HEADER_BYTES : indexAt - TAG_BYTES;
    init(Cipher.DECRYPT_MODE, rtcpKey, rtcpSalt, in.getInt(4), word & 0x7fff_ffffL);
    authenticate(packet, clearBytes, word);
    return crypt(packet, clearBytes, indexAt);
  }

  @Override
  public int sealRtcp(byte[] packet, int length, int rtcpIndex) {
    ByteBuffer out = ByteBuffer.wrap(packet);
    int word = rtcpIndex | 0x8000_0000;
    init(Cipher.ENCRYPT_MODE, rtcpKey, rtcpSalt, out.getInt(4), rtcpIndex);
    authenticate(packet, RTCP_HEADER_BYTES, word);
    int end = crypt(packet, RTCP_HEADER_BYTES, length);
    out.putInt(end, word);
    return end + RTCP_INDEX_BYTES;
  }

  private void authenticate(byte[] packet, int clearBytes, int word) {
    ByteBuffer.wrap(index).putInt(0, word);
    cipher.updateAAD(packet, 0, clearBytes);
    cipher.updateAAD(index);
  }

  private void init(int mode, SecretKeySpec key, byte[] salt, int ssrc, long packetIndex) {
    byte[] iv = salt.clone();
    ByteBuffer in = ByteBuffer.wrap(iv);
    in.putInt(2, in.getInt(2) ^ ssrc);
    in.putShort(6, (short) (in.getShort(6) ^ packetIndex >>> 32));
    in.putInt(8, in.getInt(8) ^ (int) packetIndex);
    try {
      cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, iv));
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException("AES-GCM takes this key and IV", failure);
    }
  }

  private int crypt(byte[] packet, int from, int to) {
    try {
      return from + cipher.doFinal(packet, from, to - from, packet, from);
    } catch (AEADBadTagException forged) {
      return REFUSED;
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException("AES-GCM takes any bytes", failure);
    }
  }
}
