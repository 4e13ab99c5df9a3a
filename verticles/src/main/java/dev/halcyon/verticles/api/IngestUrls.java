package dev.halcyon.verticles.api;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where publishers reach this node; a protocol without a port is not served.
 *
 * @param publicHost the name that publishers use; empty: the one that the API was called by
 * @param whipPort of the HTTP signalling
 * @param secure those that are served by TLS
 */
public record IngestUrls(
    Optional<String> publicHost,
    OptionalInt rtmpPort,
    OptionalInt rtspPort,
    OptionalInt whipPort,
    Secure secure) {
  /**
   * Ports of the servers with TLS.
   *
   * @param httpsPort WHIP is told there: browsers publish only from secure pages, which call
   *     nothing else
   */
  public record Secure(OptionalInt rtmpsPort, OptionalInt rtspsPort, OptionalInt httpsPort) {
    public static final Secure NONE =
        new Secure(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
  }

  /** Without TLS. */
  public IngestUrls(
      Optional<String> publicHost,
      OptionalInt rtmpPort,
      OptionalInt rtspPort,
      OptionalInt whipPort) {
    this(publicHost, rtmpPort, rtspPort, whipPort, Secure.NONE);
  }

  /**
   * @param requestHost a name or an address; IPv6 in brackets
   */
  JsonObject of(String requestHost, String streamKey) {
    String host = publicHost.orElse(requestHost);
    return new JsonObject()
        .put("rtmp", url("rtmp", host, rtmpPort, "/live/" + streamKey))
        .put("rtsp", url("rtsp", host, rtspPort, "/live/" + streamKey))
        .put("rtmps", url("rtmps", host, secure.rtmpsPort(), "/live/" + streamKey))
        .put("rtsps", url("rtsps", host, secure.rtspsPort(), "/live/" + streamKey))
        .put("whip", whip(host, "/whip/" + streamKey))
        .putNull("srt");
  }

  private String whip(String host, String path) {
    boolean isSecure = whipPort.isPresent() && secure.httpsPort().isPresent();
    return isSecure
        ? url("https", host, secure.httpsPort(), path)
        : url("http", host, whipPort, path);
  }

  private static String url(String scheme, String host, OptionalInt port, String path) {
    return port.isPresent() ? scheme + "://" + host + ":" + port.getAsInt() + path : null;
  }
}
