package dev.halcyon.verticles.fetch;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A proxy that the operator trusts. Everything goes through it by {@code CONNECT} to an address
 * that was checked here: it never looks a name up for us.
 *
 * @param authorization value of {@code Proxy-Authorization}
 */
public record HttpProxy(String host, int port, Optional<String> authorization) {
  /**
   * Reads {@code http://[USER:PASSWORD@]HOST:PORT}.
   *
   * @throws IllegalArgumentException when it is something else; without the password in it
   */
  public static HttpProxy parse(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException malformed) {
      throw notOne();
    }
    if (!"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 1) {
      throw notOne();
    }
    return new HttpProxy(uri.getHost(), uri.getPort(), basic(uri));
  }

  private static IllegalArgumentException notOne() {
    return new IllegalArgumentException("a proxy is http://[USER:PASSWORD@]HOST:PORT");
  }

  /** What a URI's user and password are as a header's value. */
  static Optional<String> basic(URI uri) {
    return Optional.ofNullable(uri.getUserInfo())
        .map(user -> Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)))
        .map(encoded -> "Basic " + encoded);
  }

  @Override
  public String toString() {
    return "HttpProxy[" + host + ":" + port + "]";
  }
}
