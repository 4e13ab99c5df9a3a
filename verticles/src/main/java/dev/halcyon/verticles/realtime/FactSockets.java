package dev.halcyon.verticles.realtime;

import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.access.Caller;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.function.Function;

/** Plain WebSockets for the facts of one stream or job each. One event loop. */
final class FactSockets {
  private final Vertx vertx;
  private final Realtime realtime;
  private final FactListeners listeners;
  private final Function<UUID, ClipOrigin> kind;
  private final ErrorCode missing;

  /**
   * @param kind what an id in the path means
   * @param missing what to answer to what is no id
   */
  FactSockets(
      Vertx vertx,
      Realtime realtime,
      FactListeners listeners,
      Function<UUID, ClipOrigin> kind,
      ErrorCode missing) {
    this.vertx = vertx;
    this.realtime = realtime;
    this.listeners = listeners;
    this.kind = kind;
    this.missing = missing;
  }

  /** Refuses before the upgrade, so that a client sees the status and the error shape. */
  void accept(RoutingContext context) {
    HttpServerRequest request = context.request();
    ClipOrigin subject = subject(context);
    request.pause();
    realtime
        .caller(request)
        .compose(caller -> realtime.listenable(caller, subject).map(caller))
        .compose(caller -> opened(request, subject, caller))
        .onFailure(
            failure -> {
              request.resume();
              context.fail(failure);
            });
  }

  private Future<FactSocket> opened(HttpServerRequest request, ClipOrigin subject, Caller caller) {
    if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      return Future.failedFuture(
          new HalcyonException(ErrorCode.BAD_REQUEST, "this address takes WebSockets only"));
    }
    return request.toWebSocket().map(socket -> joined(socket, subject, caller));
  }

  private FactSocket joined(ServerWebSocket socket, ClipOrigin subject, Caller caller) {
    FactSocket listener = new FactSocket(vertx, socket, subject);
    listeners.add(subject.id(), listener);
    listener.open(realtime.untilExpiryMs(caller), () -> listeners.remove(subject.id(), listener));
    return listener;
  }

  private ClipOrigin subject(RoutingContext context) {
    try {
      return kind.apply(UUID.fromString(context.pathParam("id")));
    } catch (IllegalArgumentException notAnId) {
      throw new HalcyonException(missing, "no such id", notAnId);
    }
  }
}
