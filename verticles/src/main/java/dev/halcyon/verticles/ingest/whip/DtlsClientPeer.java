package dev.halcyon.verticles.ingest.whip;

import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** Our end of a handshake that we begin, because the publisher offered to wait for it. */
final class DtlsClientPeer extends DefaultTlsClient {
  private final BcTlsCrypto crypto;
  private final DtlsTerms terms;
  private SrtpProfile profile;
  private DtlsTerms.Keys keys;

  DtlsClientPeer(BcTlsCrypto crypto, DtlsTerms terms) {
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
  @SuppressWarnings("rawtypes")
  public Hashtable getClientExtensions() throws IOException {
    Hashtable extensions = super.getClientExtensions();
    DtlsTerms.offer(extensions, SrtpProfile.ids());
    return extensions;
  }

  @Override
  public void processServerExtensions(@SuppressWarnings("rawtypes") Hashtable extensions)
      throws IOException {
    super.processServerExtensions(extensions);
    profile = DtlsTerms.best(extensions);
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new TlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate shown) throws IOException {
        terms.requireExpected(shown.getCertificate());
      }

      @Override
      public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
        return terms.identity().signer(context, crypto);
      }
    };
  }
}
