package dev.halcyon.verticles.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Password hashing with PBKDF2-HMAC-SHA-512 (RFC 8018), stored as {@code
 * pbkdf2-sha512$iterations$salt$hash}. Takes about a tenth of a second of CPU: worker threads only.
 */
public final class Passwords {
  private static final String SCHEME = "pbkdf2-sha512";
  private static final int SALT_BYTES = 16;
  private static final int HASH_BITS = 512;

  private final int iterations;
  private final SecureRandom random = new SecureRandom();
  private final String nobody;

  public Passwords(int iterations) {
    this.iterations = iterations;
    this.nobody = hash("no account has this password");
  }

  public String hash(String password) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    Base64.Encoder encoder = Base64.getEncoder();
    return String.join(
        "$",
        SCHEME,
        Integer.toString(iterations),
        encoder.encodeToString(salt),
        encoder.encodeToString(derive(password, salt, iterations)));
  }

  public boolean matches(String password, String stored) {
    String[] parts = stored.split("\\$", -1);
    if (parts.length != 4 || !parts[0].equals(SCHEME)) {
      throw new IllegalArgumentException("not a password hash of ours");
    }
    Base64.Decoder decoder = Base64.getDecoder();
    byte[] derived = derive(password, decoder.decode(parts[2]), Integer.parseInt(parts[1]));
    return MessageDigest.isEqual(derived, decoder.decode(parts[3]));
  }

  /** Takes as long as {@link #matches}, so that an unknown account is not told by its speed. */
  public boolean matchesNobody(String password) {
    boolean ignored = matches(password, nobody);
    return false;
  }

  private static byte[] derive(String password, byte[] salt, int iterations) {
    PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException("this JDK has no PBKDF2WithHmacSHA512", failure);
    } finally {
      spec.clearPassword();
    }
  }
}
