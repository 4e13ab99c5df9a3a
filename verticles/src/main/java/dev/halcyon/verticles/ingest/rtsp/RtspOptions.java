package dev.halcyon.verticles.ingest.rtsp;

import io.vertx.core.net.KeyCertOptions;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the RTSP server listens and what it allows.
 *
 * @param host address to bind, also for UDP
 * @param port TCP port, 0 for any free one
 * @param app the first part of the path in {@code rtsp://host/app/key}
 * @param udpPorts for media over UDP, two a track
 * @param reorderWaitMs how long a packet that came over UDP waits for those before it
 * @param maxConnections of this node, all instances of the verticle together
 * @param maxConnectionsPerAddress of one peer address
 * @param publishTimeoutMs a connection that does not publish within this time is closed
 * @param idleTimeoutMs a connection that sends nothing for this time is lost
 * @param certificate with it the server speaks TLS only, and takes media over the connection only
 */
public record RtspOptions(
    String host,
    int port,
    String app,
    PortRange udpPorts,
    long reorderWaitMs,
    int maxConnections,
    int maxConnectionsPerAddress,
    long publishTimeoutMs,
    long idleTimeoutMs,
    Optional<KeyCertOptions> certificate) {
  public static final int DEFAULT_PORT = 8554;

  /** Both inclusive; none when the last is below the first. */
  public record PortRange(int first, int last) {
    /** No media over UDP. */
    public static final PortRange NONE = new PortRange(1, 0);

    public PortRange {
      if (first < 1 || first > 65_535 || last < 0 || last > 65_535) {
        throw new IllegalArgumentException(
            "ports out of range [first=" + first + ", last=" + last + "]");
      }
    }
  }

  public RtspOptions {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(app, "app");
    Objects.requireNonNull(udpPorts, "udpPorts");
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
    if (publishTimeoutMs < 1 || idleTimeoutMs < 1 || reorderWaitMs < 1) {
      throw new IllegalArgumentException(
          "no time allowed [publishTimeoutMs="
              + publishTimeoutMs
              + ", idleTimeoutMs="
              + idleTimeoutMs
              + ", reorderWaitMs="
              + reorderWaitMs
              + "]");
    }
  }

  /** Without TLS. */
  public RtspOptions(
      String host,
      int port,
      String app,
      PortRange udpPorts,
      long reorderWaitMs,
      int maxConnections,
      int maxConnectionsPerAddress,
      long publishTimeoutMs,
      long idleTimeoutMs) {
    this(
        host,
        port,
        app,
        udpPorts,
        reorderWaitMs,
        maxConnections,
        maxConnectionsPerAddress,
        publishTimeoutMs,
        idleTimeoutMs,
        Optional.empty());
  }

  /** The defaults on this address. */
  public static RtspOptions listeningOn(String host, int port, PortRange udpPorts) {
    return new RtspOptions(host, port, "live", udpPorts, 100, 4_096, 1_024, 10_000, 15_000);
  }
}
