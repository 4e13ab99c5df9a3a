package dev.halcyon.verticles.node;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A certificate with those that vouch for it, and its key. Immutable.
 *
 * @param chain its own first
 */
record TlsIdentity(List<X509Certificate> chain, PrivateKey key) {
  private static final byte[] PROBE = "halcyon".getBytes(StandardCharsets.US_ASCII);

  TlsIdentity {
    chain = List.copyOf(chain);
  }

  /**
   * @param certificates PEM; in any order, as long as those that vouch follow each other
   * @throws ConfigException when they cannot be used, or not at this time
   */
  static TlsIdentity parse(byte[] certificates, byte[] key, Instant now) {
    PrivateKey parsed;
    try {
      parsed = PemKey.parse(key);
    } catch (ConfigException wrong) {
      throw new ConfigException("tls.key: " + wrong.getMessage(), wrong);
    }
    List<X509Certificate> chain = new ArrayList<>();
    try {
      CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(certificates))
          .forEach(certificate -> chain.add((X509Certificate) certificate));
    } catch (CertificateException malformed) {
      throw new ConfigException(
          "tls.cert: not certificates as PEM: " + malformed.getMessage(), malformed);
    }
    if (chain.isEmpty()) {
      throw new ConfigException("tls.cert: there is no certificate in it");
    }
    X509Certificate own =
        chain.stream()
            .filter(certificate -> belong(certificate, parsed))
            .findFirst()
            .orElseThrow(() -> new ConfigException("tls.cert and tls.key do not belong together"));
    chain.remove(own);
    chain.addFirst(own);
    requireValid(own, now);
    return new TlsIdentity(chain, parsed);
  }

  private static void requireValid(X509Certificate certificate, Instant now) {
    Instant end = certificate.getNotAfter().toInstant();
    Instant start = certificate.getNotBefore().toInstant();
    if (now.isAfter(end)) {
      throw new ConfigException("tls.cert has expired on " + end);
    }
    if (now.isBefore(start)) {
      throw new ConfigException("tls.cert is not valid before " + start);
    }
  }

  private static boolean belong(X509Certificate certificate, PrivateKey key) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException otherKind) {
      return false;
    }
  }

  Instant expiry() {
    return chain.getFirst().getNotAfter().toInstant();
  }

  @Override
  public String toString() {
    return "TlsIdentity[" + chain.getFirst().getSubjectX500Principal() + "]";
  }
}
