package dev.halcyon.verticles.api;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.clip.ClipViewers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.util.function.BinaryOperator;

/**
 * The files of clips, mounted by hand. A request brings a bearer token or the signature of the URL
 * that the clip's JSON gave.
 */
final class MediaRoutes {
  private static final long POSTER_LOOK_EVERY_MS = 100;

  /** 3 s: a poster is made after its clip is announced. */
  private static final int POSTER_LOOKS = 30;

  private final Vertx vertx;
  private final ClipViewers viewers;
  private final ClipFiles files;
  private final ExactFiles exact;
  private final MediaClips clips;

  MediaRoutes(Vertx vertx, ApiParts parts, ClipViewers viewers) {
    this.vertx = vertx;
    this.viewers = viewers;
    this.files = new ClipFiles(vertx, parts.blobs());
    this.exact = new ExactFiles(parts, files);
    this.clips = new MediaClips(parts, viewers);
  }

  /** A version's file, or the one for players that ignore edit lists. */
  void download(RoutingContext context) {
    clips
        .find(context)
        .compose(
            clip ->
                ExactFiles.isAsked(context)
                    ? sendExact(context, clip)
                    : sendVersion(context, clip, ContentDisposition::attachment))
        .onFailure(context::fail);
  }

  private Future<Void> sendExact(RoutingContext context, Clip clip) {
    return exact
        .find(clip)
        .compose(
            version ->
                version.isEmpty()
                    ? ExactFiles.answerLater(context)
                    : send(context, clip, version.get(), ContentDisposition::attachment));
  }

  /** The file, or the clip as far as it has grown. */
  void play(RoutingContext context) {
    clips
        .find(context)
        .compose(
            clip -> {
              if (isOpen(clip) && viewers.find(clip.id()).isPresent()) {
                GrowingResponse.send(vertx, context, viewers, clip);
                return Future.succeededFuture();
              }
              return sendVersion(context, clip, ContentDisposition::inline);
            })
        .onFailure(context::fail);
  }

  void poster(RoutingContext context) {
    clips
        .find(context)
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
              return files
                  .find(clip.workspaceId(), key)
                  .recover(
                      absent ->
                          whenMade(context, files.local(clip.workspaceId(), key), POSTER_LOOKS)
                              .compose(waited -> files.find(clip.workspaceId(), key)))
                  .compose(
                      found ->
                          FileAnswer.of(
                                  context.request(),
                                  found,
                                  '"' + found.key().fileId().toString() + '"',
                                  "image/jpeg",
                                  "")
                              .sendOrRedirect(vertx, context));
            })
        .onFailure(context::fail);
  }

  /** Ends when the file is there, or when there is no more use in waiting for it. */
  private Future<Void> whenMade(RoutingContext context, Path file, int looks) {
    return vertx
        .fileSystem()
        .exists(file.toString())
        .compose(
            isThere ->
                isThere || looks == 0 || context.response().closed()
                    ? Future.succeededFuture()
                    : vertx
                        .timer(POSTER_LOOK_EVERY_MS)
                        .compose(tick -> whenMade(context, file, looks - 1)));
  }

  private Future<Void> sendVersion(
      RoutingContext context, Clip clip, BinaryOperator<String> disposition) {
    ClipVersion version =
        ClipFiles.version(
            clip, Requests.query(context, "version", Integer::valueOf, "a version's number"));
    return send(context, clip, version, disposition);
  }

  private Future<Void> send(
      RoutingContext context, Clip clip, ClipVersion version, BinaryOperator<String> disposition) {
    return files
        .find(clip.workspaceId(), version.blobKey())
        .compose(
            found ->
                FileAnswer.of(
                        context.request(),
                        found,
                        '"' + version.contract().sha256() + '"',
                        ClipFiles.contentType(version),
                        disposition.apply(clip.title(), version.container()))
                    .sendOrRedirect(vertx, context));
  }

  /** Whether it is still being made. */
  static boolean isOpen(Clip clip) {
    return !clip.status().isDownloadable() && clip.status() != ClipStatus.FAILED;
  }

  private static HalcyonException notReady() {
    return new HalcyonException(ErrorCode.NOT_READY, "the clip is still being made");
  }
}
