package dev.halcyon.verticles.ingest.whip;

import java.util.List;
import java.util.Objects;

/**
 * Where WebRTC publishers send media and what they may.
 *
 * @param host address to bind
 * @param port UDP and TCP, 0 for any free one
 * @param publicAddresses where publishers reach the port; empty: at the addresses of this machine
 * @param maxSessions of this node
 * @param maxSessionsPerAddress of one address that asks over HTTP
 * @param handshakeTimeoutMs from the offer to keys that are agreed
 * @param idleTimeoutMs a publisher that sends nothing for this time is gone
 * @param keyframeIntervalMs a publisher is asked for a keyframe when its last is so long ago
 */
public record WhipOptions(
    String host,
    int port,
    List<String> publicAddresses,
    int maxSessions,
    int maxSessionsPerAddress,
    long handshakeTimeoutMs,
    long idleTimeoutMs,
    long keyframeIntervalMs) {
  public static final int DEFAULT_PORT = 8189;

  public WhipOptions {
    Objects.requireNonNull(host, "host");
    publicAddresses = List.copyOf(publicAddresses);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port out of range [port=" + port + "]");
    }
    if (maxSessions < 1 || maxSessionsPerAddress < 1) {
      throw new IllegalArgumentException(
          "no session allowed [maxSessions="
              + maxSessions
              + ", maxSessionsPerAddress="
              + maxSessionsPerAddress
              + "]");
    }
    if (handshakeTimeoutMs < 1 || idleTimeoutMs < 1 || keyframeIntervalMs < 1) {
      throw new IllegalArgumentException(
          "no time allowed [handshakeTimeoutMs="
              + handshakeTimeoutMs
              + ", idleTimeoutMs="
              + idleTimeoutMs
              + ", keyframeIntervalMs="
              + keyframeIntervalMs
              + "]");
    }
  }

  /** The defaults on this address. */
  public static WhipOptions listeningOn(String host, int port) {
    return new WhipOptions(host, port, List.of(), 1_000, 50, 15_000, 15_000, 2_000);
  }
}
