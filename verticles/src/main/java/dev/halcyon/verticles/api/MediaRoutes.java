package dev.halcyon.verticles.api;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.blob.BlobKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * The files of clips, mounted by hand. A request brings a bearer token or the signature of the URL
 * that the clip's JSON gave.
 */
final class MediaRoutes {
  private static final long POSTER_LOOK_EVERY_MS = 100;

  /** 3 s: a poster is made after its clip is announced. */
  private static final int POSTER_LOOKS = 30;

  private final Vertx vertx;
  private final ApiParts parts;

  MediaRoutes(Vertx vertx, ApiParts parts) {
    this.vertx = vertx;
    this.parts = parts;
  }

  void download(RoutingContext context) {
    clip(context)
        .compose(clip -> sendVersion(context, clip, "attachment"))
        .onFailure(context::fail);
  }

  void play(RoutingContext context) {
    clip(context).compose(clip -> sendVersion(context, clip, "inline")).onFailure(context::fail);
  }

  void poster(RoutingContext context) {
    clip(context)
        .compose(
            clip -> {
              String key =
                  clip.posterKey()
                      .orElseThrow(
                          () ->
                              isOpen(clip)
                                  ? notReady()
                                  : new HalcyonException(
                                      ErrorCode.NOT_FOUND, "the clip has no poster"));
              String etag = '"' + BlobKey.parse(clip.workspaceId(), key).fileId().toString() + '"';
              return whenMade(context, file(clip, key), POSTER_LOOKS)
                  .compose(
                      made -> {
                        context.response().putHeader(HttpHeaders.CONTENT_TYPE, "image/jpeg");
                        return send(context, clip, key, etag);
                      });
            })
        .onFailure(context::fail);
  }

  /** Ends when the file is there, or when there is no more use in waiting for it. */
  private Future<Void> whenMade(RoutingContext context, String file, int looks) {
    return vertx
        .fileSystem()
        .exists(file)
        .compose(
            isThere ->
                isThere || looks == 0 || context.response().closed()
                    ? Future.succeededFuture()
                    : vertx
                        .timer(POSTER_LOOK_EVERY_MS)
                        .compose(tick -> whenMade(context, file, looks - 1)));
  }

  private Future<Clip> clip(RoutingContext context) {
    UUID id = Requests.id(context, ErrorCode.CLIP_NOT_FOUND);
    Future<Optional<Clip>> found =
        isSigned(context.request())
            ? parts.clips().any(id)
            : Requests.authenticate(context.request(), parts.tokens())
                .compose(caller -> readable(caller, id));
    return found.map(
        clip ->
            clip.orElseThrow(
                () -> new HalcyonException(ErrorCode.CLIP_NOT_FOUND, "no clip has the id " + id)));
  }

  private Future<Optional<Clip>> readable(Caller caller, UUID id) {
    caller.require(Permission.READ_CLIPS);
    return parts.clips().byId(caller.workspaceId(), id);
  }

  private boolean isSigned(HttpServerRequest request) {
    String expires = request.getParam("exp");
    String signature = request.getParam("sig");
    return expires != null
        && signature != null
        && parts.signature().isValid(request.path(), expires, signature);
  }

  private Future<Void> sendVersion(RoutingContext context, Clip clip, String disposition) {
    if (isOpen(clip)) {
      throw notReady();
    }
    ClipVersion version = version(context, clip);
    context
        .response()
        .putHeader(
            HttpHeaders.CONTENT_TYPE,
            version.container().equals("webm") ? "video/webm" : "video/mp4")
        .putHeader(
            HttpHeaders.CONTENT_DISPOSITION,
            disposition + "; " + fileName(clip.title() + "." + version.container()));
    return send(context, clip, version.blobKey(), '"' + version.contract().sha256() + '"');
  }

  private static ClipVersion version(RoutingContext context, Clip clip) {
    Optional<String> asked = Requests.query(context, "version");
    Optional<ClipVersion> found =
        asked.isEmpty()
            ? clip.latest()
            : clip.versions().stream()
                .filter(version -> Integer.toString(version.version()).equals(asked.get()))
                .findFirst();
    return found.orElseThrow(
        () ->
            new HalcyonException(
                ErrorCode.NOT_FOUND,
                clip.status() == ClipStatus.FAILED
                    ? "the clip failed: " + clip.failure().map(PublicText::of).orElse("unknown")
                    : "the clip has no such version"));
  }

  private Future<Void> send(RoutingContext context, Clip clip, String key, String etag) {
    String file = file(clip, key);
    return vertx
        .fileSystem()
        .props(file)
        .recover(
            absent ->
                Future.failedFuture(
                    new HalcyonException(ErrorCode.NOT_FOUND, "the file is gone", absent)))
        .compose(properties -> send(context, file, properties.size(), etag));
  }

  private String file(Clip clip, String key) {
    return parts.blobs().fileOf(BlobKey.parse(clip.workspaceId(), key)).toString();
  }

  private static Future<Void> send(
      RoutingContext context, String file, long sizeBytes, String etag) {
    HttpServerRequest request = context.request();
    HttpServerResponse response =
        context
            .response()
            .putHeader(HttpHeaders.ETAG, etag)
            .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
            .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    if (matches(request.getHeader(HttpHeaders.IF_NONE_MATCH), etag)) {
      return response.setStatusCode(304).end();
    }
    if (request.method().equals(HttpMethod.HEAD)) {
      return response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(sizeBytes)).end();
    }
    return switch (ByteRange.read(range(request, etag), sizeBytes)) {
      case ByteRange.Reading.Whole() -> response.sendFile(file);
      case ByteRange.Reading.Part(ByteRange part) ->
          response
              .setStatusCode(206)
              .putHeader(HttpHeaders.CONTENT_RANGE, part.contentRange(sizeBytes))
              .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(part.length()))
              .sendFile(file, part.offset(), part.length());
      case ByteRange.Reading.Unsatisfiable() -> {
        response.putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + sizeBytes);
        response.headers().remove(HttpHeaders.CONTENT_DISPOSITION);
        throw new HalcyonException(
            ErrorCode.RANGE_NOT_SATISFIABLE, "the file has " + sizeBytes + " bytes");
      }
    };
  }

  /** The range counts only while {@code If-Range} names this very file (strong comparison). */
  private static Optional<String> range(HttpServerRequest request, String etag) {
    String condition = request.getHeader("If-Range");
    return condition == null || condition.strip().equals(etag)
        ? Optional.ofNullable(request.getHeader("Range"))
        : Optional.empty();
  }

  /** {@code If-None-Match}: weak comparison. */
  private static boolean matches(String header, String etag) {
    if (header == null) {
      return false;
    }
    for (String candidate : header.split(",", -1)) {
      String tag = candidate.strip();
      if (tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOpen(Clip clip) {
    return !clip.status().isDownloadable() && clip.status() != ClipStatus.FAILED;
  }

  private static HalcyonException notReady() {
    return new HalcyonException(ErrorCode.NOT_READY, "the clip is still being made");
  }

  /** Both forms of RFC 6266: ASCII for old clients, UTF-8 for all others. */
  private static String fileName(String name) {
    String ascii = name.replaceAll("[^A-Za-z0-9 ._-]", "_").strip();
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return "filename=\"" + ascii + "\"; filename*=UTF-8''" + encoded;
  }
}
