package dev.halcyon.verticles.ingest.rtmp;

import io.vertx.core.net.KeyCertOptions;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the RTMP server listens and what it allows.
 *
 * @param host address to bind
 * @param port TCP port, 0 for any free one
 * @param app the application name in {@code rtmp://host/app/key}
 * @param maxConnections of this node, all instances of the verticle together
 * @param maxConnectionsPerAddress of one peer address
 * @param publishTimeoutMs a connection that does not publish within this time is closed
 * @param idleTimeoutMs a connection that sends nothing for this time is lost
 * @param certificate with it the server speaks TLS only: RTMPS
 */
public record RtmpOptions(
    String host,
    int port,
    String app,
    int maxConnections,
    int maxConnectionsPerAddress,
    long publishTimeoutMs,
    long idleTimeoutMs,
    RtmpLimits limits,
    Optional<KeyCertOptions> certificate) {
  public static final int DEFAULT_PORT = 1935;

  public RtmpOptions {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(app, "app");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(certificate, "certificate");
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port out of range [port=" + port + "]");
    }
    if (maxConnections < 1 || maxConnectionsPerAddress < 1) {
      throw new IllegalArgumentException(
          "no connection allowed [maxConnections="
              + maxConnections
              + ", maxConnectionsPerAddress="
              + maxConnectionsPerAddress
              + "]");
    }
    if (publishTimeoutMs < 1 || idleTimeoutMs < 1) {
      throw new IllegalArgumentException(
          "no time allowed [publishTimeoutMs="
              + publishTimeoutMs
              + ", idleTimeoutMs="
              + idleTimeoutMs
              + "]");
    }
  }

  /** Without TLS. */
  public RtmpOptions(
      String host,
      int port,
      String app,
      int maxConnections,
      int maxConnectionsPerAddress,
      long publishTimeoutMs,
      long idleTimeoutMs,
      RtmpLimits limits) {
    this(
        host,
        port,
        app,
        maxConnections,
        maxConnectionsPerAddress,
        publishTimeoutMs,
        idleTimeoutMs,
        limits,
        Optional.empty());
  }

  /** The defaults on this address. */
  public static RtmpOptions listeningOn(String host, int port) {
    return new RtmpOptions(host, port, "live", 4_096, 1_024, 10_000, 15_000, RtmpLimits.DEFAULT);
  }
}
