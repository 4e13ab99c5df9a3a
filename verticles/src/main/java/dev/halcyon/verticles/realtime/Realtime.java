package dev.halcyon.verticles.realtime;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.event.ClipEvent;
import dev.halcyon.core.event.StreamEvent;
import dev.halcyon.verticles.access.AccessTokens;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.api.ApiParts;
import dev.halcyon.verticles.api.ClipJson;
import dev.halcyon.verticles.api.Requests;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.store.StreamStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.Optional;
import java.util.UUID;

/**
 * Carries the facts of streams and clips to listeners outside: WebSockets and SockJS. One an HTTP
 * server, on its event loop.
 */
public final class Realtime {
  private final Vertx vertx;
  private final AccessTokens tokens;
  private final StreamStore streams;
  private final EventJson json;
  private final StreamListeners listeners;
  private final SockJsBridge sockJs;
  private final MessageConsumer<StreamEvent> facts;
  private final MessageConsumer<ClipEvent> clipFacts;

  public Realtime(Vertx vertx, ApiParts parts) {
    this.vertx = vertx;
    this.tokens = parts.tokens();
    this.streams = parts.streams();
    this.json = new EventJson(new ClipJson(parts.signature(), parts.clipPolicy()));
    this.listeners = new StreamListeners();
    this.sockJs = new SockJsBridge(vertx, this);
    this.facts = parts.bus().onFact(Addresses.STREAM_EVENT, this::onFact);
    this.clipFacts = parts.bus().onFact(Addresses.CLIP_EVENT, this::onClip);
  }

  /** Adds {@code /ws/stream/:id} and {@code /realtime}. */
  public void mount(Router router) {
    router.get("/ws/stream/:id").handler(new StreamSockets(vertx, this, listeners)::accept);
    sockJs.mount(router);
  }

  /** Written once, whoever listens. */
  private void onFact(StreamEvent event) {
    JsonObject message = json.of(event);
    vertx.eventBus().publish(SockJsBridge.address(event.streamId()), message);
    listeners.tell(
        event.streamId(),
        message::encode,
        event instanceof StreamEvent.LevelsMeasured ? Urgency.DROPPABLE : Urgency.KEPT);
  }

  private void onClip(ClipEvent event) {
    JsonObject message = json.of(event);
    vertx.eventBus().publish(SockJsBridge.address(event.origin()), message);
    listeners.tell(event.origin().id(), message::encode, Urgency.KEPT);
  }

  /**
   * Who shakes hands, by {@code ?token=} or the {@code Authorization} header; fails with
   * UNAUTHORIZED or TOKEN_EXPIRED.
   */
  Future<Caller> caller(HttpServerRequest request) {
    return Optional.ofNullable(request.getParam("token"))
        .or(() -> Requests.bearer(request))
        .map(tokens::verify)
        .orElseGet(
            () ->
                Future.failedFuture(
                    new HalcyonException(
                        ErrorCode.UNAUTHORIZED, "a token is needed: ?token=… or a header")));
  }

  /** Fails with STREAM_NOT_FOUND unless the stream is the caller's workspace's. */
  Future<UUID> listenable(Caller caller, UUID streamId) {
    caller.require(Permission.READ_STREAMS);
    return streams
        .byId(caller.workspaceId(), streamId)
        .map(
            row ->
                row.orElseThrow(
                        () ->
                            new HalcyonException(
                                ErrorCode.STREAM_NOT_FOUND, "no stream has the id " + streamId))
                    .id());
  }

  /** Milliseconds, at least one, until the caller's token expires. */
  long untilExpiryMs(Caller caller) {
    return Math.max(1, tokens.untilExpiryMs(caller));
  }

  boolean hasExpired(Caller caller) {
    return tokens.hasExpired(caller);
  }

  /** Stops listening to the bus and dismisses every listener. */
  public Future<Void> close() {
    listeners.dismissAll();
    sockJs.dismissAll();
    return Future.join(facts.unregister(), clipFacts.unregister()).mapEmpty();
  }
}
