package dev.halcyon.verticles.realtime;

import static dev.halcyon.core.error.ErrorCode.JOB_NOT_FOUND;
import static dev.halcyon.core.error.ErrorCode.STREAM_NOT_FOUND;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.event.ClipEvent;
import dev.halcyon.core.event.JobEvent;
import dev.halcyon.core.event.StreamEvent;
import dev.halcyon.verticles.access.AccessTokens;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.api.ApiParts;
import dev.halcyon.verticles.api.ClipJson;
import dev.halcyon.verticles.api.Requests;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.store.PostgresJobStore;
import dev.halcyon.verticles.store.StreamStore;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Carries the facts of streams, jobs and clips to listeners outside: WebSockets and SockJS. One an
 * HTTP server, on its event loop.
 */
public final class Realtime {
  private final Vertx vertx;
  private final AccessTokens tokens;
  private final StreamStore streams;
  private final PostgresJobStore jobs;
  private final EventJson json;
  private final FactListeners listeners;
  private final SockJsBridge sockJs;
  private final MessageConsumer<StreamEvent> facts;
  private final MessageConsumer<ClipEvent> clipFacts;
  private final MessageConsumer<JobEvent> jobFacts;

  public Realtime(Vertx vertx, ApiParts parts) {
    this.vertx = vertx;
    this.tokens = parts.tokens();
    this.streams = parts.streams();
    this.jobs = parts.jobs();
    this.json = new EventJson(new ClipJson(parts.signature(), parts.clipPolicy()));
    this.listeners = new FactListeners();
    this.sockJs = new SockJsBridge(vertx, this);
    this.facts = parts.bus().onFact(Addresses.STREAM_EVENT, this::onFact);
    this.clipFacts = parts.bus().onFact(Addresses.CLIP_EVENT, this::onClip);
    this.jobFacts = parts.bus().onFact(Addresses.JOB_EVENT, this::onJob);
  }

  /** Adds {@code /ws/stream/:id}, {@code /ws/jobs/:id} and {@code /realtime}. */
  public void mount(Router router) {
    router.get("/ws/stream/:id").handler(sockets(ClipOrigin.OfStream::new, STREAM_NOT_FOUND));
    router.get("/ws/jobs/:id").handler(sockets(ClipOrigin.OfJob::new, JOB_NOT_FOUND));
    sockJs.mount(router);
  }

  private Handler<RoutingContext> sockets(Function<UUID, ClipOrigin> kind, ErrorCode missing) {
    return new FactSockets(vertx, this, listeners, kind, missing)::accept;
  }

  /** Written once, whoever listens. */
  private void onFact(StreamEvent event) {
    JsonObject message = json.of(event);
    ClipOrigin subject = new ClipOrigin.OfStream(event.streamId());
    vertx.eventBus().publish(SockJsBridge.address(subject), message);
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

  private void onJob(JobEvent event) {
    JsonObject message = JobEventJson.of(event);
    ClipOrigin subject = new ClipOrigin.OfJob(event.jobId());
    vertx.eventBus().publish(SockJsBridge.address(subject), message);
    listeners.tell(
        event.jobId(),
        message::encode,
        event instanceof JobEvent.Progressed ? Urgency.DROPPABLE : Urgency.KEPT);
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

  /** Fails with STREAM_NOT_FOUND or JOB_NOT_FOUND unless it is the caller's workspace's. */
  Future<Void> listenable(Caller caller, ClipOrigin subject) {
    return switch (subject) {
      case ClipOrigin.OfStream stream -> {
        caller.require(Permission.READ_STREAMS);
        yield streams
            .byId(caller.workspaceId(), stream.id())
            .map(row -> required(row, STREAM_NOT_FOUND, "no stream has the id " + stream.id()));
      }
      case ClipOrigin.OfJob job -> {
        caller.require(Permission.READ_JOBS);
        yield jobs.byId(caller.workspaceId(), job.id())
            .map(row -> required(row, JOB_NOT_FOUND, "no job has the id " + job.id()));
      }
    };
  }

  private static Void required(Optional<?> row, ErrorCode missing, String message) {
    if (row.isEmpty()) {
      throw new HalcyonException(missing, message);
    }
    return null;
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
    return Future.join(facts.unregister(), clipFacts.unregister(), jobFacts.unregister())
        .mapEmpty();
  }
}
