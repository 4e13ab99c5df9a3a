package dev.halcyon.verticles.ingest;

import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetServerOptions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** How servers for publishers listen. No state. */
public final class PublisherListen {
  private static final long HANDSHAKE_S = 5;

  private PublisherListen() {}

  /**
   * @param certificate with it the server speaks TLS only
   */
  public static NetServerOptions options(Optional<KeyCertOptions> certificate) {
    NetServerOptions options = new NetServerOptions().setTcpKeepAlive(true).setTcpNoDelay(true);
    certificate.ifPresent(
        shown ->
            options
                .setSsl(true)
                .setKeyCertOptions(shown)
                .setSslHandshakeTimeout(HANDSHAKE_S)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS));
    return options;
  }
}
