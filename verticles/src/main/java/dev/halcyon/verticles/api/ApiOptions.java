package dev.halcyon.verticles.api;

import dev.halcyon.verticles.access.TrustedProxies;
import java.util.Optional;
import java.util.Set;

/**
 * How the HTTP server shows itself.
 *
 * @param host the address to listen on
 * @param port 0 for any free one
 * @param corsOrigins origins of pages that may call the API; empty: only our own page may
 * @param pullSchemes URL schemes of the sources that this node can pull
 * @param maxConnections at once; more are closed as they come
 * @param trustedProxies who is believed when it says whom a request is from
 * @param publicUrl where people reach this server; empty: as the request did
 * @param share what share links may be
 */
public record ApiOptions(
    String host,
    int port,
    Set<String> corsOrigins,
    Set<String> pullSchemes,
    int maxConnections,
    TrustedProxies trustedProxies,
    Optional<String> publicUrl,
    ShareOptions share) {
  /** Under the file descriptors that a service usually has. */
  private static final int DEFAULT_MAX_CONNECTIONS = 10_000;

  public ApiOptions {
    corsOrigins = Set.copyOf(corsOrigins);
    pullSchemes = Set.copyOf(pullSchemes);
  }

  public ApiOptions(
      String host, int port, Set<String> corsOrigins, Set<String> pullSchemes, int maxConnections) {
    this(
        host,
        port,
        corsOrigins,
        pullSchemes,
        maxConnections,
        TrustedProxies.NONE,
        Optional.empty(),
        ShareOptions.DEFAULT);
  }

  public ApiOptions(String host, int port, Set<String> corsOrigins, Set<String> pullSchemes) {
    this(host, port, corsOrigins, pullSchemes, DEFAULT_MAX_CONNECTIONS);
  }

  public ApiOptions(String host, int port) {
    this(host, port, Set.of(), Set.of());
  }
}
