package dev.halcyon.verticles.access;

import dev.halcyon.core.time.Clock;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs media paths, so that a {@code <video>} or a download link works without a header. A
 * signature is HMAC-SHA-256 over the path and its expiry. Any thread.
 */
public final class MediaSignature {
  private static final String MAC = "HmacSHA256";

  /** URLs made within an hour are the same, so that browsers keep what they fetched. */
  private static final long STEP_S = 3_600;

  private final SecretKeySpec key;
  private final long lifetimeS;
  private final Clock clock;

  public MediaSignature(String secret, Duration lifetime, Clock clock) {
    // Another purpose, another key: a token's secret signs no URL.
    byte[] derived =
        mac(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), MAC), "media url");
    this.key = new SecretKeySpec(derived, MAC);
    this.lifetimeS = lifetime.toSeconds();
    this.clock = clock;
  }

  /** {@code path} with {@code ?exp=…&sig=…}. */
  public String sign(String path) {
    long expiresS = Math.ceilDiv(nowS() + lifetimeS, STEP_S) * STEP_S;
    return path + "?exp=" + expiresS + "&sig=" + signature(path, expiresS);
  }

  /** Whether {@code signature} is ours for this path and has not expired. */
  public boolean isValid(String path, String expires, String signature) {
    long expiresS;
    try {
      expiresS = Long.parseLong(expires);
    } catch (NumberFormatException notANumber) {
      return false;
    }
    byte[] expected = signature(path, expiresS).getBytes(StandardCharsets.US_ASCII);
    return MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8))
        && expiresS > nowS();
  }

  private long nowS() {
    return clock.wallUs() / 1_000_000;
  }

  private String signature(String path, long expiresS) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(mac(key, path + '\n' + expiresS));
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
