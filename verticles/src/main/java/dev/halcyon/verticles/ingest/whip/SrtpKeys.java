package dev.halcyon.verticles.ingest.whip;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** What one direction is protected with; session keys are derived from it. Immutable. */
final class SrtpKeys {
  /** RFC 3711, 4.3.2. */
  enum Label {
    RTP_KEY(0),
    RTP_AUTHENTICATION(1),
    RTP_SALT(2),
    RTCP_KEY(3),
    RTCP_AUTHENTICATION(4),
    RTCP_SALT(5);

    private final int id;

    Label(int id) {
      this.id = id;
    }
  }

  private static final int LABEL_AT = 7;
  private static final int BLOCK_BYTES = 16;

  private final SrtpProfile profile;
  private final byte[] masterKey;
  private final byte[] masterSalt;

  SrtpKeys(SrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
    this.profile = profile;
    this.masterKey = masterKey.clone();
    this.masterSalt = masterSalt.clone();
  }

  SrtpProfile profile() {
    return profile;
  }

  /** The keys are used for the whole of a session: its derivation rate is 0. */
  byte[] derive(Label label, int bytes) {
    byte[] iv = Arrays.copyOf(masterSalt, BLOCK_BYTES);
    iv[LABEL_AT] ^= (byte) label.id;
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(masterKey, "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(new byte[bytes]);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every JDK has AES in counter mode", missing);
    }
  }
}
