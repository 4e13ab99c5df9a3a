package dev.halcyon.verticles.access;

import dev.halcyon.core.time.Clock;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs the URLs of share links: HMAC-SHA-256 over the playback id and the expiry, by the newest of
 * {@link ShareKeys}. A URL that was not made here, or whose time is over, is known without asking
 * the database. Any thread.
 */
public final class ShareSignature {
  private static final String MAC = "HmacSHA256";

  private final ShareKeys keys;
  private final Clock clock;

  public ShareSignature(ShareKeys keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /** What a URL's parameters are worth. */
  public enum Verdict {
    VALID,
    FORGED,
    EXPIRED
  }

  /** The query of a link's URLs. */
  public String query(UUID playbackId, Instant expiresAt) {
    ShareKeys.Key key = keys.current();
    long expiresS = expiresAt.getEpochSecond();
    return "exp=" + expiresS + "&sig=" + key.name() + '.' + signature(key, playbackId, expiresS);
  }

  /** Judges a URL; an expired one only when it was genuine. */
  public Verdict judge(UUID playbackId, String expires, String signature) {
    int dot = signature.indexOf('.');
    long expiresS;
    try {
      expiresS = Long.parseLong(expires);
    } catch (NumberFormatException notANumber) {
      return Verdict.FORGED;
    }
    boolean isGenuine =
        dot > 0
            && keys.named(signature.substring(0, dot))
                .map(key -> signature(key, playbackId, expiresS))
                .filter(expected -> isEqual(expected, signature.substring(dot + 1)))
                .isPresent();
    if (!isGenuine) {
      return Verdict.FORGED;
    }
    return expiresS > clock.now().getEpochSecond() ? Verdict.VALID : Verdict.EXPIRED;
  }

  /** In the same time wherever they differ. */
  private static boolean isEqual(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.UTF_8));
  }

  private static String signature(ShareKeys.Key key, UUID playbackId, long expiresS) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(HexFormat.of().parseHex(key.secret()), MAC));
      String text = "share\n" + playbackId + '\n' + expiresS;
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException("this JDK has no " + MAC, failure);
    }
  }
}
