package dev.halcyon.verticles.api;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.clip.ClipViewers;
import dev.halcyon.verticles.preview.LivePlaylist;
import dev.halcyon.verticles.preview.LivePreviews;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Streams as they come in, for players and as still pictures. Who may have the playlist may have
 * what it names: its addresses carry the list's signature.
 */
final class PreviewRoutes {
  private static final Pattern HEADER = Pattern.compile("init-([0-9a-z]{1,12})-(\\d{1,9})\\.mp4");
  private static final Pattern MEDIA =
      Pattern.compile("([0-9a-z]{1,12})-(\\d{1,15})(?:\\.(\\d{1,5}))?\\.m4s");

  /** What a name stands for never changes. */
  private static final String KEPT = "private, max-age=3600";

  private final Vertx vertx;
  private final ApiParts parts;
  private final ClipViewers viewers;
  private final LivePreviews previews;

  PreviewRoutes(Vertx vertx, ApiParts parts, ClipViewers viewers, LivePreviews previews) {
    this.vertx = vertx;
    this.parts = parts;
    this.viewers = viewers;
    this.previews = previews;
  }

  static String path(UUID streamId) {
    return "/live/" + streamId + "/index.m3u8";
  }

  static String snapshotPath(UUID streamId) {
    return "/api/streams/" + streamId + "/snapshot.jpg";
  }

  /** The playlist; held for what `_HLS_msn` and `_HLS_part` ask for (rfc8216bis, 6.2.5.2). */
  void list(RoutingContext context) {
    UUID streamId = Requests.id(context, ErrorCode.STREAM_NOT_FOUND);
    Optional<Long> number = Requests.query(context, "_HLS_msn", Long::valueOf, "a number");
    Optional<Integer> part = Requests.query(context, "_HLS_part", Integer::valueOf, "a number");
    if (part.isPresent() && number.isEmpty()) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, "_HLS_part: not without _HLS_msn");
    }
    boolean isUpdate = Requests.query(context, "_HLS_skip").filter("YES"::equals).isPresent();
    Predicate<LivePlaylist> isEnough =
        playlist ->
            number.isEmpty()
                || playlist.has(number.get(), part.orElse(-1))
                || isTooFar(playlist, number.get());
    admitted(context, streamId, path(streamId))
        .compose(admitted -> previews.list(streamId, isEnough, () -> !context.response().closed()))
        .compose(
            playlist -> {
              if (number.isPresent() && isTooFar(playlist, number.get())) {
                throw new HalcyonException(
                    ErrorCode.BAD_REQUEST, "_HLS_msn: far behind the newest segment");
              }
              String query = "?" + signedQuery(context.request(), streamId);
              return answer(context, playlist.text(query, isUpdate));
            })
        .onFailure(failure -> refuse(context, failure));
  }

  private static boolean isTooFar(LivePlaylist playlist, long number) {
    return playlist.isFar(number);
  }

  private static Future<Void> answer(RoutingContext context, String text) {
    return context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, LivePlaylist.CONTENT_TYPE)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(text);
  }

  private static void refuse(RoutingContext context, Throwable failure) {
    if (failure instanceof HalcyonException stated && stated.code() == ErrorCode.NOT_READY) {
      context.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
    }
    context.fail(failure);
  }

  /** Of the list itself, so that its lines stay the same from one reading to the next. */
  private String signedQuery(HttpServerRequest request, UUID streamId) {
    if (Requests.isSigned(request, path(streamId), parts.signature())) {
      return "exp=" + request.getParam("exp") + "&sig=" + request.getParam("sig");
    }
    String url = parts.signature().sign(path(streamId));
    return url.substring(url.indexOf('?') + 1);
  }

  /** What the playlist names. */
  void piece(RoutingContext context) {
    UUID streamId = Requests.id(context, ErrorCode.STREAM_NOT_FOUND);
    String piece = context.pathParam("piece");
    Matcher header = HEADER.matcher(piece);
    Matcher media = MEDIA.matcher(piece);
    if (!header.matches() && !media.matches()) {
      throw new HalcyonException(ErrorCode.NOT_FOUND, "a playlist names no such thing");
    }
    admitted(context, streamId, path(streamId))
        .compose(
            admitted ->
                header.matches()
                    ? sendHeader(context, streamId, header)
                    : sendMedia(context, streamId, media))
        .onFailure(context::fail);
  }

  private Future<Void> sendHeader(RoutingContext context, UUID streamId, Matcher header) {
    return previews
        .header(streamId, header.group(1), Integer.parseInt(header.group(2)))
        .compose(
            bytes ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "video/mp4")
                    .putHeader(HttpHeaders.CACHE_CONTROL, KEPT)
                    .end(bytes));
  }

  private Future<Void> sendMedia(RoutingContext context, UUID streamId, Matcher media) {
    long number = Long.parseLong(media.group(2));
    int part = media.group(3) == null ? -1 : Integer.parseInt(media.group(3));
    new GrowingResponse(
            vertx,
            context,
            viewers,
            streamId,
            response ->
                response
                    .putHeader(HttpHeaders.ACCEPT_RANGES, "none")
                    .putHeader(HttpHeaders.CACHE_CONTROL, KEPT))
        .send(
            () ->
                previews.bytes(
                    streamId, media.group(1), number, part, () -> !context.response().closed()));
    return Future.succeededFuture();
  }

  /** The newest keyframe. */
  void snapshot(RoutingContext context) {
    UUID streamId = Requests.id(context, ErrorCode.STREAM_NOT_FOUND);
    admitted(context, streamId, context.request().path())
        .compose(admitted -> previews.snapshot(streamId))
        .compose(
            jpeg ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "image/jpeg")
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .end(jpeg))
        .onFailure(failure -> refuse(context, failure));
  }

  private Future<Void> admitted(RoutingContext context, UUID streamId, String signedPath) {
    if (Requests.isSigned(context.request(), signedPath, parts.signature())) {
      return Future.succeededFuture();
    }
    return Requests.authenticate(context.request(), parts.tokens())
        .compose(
            caller -> {
              caller.require(Permission.READ_STREAMS);
              return parts.streams().byId(caller.workspaceId(), streamId);
            })
        .map(
            stream -> {
              if (stream.isEmpty()) {
                throw new HalcyonException(
                    ErrorCode.STREAM_NOT_FOUND, "no stream has the id " + streamId);
              }
              return null;
            });
  }
}
