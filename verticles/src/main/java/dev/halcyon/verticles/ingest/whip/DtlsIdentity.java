package dev.halcyon.verticles.ingest.whip;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * Who a node is in DTLS: a key on P-256 and a certificate that it signed itself, made at each
 * start. Peers know it by its fingerprint alone, which they were told over HTTP. Any thread.
 */
final class DtlsIdentity {
  /** Nobody looks at it, but it has to be there. */
  private static final Duration VALIDITY = Duration.ofDays(3650);

  private static final X500Name NAME = new X500Name("CN=halcyon");
  private static final SignatureAndHashAlgorithm ECDSA =
      SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa);

  private final byte[] certificate;
  private final AsymmetricKeyParameter privateKey;

  private DtlsIdentity(byte[] certificate, AsymmetricKeyParameter privateKey) {
    this.certificate = certificate;
    this.privateKey = privateKey;
  }

  /** A fresh one. Takes some milliseconds. */
  static DtlsIdentity create(Instant now) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      return new DtlsIdentity(
          certificateOf(pair, now), PrivateKeyFactory.createKey(pair.getPrivate().getEncoded()));
    } catch (GeneralSecurityException | IOException failure) {
      throw new IllegalStateException("every JDK has ECDSA on P-256", failure);
    }
  }

  private static byte[] certificateOf(KeyPair pair, Instant now)
      throws GeneralSecurityException, IOException {
    AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
    generator.setSerialNumber(new ASN1Integer(new BigInteger(63, new SecureRandom())));
    generator.setSignature(algorithm);
    generator.setIssuer(NAME);
    generator.setSubject(NAME);
    generator.setStartDate(new Time(Date.from(now.minus(Duration.ofDays(1)))));
    generator.setEndDate(new Time(Date.from(now.plus(VALIDITY))));
    generator.setSubjectPublicKeyInfo(
        SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
    TBSCertificate content = generator.generateTBSCertificate();
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(content.getEncoded(ASN1Encoding.DER));
    DERSequence signed =
        new DERSequence(
            new ASN1Encodable[] {content, algorithm, new DERBitString(signature.sign())});
    return signed.getEncoded(ASN1Encoding.DER);
  }

  Fingerprint fingerprint() {
    return Fingerprint.of(certificate);
  }

  /** What signs in a handshake. */
  TlsCredentialedSigner signer(TlsContext context, BcTlsCrypto crypto) throws IOException {
    TlsCertificate shown = crypto.createCertificate(certificate);
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        crypto,
        privateKey,
        new Certificate(new TlsCertificate[] {shown}),
        ECDSA);
  }
}
