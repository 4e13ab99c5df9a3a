package dev.halcyon.verticles.fetch;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * What to get.
 *
 * @param fromByte 0 for the beginning
 * @param toByte the last byte; −1 for the end
 * @param onlyIfTag gets a part only of what has this tag still, else all of it
 * @param proxy through which to connect
 */
public record HttpFetch(
    URI uri, long fromByte, long toByte, Optional<String> onlyIfTag, Optional<HttpProxy> proxy) {
  public HttpFetch {
    Objects.requireNonNull(uri, "uri");
    if (fromByte < 0 || (toByte >= 0 && toByte < fromByte)) {
      throw new IllegalArgumentException("no range [from=" + fromByte + ", to=" + toByte + "]");
    }
  }

  public static HttpFetch whole(URI uri) {
    return new HttpFetch(uri, 0, -1, Optional.empty(), Optional.empty());
  }

  public HttpFetch range(long from, long to) {
    return new HttpFetch(uri, from, to, onlyIfTag, proxy);
  }

  public HttpFetch ifTag(Optional<String> tag) {
    return new HttpFetch(uri, fromByte, toByte, tag, proxy);
  }

  public HttpFetch through(Optional<HttpProxy> other) {
    return new HttpFetch(uri, fromByte, toByte, onlyIfTag, other);
  }

  boolean isPart() {
    return fromByte > 0 || toByte >= 0;
  }
}
