package dev.halcyon.verticles.api;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.clip.Approval;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipRequested;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipWindow;
import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.store.ClipFilter;
import dev.halcyon.verticles.store.ClipSort;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.StreamStore;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/** Clips: asked for over the bus, read from the store. */
final class ClipRoutes {
  private final StreamStore streams;
  private final ClipStore clips;
  private final Bus bus;
  private final Idempotency idempotency;
  private final ClipJson json;

  ClipRoutes(ApiParts parts) {
    this.streams = parts.streams();
    this.clips = parts.clips();
    this.bus = parts.bus();
    this.idempotency = new Idempotency(parts.idempotency());
    this.json = new ClipJson(parts.signature(), parts.clipPolicy());
  }

  void create(RoutingContext context) {
    Caller caller = permitted(context, Permission.WRITE_CLIPS);
    UUID streamId = Requests.id(context, ErrorCode.STREAM_NOT_FOUND);
    JsonObject body = Requests.body(context);
    ClipWindow window = window(body);
    ClipRequested request =
        new ClipRequested(
            caller.workspaceId(),
            streamId,
            window,
            window instanceof ClipWindow.Last || body.getBoolean("allow_partial", false),
            Optional.ofNullable(body.getString("epochs")).map(Crossing::ofWire),
            body.getString("title", "").strip(),
            0,
            ClipReason.manual(),
            0);
    idempotency.answer(
        context,
        202,
        () ->
            existing(caller, streamId)
                .compose(present -> bus.<Clip>request(Addresses.CLIP_REQUEST, request))
                .map(
                    clip ->
                        new JsonObject()
                            .put("id", clip.id().toString())
                            .put("status", ClipStatus.REQUESTED.wire())));
  }

  private static ClipWindow window(JsonObject body) {
    boolean isLast = body.containsKey("last_s");
    boolean isStreamTime = body.containsKey("from_us") || body.containsKey("to_us");
    boolean isWallClock = body.containsKey("from") || body.containsKey("to");
    if (isLast && !isStreamTime && !isWallClock) {
      return new ClipWindow.Last(Math.max(1, Math.round(body.getDouble("last_s") * 1e6)));
    }
    if (isStreamTime && !isLast && !isWallClock) {
      long fromUs = required(body, "from_us", body.getLong("from_us"));
      long toUs = required(body, "to_us", body.getLong("to_us"));
      requireAscending("from_us", fromUs, "to_us", toUs);
      return new ClipWindow.StreamTime(fromUs, toUs);
    }
    if (isWallClock && !isLast && !isStreamTime) {
      long fromUs = Times.wallUs("from", required(body, "from", body.getString("from")));
      long toUs = Times.wallUs("to", required(body, "to", body.getString("to")));
      requireAscending("from", fromUs, "to", toUs);
      return new ClipWindow.WallClock(fromUs, toUs);
    }
    throw new HalcyonException(
        ErrorCode.BAD_REQUEST, "give exactly one of last_s, from_us with to_us, from with to");
  }

  private static <T> T required(JsonObject body, String field, T value) {
    if (!body.containsKey(field) || value == null) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, field + ": missing");
    }
    return value;
  }

  private static void requireAscending(String fromName, long fromUs, String toName, long toUs) {
    if (toUs <= fromUs) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, toName + ": not after " + fromName);
    }
  }

  void listOfStream(RoutingContext context) {
    Caller caller = permitted(context, Permission.READ_CLIPS);
    UUID streamId = Requests.id(context, ErrorCode.STREAM_NOT_FOUND);
    answerList(
        context, existing(caller, streamId).map(present -> ClipFilter.ofStream(streamId)), caller);
  }

  void list(RoutingContext context) {
    Caller caller = permitted(context, Permission.READ_CLIPS);
    answerList(context, Future.succeededFuture(filter(context)), caller);
  }

  private void answerList(RoutingContext context, Future<ClipFilter> filter, Caller caller) {
    filter
        .compose(known -> clips.list(caller.workspaceId(), known, Requests.page(context)))
        .onSuccess(page -> Requests.answer(context, 200, Requests.pageJson(page, json::of)))
        .onFailure(context::fail);
  }

  private static ClipFilter filter(RoutingContext context) {
    return new ClipFilter(
        Requests.query(context, "deleted").map(Boolean::valueOf).orElse(false)
            ? ClipFilter.Shelf.DELETED
            : ClipFilter.Shelf.KEPT,
        Requests.query(context, "stream", UUID::fromString, "an id"),
        Requests.query(context, "job_id", UUID::fromString, "an id")
            .or(() -> Requests.query(context, "job", UUID::fromString, "an id")),
        Requests.query(context, "status", ClipStatus::ofWire, "a state"),
        Requests.query(context, "approval", Approval::ofWire, "an approval"),
        Requests.queryText(context, "tag"),
        Requests.queryText(context, "q"),
        Requests.query(context, "from").map(text -> Times.instant("from", text)),
        Requests.query(context, "to").map(text -> Times.instant("to", text)),
        Requests.query(context, "min_score", Double::valueOf, "a number")
            .map(OptionalDouble::of)
            .orElse(OptionalDouble.empty()),
        Requests.query(context, "sort").flatMap(ClipSort::ofWire).orElse(ClipSort.NEWEST));
  }

  void get(RoutingContext context) {
    found(context, permitted(context, Permission.READ_CLIPS))
        .onSuccess(clip -> answer(context, json, clip))
        .onFailure(context::fail);
  }

  void versions(RoutingContext context) {
    found(context, permitted(context, Permission.READ_CLIPS))
        .onSuccess(
            clip ->
                Requests.answer(context, 200, new JsonObject().put("data", json.versions(clip))))
        .onFailure(context::fail);
  }

  /** Answers with a clip; its ETag names the revision that a later change is made from. */
  static void answer(RoutingContext context, ClipJson json, Clip clip) {
    context.response().putHeader(HttpHeaders.ETAG, EditConditions.etag(clip));
    Requests.answer(context, 200, json.of(clip));
  }

  private Future<Clip> found(RoutingContext context, Caller caller) {
    UUID id = Requests.id(context, ErrorCode.CLIP_NOT_FOUND);
    return clips
        .byId(caller.workspaceId(), id)
        .map(
            clip ->
                clip.orElseThrow(
                    () ->
                        new HalcyonException(
                            ErrorCode.CLIP_NOT_FOUND, "no clip has the id " + id)));
  }

  /** Fails with STREAM_NOT_FOUND unless the stream is the caller's workspace's. */
  private Future<UUID> existing(Caller caller, UUID streamId) {
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

  private static Caller permitted(RoutingContext context, Permission permission) {
    Caller caller = Requests.caller(context);
    caller.require(permission);
    return caller;
  }
}
