package dev.halcyon.verticles.access;

import dev.halcyon.core.time.Clock;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs the URLs that files are put to: HMAC-SHA-256 over all that was agreed on, so that another
 * file than that is known without asking the database. Any thread.
 */
public final class UploadSignature {
  private static final String MAC = "HmacSHA256";

  private final SecretKeySpec key;
  private final Clock clock;

  public UploadSignature(String secret, Clock clock) {
    // Another purpose, another key: a media URL's signature is none of an upload.
    byte[] derived =
        mac(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), MAC), "upload url");
    this.key = new SecretKeySpec(derived, MAC);
    this.clock = clock;
  }

  /**
   * What may be put.
   *
   * @param contentType in lower case, without parameters
   */
  public record Agreed(UUID id, long sizeBytes, String contentType, Instant expiresAt) {}

  /** What a URL is worth for what is about to be put to it. */
  public enum Verdict {
    VALID,
    /** It was not made here, or not for a file of this size and type. */
    FORGED,
    EXPIRED
  }

  /** The query of the URL. */
  public String query(Agreed agreed) {
    long expiresS = agreed.expiresAt().getEpochSecond();
    return "exp=" + expiresS + "&sig=" + signature(agreed, expiresS);
  }

  /**
   * Judges a URL; an expired one only when it was genuine.
   *
   * @param agreed what is about to be put; its expiry does not matter
   */
  public Verdict judge(Agreed agreed, String expires, String signature) {
    long expiresS;
    try {
      expiresS = Long.parseLong(expires);
    } catch (NumberFormatException notANumber) {
      return Verdict.FORGED;
    }
    byte[] expected = signature(agreed, expiresS).getBytes(StandardCharsets.US_ASCII);
    if (!MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8))) {
      return Verdict.FORGED;
    }
    return expiresS > clock.now().getEpochSecond() ? Verdict.VALID : Verdict.EXPIRED;
  }

  private String signature(Agreed agreed, long expiresS) {
    String text =
        String.join(
            "\n",
            agreed.id().toString(),
            String.valueOf(agreed.sizeBytes()),
            agreed.contentType(),
            String.valueOf(expiresS));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(mac(key, text));
  }

  private static byte[] mac(SecretKeySpec key, String text) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException("this JDK has no " + MAC, failure);
    }
  }
}
