package dev.halcyon.verticles.ingest.whip;

import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** Our end of a handshake that the publisher begins: DTLS 1.2, both sides with certificates. */
final class DtlsServerPeer extends DefaultTlsServer {
  private final BcTlsCrypto crypto;
  private final DtlsTerms terms;
  private SrtpProfile profile;
  private DtlsTerms.Keys keys;

  DtlsServerPeer(BcTlsCrypto crypto, DtlsTerms terms) {
    super(crypto);
    this.crypto = crypto;
    this.terms = terms;
  }

  /** After the handshake. */
  DtlsTerms.Keys keys() {
    return keys;
  }

  /** Later they cannot be had any more. */
  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    keys = DtlsTerms.export(context, profile);
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return TlsUtils.getSupportedCipherSuites(crypto, DtlsTerms.CIPHER_SUITES);
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return terms.timeoutMs();
  }

  @Override
  public int getHandshakeResendTimeMillis() {
    return DtlsTerms.RESEND_MS;
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
    return terms.identity().signer(context, crypto);
  }

  @Override
  public CertificateRequest getCertificateRequest() {
    short[] types = {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign};
    return new CertificateRequest(
        types, TlsUtils.getDefaultSupportedSignatureAlgorithms(context), null);
  }

  @Override
  public void notifyClientCertificate(Certificate shown) throws IOException {
    terms.requireExpected(shown);
  }

  @Override
  public void processClientExtensions(@SuppressWarnings("rawtypes") Hashtable extensions)
      throws IOException {
    super.processClientExtensions(extensions);
    profile = DtlsTerms.best(extensions);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Hashtable getServerExtensions() throws IOException {
    Hashtable extensions = super.getServerExtensions();
    DtlsTerms.offer(extensions, profile.id);
    return extensions;
  }
}
