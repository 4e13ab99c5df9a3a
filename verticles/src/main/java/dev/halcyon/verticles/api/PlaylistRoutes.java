package dev.halcyon.verticles.api;

import dev.halcyon.codecs.cut.GrowingSegments;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.clip.ClipPlaylists;
import dev.halcyon.verticles.clip.ClipViewers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clips that are being made, for players that follow a playlist (RFC 8216). Who may have the list
 * may have its segments: their addresses carry the list's signature.
 */
final class PlaylistRoutes {
  private static final String HEADER = "init.mp4";
  private static final Pattern SEGMENT = Pattern.compile("(\\d{1,6})\\.m4s");

  /** A segment never changes. */
  private static final String KEPT = "private, max-age=3600";

  private final Vertx vertx;
  private final ApiParts parts;
  private final ClipViewers viewers;
  private final ClipPlaylists playlists;
  private final MediaClips clips;

  PlaylistRoutes(Vertx vertx, ApiParts parts, ClipViewers viewers, ClipPlaylists playlists) {
    this.vertx = vertx;
    this.parts = parts;
    this.viewers = viewers;
    this.playlists = playlists;
    this.clips = new MediaClips(parts, viewers);
  }

  /** The list; of a clip that nobody follows any more, the way to the whole one. */
  void list(RoutingContext context) {
    clips
        .find(context)
        .compose(
            clip -> playlists.has(clip.id()) ? listed(context, clip) : redirected(context, clip))
        .onFailure(failure -> refuse(context, failure));
  }

  private Future<Void> listed(RoutingContext context, Clip clip) {
    return playlists
        .list(clip.id(), () -> !context.response().closed())
        .compose(listing -> answer(context, text(context, clip.id(), listing)))
        .recover(
            failure ->
                clip.isInMaking() && !isGone(failure)
                    ? Future.failedFuture(failure)
                    : redirected(context, clip));
  }

  private static boolean isGone(Throwable failure) {
    return failure instanceof HalcyonException stated && stated.code() == ErrorCode.NOT_FOUND;
  }

  private static Future<Void> answer(RoutingContext context, String text) {
    return context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/vnd.apple.mpegurl")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(text);
  }

  /** Every player can seek in the whole clip. */
  private Future<Void> redirected(RoutingContext context, Clip clip) {
    ClipFiles.version(clip, Optional.empty());
    return context
        .response()
        .setStatusCode(302)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader(
            HttpHeaders.LOCATION, parts.signature().sign("/api/clips/" + clip.id() + "/media.mp4"))
        .end();
  }

  private static void refuse(RoutingContext context, Throwable failure) {
    if (failure instanceof HalcyonException stated && stated.code() == ErrorCode.NOT_READY) {
      context.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
    }
    context.fail(failure);
  }

  private String text(RoutingContext context, UUID clipId, GrowingSegments.Listing listing) {
    String signed = "?" + signedQuery(context.request(), clipId);
    StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n");
    text.append("#EXT-X-TARGETDURATION:").append(GrowingSegments.TARGET_S).append('\n');
    text.append("#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-MEDIA-SEQUENCE:0\n");
    text.append("#EXT-X-START:TIME-OFFSET=").append(seconds(listing.startUs()));
    text.append(",PRECISE=YES\n");
    text.append("#EXT-X-MAP:URI=\"hls/").append(HEADER).append(signed).append("\"\n");
    for (int number = 0; number < listing.lengthsUs().size(); number++) {
      text.append("#EXTINF:").append(seconds(listing.lengthsUs().get(number))).append(",\nhls/");
      text.append(number).append(".m4s").append(signed).append('\n');
    }
    return listing.hasEnded() ? text.append("#EXT-X-ENDLIST\n").toString() : text.toString();
  }

  private static String seconds(long us) {
    return String.format(Locale.ROOT, "%.6f", us / 1e6);
  }

  /** Of the list itself, so that its lines stay the same from one reading to the next. */
  private String signedQuery(HttpServerRequest request, UUID clipId) {
    if (Requests.isSigned(request, parts.signature())) {
      return "exp=" + request.getParam("exp") + "&sig=" + request.getParam("sig");
    }
    String url = parts.signature().sign(path(clipId));
    return url.substring(url.indexOf('?') + 1);
  }

  private static String path(UUID clipId) {
    return "/api/clips/" + clipId + "/index.m3u8";
  }

  /** A segment, or what comes before the first. */
  void piece(RoutingContext context) {
    UUID clipId = Requests.id(context, ErrorCode.CLIP_NOT_FOUND);
    String piece = context.pathParam("piece");
    Matcher segment = SEGMENT.matcher(piece);
    if (!segment.matches() && !piece.equals(HEADER)) {
      throw new HalcyonException(ErrorCode.NOT_FOUND, "no such segment");
    }
    clips
        .find(context, path(clipId))
        .compose(
            clip ->
                piece.equals(HEADER)
                    ? playlists.header(clipId).compose(bytes -> answer(context, bytes))
                    : sent(context, clipId, Integer.parseInt(segment.group(1))))
        .onFailure(context::fail);
  }

  private static Future<Void> answer(RoutingContext context, Buffer bytes) {
    describe(context.response());
    return context.response().putHeader(HttpHeaders.CONTENT_TYPE, "video/mp4").end(bytes);
  }

  private Future<Void> sent(RoutingContext context, UUID clipId, int number) {
    new GrowingResponse(vertx, context, viewers, clipId, PlaylistRoutes::describe)
        .send(() -> playlists.segment(clipId, number));
    return Future.succeededFuture();
  }

  private static void describe(HttpServerResponse response) {
    response
        .putHeader(HttpHeaders.ACCEPT_RANGES, "none")
        .putHeader(HttpHeaders.CACHE_CONTROL, KEPT);
  }
}
