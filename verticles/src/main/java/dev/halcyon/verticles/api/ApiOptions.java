package dev.halcyon.verticles.api;

import java.util.Set;

/**
 * How the HTTP server shows itself.
 *
 * @param host the address to listen on
 * @param port 0 for any free one
 * @param corsOrigins origins of pages that may call the API; empty: only our own page may
 * @param pullSchemes URL schemes of the sources that this node can pull
 */
public record ApiOptions(String host, int port, Set<String> corsOrigins, Set<String> pullSchemes) {
  public ApiOptions {
    corsOrigins = Set.copyOf(corsOrigins);
    pullSchemes = Set.copyOf(pullSchemes);
  }

  public ApiOptions(String host, int port) {
    this(host, port, Set.of(), Set.of());
  }
}
