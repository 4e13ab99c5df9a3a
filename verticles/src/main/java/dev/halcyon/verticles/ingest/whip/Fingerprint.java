package dev.halcyon.verticles.ingest.whip;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Which certificate a side will show (RFC 8122): {@code sha-256 12:AB:…}. */
record Fingerprint(String algorithm, String hash) {
  private static final HexFormat HEX = HexFormat.ofDelimiter(":").withUpperCase();
  private static final List<String> ALGORITHMS = List.of("sha-256", "sha-384", "sha-512");

  static Fingerprint of(byte[] certificate) {
    return of("sha-256", certificate);
  }

  private static Fingerprint of(String algorithm, byte[] certificate) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm.toUpperCase(Locale.ROOT));
      return new Fingerprint(algorithm, HEX.formatHex(digest.digest(certificate)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JDK has SHA-2", missing);
    }
  }

  /**
   * @throws HalcyonException BAD_REQUEST
   */
  static Fingerprint parse(String attribute) {
    String[] parts = attribute.strip().split("\\s+", -1);
    if (parts.length != 2 || !ALGORITHMS.contains(parts[0].toLowerCase(Locale.ROOT))) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST, "session description: no fingerprint by any of " + ALGORITHMS);
    }
    return new Fingerprint(parts[0].toLowerCase(Locale.ROOT), parts[1].toUpperCase(Locale.ROOT));
  }

  boolean isOf(byte[] certificate) {
    return of(algorithm, certificate).equals(this);
  }

  @Override
  public String toString() {
    return algorithm + ' ' + hash;
  }
}
