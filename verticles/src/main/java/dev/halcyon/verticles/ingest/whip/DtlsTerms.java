package dev.halcyon.verticles.ingest.whip;

import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.UseSRTPData;

/**
 * What both ends of a DTLS handshake hold to, whichever we are.
 *
 * @param expected the certificate that the peer must show
 * @param timeoutMs for the whole handshake
 */
record DtlsTerms(DtlsIdentity identity, Fingerprint expected, int timeoutMs) {
  /** What is not answered is sent again after this time, then twice, four times as long, … */
  static final int RESEND_MS = 400;

  static final int[] CIPHER_SUITES = {
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
  };

  private static final byte[] NO_MKI = {};

  /** Both directions' keys. */
  record Keys(SrtpKeys ofClient, SrtpKeys ofServer) {}

  /** The peer proves later in the handshake that it has the key to the certificate. */
  void requireExpected(Certificate shown) throws IOException {
    if (shown == null || shown.isEmpty()) {
      throw new TlsFatalAlert(AlertDescription.certificate_required);
    }
    if (!expected.isOf(shown.getCertificateAt(0).getEncoded())) {
      throw new TlsFatalAlert(
          AlertDescription.bad_certificate, "not the certificate of the session description");
    }
  }

  static SrtpProfile best(@SuppressWarnings("rawtypes") Hashtable extensions) throws IOException {
    UseSRTPData offered = TlsSRTPUtils.getUseSRTPExtension(extensions);
    int[] profiles = offered == null ? new int[0] : offered.getProtectionProfiles();
    return SrtpProfile.best(profiles)
        .orElseThrow(
            () ->
                new TlsFatalAlert(AlertDescription.handshake_failure, "no SRTP profile in common"));
  }

  static void offer(@SuppressWarnings("rawtypes") Hashtable extensions, int... profiles)
      throws IOException {
    TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(profiles, NO_MKI));
  }

  /** RFC 5764, 4.2. */
  static Keys export(TlsContext context, SrtpProfile profile) {
    byte[] exported =
        context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, profile.exportedBytes());
    return new Keys(profile.keysOf(true, exported), profile.keysOf(false, exported));
  }
}
