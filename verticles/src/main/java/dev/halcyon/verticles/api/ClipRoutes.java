package dev.halcyon.verticles.api;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipRequested;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipWindow;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.store.ClipFilter;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.StreamStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;

/** Clips: asked for over the bus, read from the store. */
final class ClipRoutes {
  private final Vertx vertx;
  private final StreamStore streams;
  private final ClipStore clips;
  private final BlobStore blobs;
  private final Bus bus;
  private final Idempotency idempotency;
  private final ClipJson json;

  ClipRoutes(Vertx vertx, ApiParts parts) {
    this.vertx = vertx;
    this.streams = parts.streams();
    this.clips = parts.clips();
    this.blobs = parts.blobs();
    this.bus = parts.bus();
    this.idempotency = new Idempotency(parts.idempotency());
    this.json = new ClipJson(parts.signature());
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
    ClipFilter filter =
        new ClipFilter(
            uuid(context, "stream"),
            uuid(context, "job"),
            Requests.query(context, "status").map(ClipStatus::ofWire));
    answerList(context, Future.succeededFuture(filter), caller);
  }

  private void answerList(RoutingContext context, Future<ClipFilter> filter, Caller caller) {
    filter
        .compose(known -> clips.list(caller.workspaceId(), known, Requests.page(context)))
        .onSuccess(page -> Requests.answer(context, 200, Requests.pageJson(page, json::of)))
        .onFailure(context::fail);
  }

  private static Optional<UUID> uuid(RoutingContext context, String name) {
    return Requests.query(context, name)
        .map(
            text -> {
              try {
                return UUID.fromString(text);
              } catch (IllegalArgumentException malformed) {
                throw new HalcyonException(ErrorCode.BAD_REQUEST, name + ": not an id", malformed);
              }
            });
  }

  void get(RoutingContext context) {
    found(context, permitted(context, Permission.READ_CLIPS))
        .onSuccess(clip -> Requests.answer(context, 200, json.of(clip)))
        .onFailure(context::fail);
  }

  void delete(RoutingContext context) {
    Caller caller = permitted(context, Permission.WRITE_CLIPS);
    found(context, caller)
        .compose(clip -> clips.delete(clip.id()).map(clip))
        .compose(
            clip -> {
              Callable<Void> deletion =
                  () -> {
                    blobs.deleteClip(clip.workspaceId(), clip.id());
                    return null;
                  };
              return vertx.executeBlocking(deletion, false);
            })
        .onSuccess(done -> Requests.answerEmpty(context))
        .onFailure(context::fail);
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
