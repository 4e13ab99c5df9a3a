package dev.halcyon.verticles.node;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Shows each client that comes the certificate that is current then; connections that stand are not
 * touched when it changes. Any thread.
 */
final class TlsKeys extends X509ExtendedKeyManager {
  private volatile Held held;

  /**
   * @param before what a handshake that has begun may still ask for
   */
  private record Held(int number, TlsIdentity identity, Optional<TlsIdentity> before) {
    String alias() {
      return String.valueOf(number);
    }
  }

  TlsKeys(TlsIdentity identity) {
    held = new Held(1, identity, Optional.empty());
  }

  TlsIdentity current() {
    return held.identity();
  }

  /** One thread at a time. */
  void change(TlsIdentity next) {
    held = new Held(held.number() + 1, next, Optional.of(held.identity()));
  }

  private Optional<TlsIdentity> of(String alias) {
    Held now = held;
    if (now.alias().equals(alias)) {
      return Optional.of(now.identity());
    }
    return String.valueOf(now.number() - 1).equals(alias) ? now.before() : Optional.empty();
  }

  private String aliasFor(String keyType) {
    Held now = held;
    return now.identity().key().getAlgorithm().equals(keyType) ? now.alias() : null;
  }

  @Override
  public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
    return aliasFor(keyType);
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return aliasFor(keyType);
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    String alias = aliasFor(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return of(alias).map(found -> found.chain().toArray(X509Certificate[]::new)).orElse(null);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return of(alias).map(TlsIdentity::key).orElse(null);
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return null;
  }

  @Override
  public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
    return null;
  }
}
