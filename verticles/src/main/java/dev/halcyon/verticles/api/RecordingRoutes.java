package dev.halcyon.verticles.api;

import dev.halcyon.codecs.session.SessionFile;
import dev.halcyon.core.access.Permission;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.record.RangeDownload;
import dev.halcyon.verticles.record.RecordedSpan;
import dev.halcyon.verticles.record.RecordingDesk;
import dev.halcyon.verticles.store.StreamRow;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** What is recorded of streams: told, downloaded, deleted. */
final class RecordingRoutes {
  private final Vertx vertx;
  private final ApiParts parts;
  private final RecordingDesk desk;
  private final RecordingJson json;

  RecordingRoutes(Vertx vertx, ApiParts parts, RecordingDesk desk) {
    this.vertx = vertx;
    this.parts = parts;
    this.desk = desk;
    this.json = new RecordingJson(parts.signature());
  }

  void describe(RoutingContext context) {
    Caller caller = permitted(context, Permission.READ_STREAMS);
    found(context, caller)
        .compose(
            row ->
                desk.describe(row.workspaceId(), row.id())
                    .map(recorded -> json.of(row.id(), recorded, desk.policy())))
        .onSuccess(answer -> Requests.answer(context, 200, answer))
        .onFailure(context::fail);
  }

  void erase(RoutingContext context) {
    Caller caller = permitted(context, Permission.WRITE_STREAMS);
    RecordedSpan span =
        span(
            OptionalLong.empty(),
            micros(context, "before_us"),
            Optional.empty(),
            "before",
            context);
    found(context, caller)
        .compose(row -> desk.erase(row.workspaceId(), row.id(), span))
        .onSuccess(
            gone ->
                Requests.answer(
                    context,
                    200,
                    JsonObject.of(
                        "deleted_files",
                        gone.size(),
                        "deleted_bytes",
                        gone.stream().mapToLong(SessionFile::sizeBytes).sum())))
        .onFailure(context::fail);
  }

  /** A raw route: with a bearer token, or the signature of the URL that the JSON gave. */
  void download(RoutingContext context) {
    RecordedSpan span =
        span(
            micros(context, "from_us"),
            micros(context, "to_us"),
            Optional.of("from"),
            "to",
            context);
    row(context)
        .compose(
            row ->
                desk.open(row.workspaceId(), row.id(), span)
                    .onSuccess(opened -> send(context, row, opened)))
        .onFailure(context::fail);
  }

  private void send(RoutingContext context, StreamRow row, RangeDownload opened) {
    try {
      new RecordingResponse(vertx, context, opened).send(row.name());
    } catch (RuntimeException failure) {
      opened.close();
      context.fail(failure);
    }
  }

  private Future<StreamRow> row(RoutingContext context) {
    HttpServerRequest request = context.request();
    UUID id = Requests.id(context, ErrorCode.STREAM_NOT_FOUND);
    return Requests.isSigned(request, parts.signature())
        ? parts.streams().any(id).map(row -> present(row, id))
        : Requests.authenticate(request, parts.tokens())
            .compose(
                caller -> {
                  caller.require(Permission.READ_STREAMS);
                  return found(context, caller);
                });
  }

  private Future<StreamRow> found(RoutingContext context, Caller caller) {
    UUID id = Requests.id(context, ErrorCode.STREAM_NOT_FOUND);
    return parts.streams().byId(caller.workspaceId(), id).map(row -> present(row, id));
  }

  private static StreamRow present(Optional<StreamRow> row, UUID id) {
    return row.orElseThrow(
        () -> new HalcyonException(ErrorCode.STREAM_NOT_FOUND, "no stream has the id " + id));
  }

  private static Caller permitted(RoutingContext context, Permission permission) {
    Caller caller = Requests.caller(context);
    caller.require(permission);
    return caller;
  }

  private static OptionalLong micros(RoutingContext context, String name) {
    Optional<Long> us = Requests.query(context, name, Long::valueOf, "whole microseconds");
    return us.map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  private static RecordedSpan span(
      OptionalLong fromUs,
      OptionalLong toUs,
      Optional<String> fromName,
      String toName,
      RoutingContext context) {
    OptionalLong fromWallUs =
        fromName.map(name -> wallUs(context, name)).orElse(OptionalLong.empty());
    OptionalLong toWallUs = wallUs(context, toName);
    boolean isByStream = fromUs.isPresent() || toUs.isPresent();
    boolean isByWall = fromWallUs.isPresent() || toWallUs.isPresent();
    if (isByStream && isByWall) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, "give stream time or wall clock, not both");
    }
    return isByWall
        ? new RecordedSpan.WallClock(fromWallUs, toWallUs)
        : new RecordedSpan.StreamTime(fromUs, toUs);
  }

  private static OptionalLong wallUs(RoutingContext context, String name) {
    return Requests.query(context, name)
        .map(text -> OptionalLong.of(Times.wallUs(name, text)))
        .orElse(OptionalLong.empty());
  }
}
