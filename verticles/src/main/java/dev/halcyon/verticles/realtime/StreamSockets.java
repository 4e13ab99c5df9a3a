package dev.halcyon.verticles.realtime;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.access.Caller;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/** Plain WebSockets at {@code /ws/stream/{id}?token=…}. One event loop. */
final class StreamSockets {
  private final Vertx vertx;
  private final Realtime realtime;
  private final StreamListeners listeners;

  StreamSockets(Vertx vertx, Realtime realtime, StreamListeners listeners) {
    this.vertx = vertx;
    this.realtime = realtime;
    this.listeners = listeners;
  }

  /** Refuses before the upgrade, so that a client sees the status and the error shape. */
  void accept(RoutingContext context) {
    HttpServerRequest request = context.request();
    UUID streamId = id(context);
    request.pause();
    realtime
        .caller(request)
        .compose(caller -> realtime.listenable(caller, streamId).map(caller))
        .compose(caller -> opened(request, streamId, caller))
        .onFailure(
            failure -> {
              request.resume();
              context.fail(failure);
            });
  }

  private Future<StreamSocket> opened(HttpServerRequest request, UUID streamId, Caller caller) {
    if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      return Future.failedFuture(
          new HalcyonException(ErrorCode.BAD_REQUEST, "this address takes WebSockets only"));
    }
    return request.toWebSocket().map(socket -> joined(socket, streamId, caller));
  }

  private StreamSocket joined(ServerWebSocket socket, UUID streamId, Caller caller) {
    StreamSocket listener = new StreamSocket(vertx, socket, streamId);
    listeners.add(streamId, listener);
    listener.open(realtime.untilExpiryMs(caller), () -> listeners.remove(streamId, listener));
    return listener;
  }

  private static UUID id(RoutingContext context) {
    try {
      return UUID.fromString(context.pathParam("id"));
    } catch (IllegalArgumentException notAnId) {
      throw new HalcyonException(ErrorCode.STREAM_NOT_FOUND, "no such stream", notAnId);
    }
  }
}
