package dev.halcyon.verticles.api;

import dev.halcyon.verticles.access.TrustedProxies;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;

/** Where requests come from and under which address they reached us. Any thread. */
final class Callers {
  private static final String NOWHERE = "unknown";

  private final ApiOptions options;

  Callers(ApiOptions options) {
    this.options = options;
  }

  /** The client's address, behind trusted proxies. */
  String address(HttpServerRequest request) {
    return options
        .trustedProxies()
        .clientOf(peer(request), request.headers().getAll("X-Forwarded-For"));
  }

  /** The start of absolute URLs, without a slash at its end. */
  String publicUrl(HttpServerRequest request) {
    return options.publicUrl().orElseGet(() -> scheme(request) + "://" + authority(request));
  }

  private String scheme(HttpServerRequest request) {
    String forwarded = request.getHeader("X-Forwarded-Proto");
    TrustedProxies proxies = options.trustedProxies();
    boolean isTold =
        forwarded != null && forwarded.matches("https?") && proxies.isTrusted(peer(request));
    return isTold ? forwarded : request.scheme();
  }

  private static String authority(HttpServerRequest request) {
    return request.authority() == null
        ? request.localAddress().hostAddress() + ":" + request.localAddress().port()
        : request.authority().toString();
  }

  private static String peer(HttpServerRequest request) {
    SocketAddress peer = request.remoteAddress();
    return peer == null || peer.hostAddress() == null ? NOWHERE : peer.hostAddress();
  }
}
