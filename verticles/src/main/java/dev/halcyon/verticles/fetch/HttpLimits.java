package dev.halcyon.verticles.fetch;

import java.time.Duration;

/**
 * What is borne from a server that may be hostile.
 *
 * @param connect how long a connection may take, TLS included
 * @param silence how long nothing may come
 * @param headBytes of one answer's head
 */
public record HttpLimits(Duration connect, Duration silence, int headBytes, int redirects) {
  public static final HttpLimits DEFAULT =
      new HttpLimits(Duration.ofSeconds(10), Duration.ofSeconds(20), 64 << 10, 5);
}
