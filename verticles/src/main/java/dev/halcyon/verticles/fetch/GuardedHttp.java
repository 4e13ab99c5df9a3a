package dev.halcyon.verticles.fetch;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;

/**
 * Gets what a user names over HTTP/1.1, and only from where the {@link AddressGuard} allows: each
 * redirect is checked like the first address, and the connection goes to the address that was
 * checked. Blocking; any thread.
 */
public final class GuardedHttp {
  private static final String AGENT = "Halcyon";

  private final AddressGuard guard;
  private final HttpLimits limits;
  private final SSLSocketFactory tls;

  public GuardedHttp(AddressGuard guard) {
    this(guard, HttpLimits.DEFAULT, (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  /**
   * @param tls whom it trusts decides who a server is believed to be
   */
  public GuardedHttp(AddressGuard guard, HttpLimits limits, SSLSocketFactory tls) {
    this.guard = Objects.requireNonNull(guard, "guard");
    this.limits = Objects.requireNonNull(limits, "limits");
    this.tls = Objects.requireNonNull(tls, "tls");
  }

  AddressGuard guard() {
    return guard;
  }

  HttpLimits limits() {
    return limits;
  }

  /**
   * Asks, and follows redirects, until something else answers: with whatever status.
   *
   * @param cancellation closes the connection, also while the body is read
   * @throws HalcyonException SOURCE_REFUSED, NETWORK_LOST, CANCELLED
   */
  public HttpReply get(HttpFetch fetch, Cancellation cancellation) {
    Target first = guard.check(fetch.uri());
    Target target = first;
    for (int redirects = 0; redirects <= limits.redirects(); redirects++) {
      HttpReply reply = ask(fetch, target, target.isSameOrigin(first), cancellation);
      Optional<URI> next = redirectOf(reply);
      if (next.isEmpty()) {
        return reply;
      }
      reply.close();
      target = guard.check(next.get());
    }
    throw new HalcyonException(
        ErrorCode.SOURCE_REFUSED, "more than " + limits.redirects() + " redirects");
  }

  private HttpReply ask(
      HttpFetch fetch, Target target, boolean isFirstOrigin, Cancellation cancellation) {
    HttpConnection connection =
        HttpConnection.open(target, fetch.proxy(), tls, limits, cancellation);
    try {
      connection.send(requestOf(fetch, target, isFirstOrigin));
      HttpHead head = HttpHead.read(connection.in(), limits);
      return new HttpReply(target.uri(), head, connection, cancellation);
    } catch (IOException failure) {
      cancellation.forget(connection);
      connection.close();
      cancellation.requireNotCancelled();
      throw new HalcyonException(
          ErrorCode.NETWORK_LOST, target.host() + ": " + failure.getMessage(), failure);
    }
  }

  private static String requestOf(HttpFetch fetch, Target target, boolean isFirstOrigin) {
    StringBuilder head = new StringBuilder(256);
    head.append("GET ").append(target.pathAndQuery()).append(" HTTP/1.1\r\n");
    field(head, "Host", target.authority());
    field(head, "User-Agent", AGENT);
    field(head, "Accept", "*/*");
    field(head, "Accept-Encoding", "identity");
    field(head, "Connection", "close");
    if (fetch.isPart()) {
      String last = fetch.toByte() < 0 ? "" : String.valueOf(fetch.toByte());
      field(head, "Range", "bytes=" + fetch.fromByte() + "-" + last);
      fetch.onlyIfTag().ifPresent(tag -> field(head, "If-Range", tag));
    }
    if (isFirstOrigin) {
      HttpProxy.basic(fetch.uri()).ifPresent(value -> field(head, "Authorization", value));
    }
    return head.append("\r\n").toString();
  }

  private static void field(StringBuilder head, String name, String value) {
    if (value.chars().anyMatch(c -> c < ' ' || c > '~')) {
      throw new HalcyonException(ErrorCode.SOURCE_REFUSED, "characters that no address has");
    }
    head.append(name).append(": ").append(value).append("\r\n");
  }

  /** Where it sends us instead. */
  private static Optional<URI> redirectOf(HttpReply reply) {
    boolean isRedirect =
        switch (reply.status()) {
          case 301, 302, 303, 307, 308 -> true;
          default -> false;
        };
    if (!isRedirect) {
      return Optional.empty();
    }
    try {
      return reply.field("location").map(place -> reply.uri().resolve(place));
    } catch (IllegalArgumentException malformed) {
      reply.close();
      throw new HalcyonException(
          ErrorCode.NETWORK_LOST, "redirected to what is no address", malformed);
    }
  }
}
