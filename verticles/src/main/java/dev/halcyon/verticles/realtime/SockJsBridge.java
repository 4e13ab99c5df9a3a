package dev.halcyon.verticles.realtime;

import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.verticles.access.Caller;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.bridge.PermittedOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.sockjs.BridgeEvent;
import io.vertx.ext.web.handler.sockjs.SockJSBridgeOptions;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The event-bus bridge at {@code /realtime}: clients may register for {@code stream.{id}} and
 * {@code job.{id}} of their own workspace and send nothing. One event loop.
 */
final class SockJsBridge {
  private static final String STREAM = "stream.";
  private static final String JOB = "job.";
  private static final String ADDRESS = "(?:stream|job)\\.[0-9a-f-]{36}";

  /** What the next one of its kind makes up for. */
  private static final Set<String> DROPPABLE = Set.of("levels", "job.progress");

  private static final String CALLER = "halcyon.realtime.caller";
  private static final int TOKEN_EXPIRED = 4401;
  private static final int TOO_SLOW = 4408;
  private static final long MAX_BODY_BYTES = 64 << 10;
  private static final int MAX_ADDRESSES = 100;
  private static final long FULL_LIMIT_NS = 10_000_000_000L;
  private static final long NEVER = Long.MIN_VALUE;

  private final Vertx vertx;
  private final Realtime realtime;
  private final Map<SockJSSocket, Connection> connections = new HashMap<>();

  /** Whom a socket belongs to, what it listens to, and whether it keeps up. */
  private static final class Connection {
    private final Caller caller;
    private final long expiryTimer;
    private final Set<ClipOrigin> subjects = new LinkedHashSet<>();
    private long fullSinceNs = NEVER;

    Connection(Caller caller, long expiryTimer) {
      this.caller = caller;
      this.expiryTimer = expiryTimer;
    }
  }

  SockJsBridge(Vertx vertx, Realtime realtime) {
    this.vertx = vertx;
    this.realtime = realtime;
  }

  /** Where listeners of a stream or job are told of it and its clips. */
  static String address(ClipOrigin subject) {
    return switch (subject) {
      case ClipOrigin.OfStream stream -> STREAM + stream.id();
      case ClipOrigin.OfJob job -> JOB + job.id();
    };
  }

  void mount(Router router) {
    SockJSHandlerOptions transport = new SockJSHandlerOptions().setRegisterWriteHandler(false);
    SockJSBridgeOptions options =
        new SockJSBridgeOptions()
            .addOutboundPermitted(new PermittedOptions().setAddressRegex(ADDRESS))
            .setMaxHandlersPerSocket(MAX_ADDRESSES)
            .setPingTimeout(60_000);
    Router bridge = SockJSHandler.create(vertx, transport).bridge(options, this::on);
    router.route("/realtime/*").handler(this::authenticate);
    router.post("/realtime/*").handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
    router.route("/realtime/*").subRouter(bridge);
  }

  /** The handshake: nobody gets to the bridge without a valid token. */
  private void authenticate(RoutingContext context) {
    context.request().pause();
    realtime
        .caller(context.request())
        .onSuccess(caller -> context.put(CALLER, caller))
        .onComplete(known -> context.next(), context::fail)
        .onComplete(done -> context.request().resume());
  }

  private void on(BridgeEvent event) {
    switch (event.type()) {
      case SOCKET_CREATED -> open(event);
      case SOCKET_CLOSED -> close(event);
      case REGISTER -> register(event);
      case UNREGISTER -> {
        Connection connection = connections.get(event.socket());
        if (connection != null) {
          connection.subjects.remove(subjectOf(event));
        }
        event.complete(true);
      }
      case RECEIVE -> event.complete(!isLeftOut(event));
      case SEND, PUBLISH -> event.complete(false);
      case SOCKET_IDLE, SOCKET_PING, SOCKET_ERROR, REGISTERED -> event.complete(true);
    }
  }

  private void open(BridgeEvent event) {
    SockJSSocket socket = event.socket();
    Caller caller = socket.routingContext().get(CALLER);
    if (caller == null) {
      event.complete(false);
      return;
    }
    long timer = vertx.setTimer(realtime.untilExpiryMs(caller), fired -> expire(socket));
    connections.put(socket, new Connection(caller, timer));
    event.complete(true);
  }

  private void close(BridgeEvent event) {
    Connection connection = connections.remove(event.socket());
    if (connection != null) {
      vertx.cancelTimer(connection.expiryTimer);
    }
    event.complete(true);
  }

  private void register(BridgeEvent event) {
    Connection connection = connections.get(event.socket());
    ClipOrigin subject = subjectOf(event);
    if (connection == null || subject == null || realtime.hasExpired(connection.caller)) {
      event.complete(false);
      return;
    }
    realtime
        .listenable(connection.caller, subject)
        .onComplete(
            known -> {
              connection.subjects.add(subject);
              event.complete(true);
            },
            refused -> event.complete(false));
  }

  /** While a client does not keep up, some is left out; it is dropped when it never does. */
  private boolean isLeftOut(BridgeEvent event) {
    SockJSSocket socket = event.socket();
    Connection connection = connections.get(socket);
    if (connection == null) {
      return true;
    }
    if (!socket.writeQueueFull()) {
      connection.fullSinceNs = NEVER;
      return false;
    }
    long nowNs = System.nanoTime();
    if (connection.fullSinceNs == NEVER) {
      connection.fullSinceNs = nowNs;
    } else if (nowNs - connection.fullSinceNs > FULL_LIMIT_NS) {
      socket.close(TOO_SLOW, "too slow");
      return true;
    }
    return event.getRawMessage().getValue("body") instanceof JsonObject body
        && DROPPABLE.contains(body.getString("type", ""));
  }

  /** The server stops. */
  void dismissAll() {
    List.copyOf(connections.keySet()).forEach(SockJSSocket::close);
  }

  private void expire(SockJSSocket socket) {
    Connection connection = connections.get(socket);
    if (connection == null) {
      return;
    }
    for (ClipOrigin subject : connection.subjects) {
      JsonObject message =
          new JsonObject()
              .put("type", "rec")
              .put("address", address(subject))
              .put("body", FactSocket.tokenExpired(subject));
      socket.write(message.toBuffer());
    }
    socket.close(TOKEN_EXPIRED, "token expired");
  }

  private static ClipOrigin subjectOf(BridgeEvent event) {
    String address = event.getRawMessage().getString("address", "");
    if (!address.matches(ADDRESS)) {
      return null;
    }
    try {
      UUID id = UUID.fromString(address.substring(address.indexOf('.') + 1));
      return address.startsWith(JOB) ? new ClipOrigin.OfJob(id) : new ClipOrigin.OfStream(id);
    } catch (IllegalArgumentException notAnId) {
      return null;
    }
  }
}
