package dev.halcyon.verticles.api;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.whip.WhipDesk;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;

/**
 * Publishing from a browser: the requests of WHIP (RFC 9725). The stream key is the permission, so
 * that pages of any origin may ask.
 */
final class WhipRoutes {
  /** The contract's operations, and where they are mounted. */
  static final Map<String, Mounted> OPERATIONS =
      Map.of(
          "publishWhip", new Mounted(HttpMethod.POST, "/whip/:key"),
          "publishWhipByBearer", new Mounted(HttpMethod.POST, "/whip"),
          "trickleWhip", new Mounted(HttpMethod.PATCH, "/whip/sessions/:id"),
          "endWhip", new Mounted(HttpMethod.DELETE, "/whip/sessions/:id"));

  private static final String SDP = "application/sdp";
  private static final String FRAGMENT = "application/trickle-ice-sdpfrag";
  private static final long BODY_LIMIT_BYTES = 64 << 10;
  private static final int MAX_KEY_CHARS = 1_024;

  private final WhipDesk desk;
  private final Callers callers;

  /** How an operation is asked for. */
  record Mounted(HttpMethod method, String path) {}

  WhipRoutes(WhipDesk desk, ApiParts parts) {
    this.desk = desk;
    this.callers = new Callers(parts.options());
  }

  void mount(Router router) {
    router.route("/whip").handler(this::allowAnyOrigin);
    router.route("/whip/*").handler(this::allowAnyOrigin);
    Map<String, Handler<RoutingContext>> handlers =
        Map.of(
            "publishWhip", this::publish,
            "publishWhipByBearer", this::publish,
            "trickleWhip", this::trickle,
            "endWhip", this::end);
    OPERATIONS.forEach(
        (operation, mounted) ->
            router
                .route(mounted.method(), mounted.path())
                .handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT_BYTES))
                .handler(handlers.get(operation)));
  }

  /** There is nothing that a browser would send along unasked, as a cookie is. */
  private void allowAnyOrigin(RoutingContext context) {
    HttpServerResponse response = context.response();
    response.putHeader("Access-Control-Allow-Origin", "*");
    response.putHeader("Access-Control-Expose-Headers", "Location, ETag, X-Trace-Id");
    if (!context.request().method().equals(HttpMethod.OPTIONS)) {
      context.next();
      return;
    }
    response
        .putHeader("Access-Control-Allow-Methods", "POST, PATCH, DELETE, OPTIONS")
        .putHeader("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match")
        .putHeader("Access-Control-Max-Age", "600")
        .putHeader("Accept-Post", SDP)
        .putHeader("Accept-Patch", FRAGMENT)
        .setStatusCode(204)
        .end();
  }

  private void publish(RoutingContext context) {
    requireType(context, SDP);
    HttpServerRequest request = context.request();
    String address = callers.address(request);
    String key =
        Optional.ofNullable(context.pathParam("key"))
            .or(() -> Requests.bearer(request))
            .filter(given -> !given.isEmpty() && given.length() <= MAX_KEY_CHARS)
            .orElseThrow(
                () ->
                    new HalcyonException(
                        ErrorCode.UNAUTHORIZED,
                        "the stream key is needed, in the path or as Authorization: Bearer"));
    String sdp = context.body().buffer() == null ? "" : context.body().buffer().toString();
    desk.publish(new WhipDesk.Offer(key, address, isLoopback(address), sdp))
        .onSuccess(answer -> answerOffer(context, answer))
        .onFailure(context::fail);
  }

  private static void answerOffer(RoutingContext context, WhipDesk.Answer answer) {
    context
        .response()
        .setStatusCode(201)
        .putHeader(HttpHeaders.CONTENT_TYPE, SDP)
        .putHeader(HttpHeaders.LOCATION, "/whip/sessions/" + answer.sessionId())
        .putHeader(HttpHeaders.ETAG, answer.tag())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("Accept-Patch", FRAGMENT)
        .end(answer.sdp());
  }

  private void trickle(RoutingContext context) {
    requireType(context, FRAGMENT);
    Optional<String> tag = Optional.ofNullable(context.request().getHeader(HttpHeaders.IF_MATCH));
    byte[] fragment =
        context.body().buffer() == null ? new byte[0] : context.body().buffer().getBytes();
    desk.trickle(context.pathParam("id"), tag, fragment)
        .onSuccess(
            restart ->
                restart.ifPresentOrElse(
                    answer -> answerRestart(context, answer), () -> Requests.answerEmpty(context)))
        .onFailure(context::fail);
  }

  private static void answerRestart(RoutingContext context, WhipDesk.Answer answer) {
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, FRAGMENT)
        .putHeader(HttpHeaders.ETAG, answer.tag())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(answer.sdp());
  }

  private void end(RoutingContext context) {
    desk.end(context.pathParam("id"))
        .onSuccess(ended -> context.response().end())
        .onFailure(context::fail);
  }

  private static void requireType(RoutingContext context, String type) {
    String given = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    String bare = given == null ? "" : given.split(";", 2)[0].strip();
    if (!bare.equalsIgnoreCase(type)) {
      throw new HalcyonException(ErrorCode.UNSUPPORTED_MEDIA, "Content-Type must be " + type);
    }
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.ofLiteral(address).isLoopbackAddress();
    } catch (IllegalArgumentException unknown) {
      return false;
    }
  }
}
