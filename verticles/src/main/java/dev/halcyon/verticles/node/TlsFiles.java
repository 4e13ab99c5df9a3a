package dev.halcyon.verticles.node;

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.time.Clock;
import io.vertx.core.net.KeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate and key of the servers, read from their files again when these change: whoever
 * renews them need not start the server anew. {@link #look} blocks and is one thread's; the rest is
 * any thread's.
 */
final class TlsFiles {
  private static final Logger log = LoggerFactory.getLogger(TlsFiles.class);
  private static final long MAX_FILE_BYTES = 1 << 20;

  private final Path certificates;
  private final Path key;
  private final Clock clock;
  private final TlsKeys manager;
  private Content inUse;
  private Content refused;
  private volatile Optional<String> trouble = Optional.empty();

  private record Content(Bytes certificates, Bytes key) {}

  private TlsFiles(Path certificates, Path key, Clock clock) {
    this.certificates = certificates;
    this.key = key;
    this.clock = clock;
    this.inUse = read();
    this.manager = new TlsKeys(identityOf(inUse));
  }

  /**
   * Reads both files. Blocking.
   *
   * @throws ConfigException when they cannot be used; the message says which and why
   */
  static TlsFiles open(Path certificates, Path key, Clock clock) {
    return new TlsFiles(certificates, key, clock);
  }

  /** For servers: what is current when a client comes. */
  KeyCertOptions forServers() {
    return KeyCertOptions.wrap(manager);
  }

  Instant expiry() {
    return manager.current().expiry();
  }

  /** Why the files as they are now are not used. */
  Optional<String> trouble() {
    return trouble;
  }

  /** Takes what the files have become, if it can be used; else goes on with what is in use. */
  void look() {
    Content now;
    try {
      now = read();
    } catch (ConfigException away) {
      refuse(away.getMessage());
      return;
    }
    if (now.equals(inUse)) {
      trouble = Optional.empty();
      refused = null;
      return;
    }
    try {
      TlsIdentity identity = identityOf(now);
      manager.change(identity);
      inUse = now;
      refused = null;
      trouble = Optional.empty();
      log.info("certificate changed [certificate={}, expiry={}]", identity, identity.expiry());
    } catch (ConfigException wrong) {
      // The two files are not written at once: only what stays wrong is told.
      if (now.equals(refused)) {
        refuse(wrong.getMessage());
      }
      refused = now;
    }
  }

  private void refuse(String why) {
    if (!trouble.equals(Optional.of(why))) {
      log.warn("the certificate stays as it was: {}", why);
    }
    trouble = Optional.of(why);
  }

  private TlsIdentity identityOf(Content content) {
    return TlsIdentity.parse(
        content.certificates().toArray(), content.key().toArray(), clock.now());
  }

  private Content read() {
    return new Content(read("tls.cert", certificates), read("tls.key", key));
  }

  private static Bytes read(String name, Path file) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new ConfigException(name + ": " + file + " is too large");
      }
      return Bytes.copyOf(Files.readAllBytes(file));
    } catch (IOException failure) {
      throw new ConfigException(name + ": cannot read " + file + ": " + failure, failure);
    }
  }
}
