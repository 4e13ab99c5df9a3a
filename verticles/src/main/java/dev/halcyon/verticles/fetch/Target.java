package dev.halcyon.verticles.fetch;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;

/**
 * An address that was checked, with where to connect for it.
 *
 * @param host without brackets
 * @param addresses checked; the only ones to connect to
 */
public record Target(URI uri, String host, int port, boolean isTls, List<InetAddress> addresses) {
  public Target {
    addresses = List.copyOf(addresses);
  }

  /** {@code HOST[:PORT]} as requests name it. */
  String authority() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return port == (isTls ? 443 : 80) ? name : name + ":" + port;
  }

  /** Path and query as requests name them. */
  String pathAndQuery() {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  boolean isSameOrigin(Target other) {
    return host.equalsIgnoreCase(other.host) && port == other.port && isTls == other.isTls;
  }
}
