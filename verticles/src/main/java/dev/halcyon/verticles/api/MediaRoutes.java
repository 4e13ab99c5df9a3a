package dev.halcyon.verticles.api;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.derive.DerivedForm;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.clip.ClipViewers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BinaryOperator;

/** The files of clips, mounted by hand. */
final class MediaRoutes {
  private static final long POSTER_LOOK_EVERY_MS = 100;

  /** 3 s: a poster is made after its clip is announced. */
  private static final int POSTER_LOOKS = 30;

  private static final DerivedForm POSTER_WEBP = new DerivedForm.PosterWebp();

  private final Vertx vertx;
  private final ClipViewers viewers;
  private final ClipFiles files;
  private final DerivedFiles derived;
  private final ExactFiles exact;
  private final MediaClips clips;

  MediaRoutes(
      Vertx vertx,
      ClipViewers viewers,
      MediaClips clips,
      ClipFiles files,
      DerivedFiles derived,
      ExactFiles exact) {
    this.vertx = vertx;
    this.viewers = viewers;
    this.clips = clips;
    this.files = files;
    this.derived = derived;
    this.exact = exact;
  }

  /** A version's file, another form of it, or the one for players that ignore edit lists. */
  void download(RoutingContext context) {
    clips
        .find(context)
        .compose(
            clip ->
                ExactFiles.isAsked(context) ? sendExact(context, clip) : sendFormat(context, clip))
        .onFailure(context::fail);
  }

  private Future<Void> sendFormat(RoutingContext context, Clip clip) {
    ClipVersion version = version(context, clip);
    Optional<DerivedForm> form = new FormatQuery(context).read(clip, version);
    if (form.isEmpty()) {
      return sendVersion(context, clip, ContentDisposition::attachment);
    }
    return derived
        .find(clip, version, form.get())
        .compose(
            found ->
                found.isEmpty()
                    ? DerivedFiles.answerLater(context)
                    : send(
                        context,
                        found.get(),
                        ContentDisposition.attachment(clip.title(), form.get().extension())));
  }

  private Future<Void> send(RoutingContext context, DerivedFiles.Ready ready, String disposition) {
    return FileAnswer.of(
            context.request(),
            ready.found(),
            ready.etag(),
            ready.derived().form().contentType(),
            disposition)
        .sendOrRedirect(vertx, context);
  }

  private static ClipVersion version(RoutingContext context, Clip clip) {
    return ClipFiles.version(
        clip, Requests.query(context, "version", Integer::valueOf, "a version's number"));
  }

  private Future<Void> sendExact(RoutingContext context, Clip clip) {
    return exact
        .find(clip)
        .compose(
            version ->
                version.isEmpty()
                    ? DerivedFiles.answerLater(context)
                    : sendFile(context, clip, version.get(), ContentDisposition::attachment));
  }

  /** The file, or the clip as far as it has grown. */
  void play(RoutingContext context) {
    clips
        .find(context)
        .compose(
            clip -> {
              if (clip.isInMaking() && viewers.find(clip.id()).isPresent()) {
                GrowingResponse.send(vertx, context, viewers, clip);
                return Future.succeededFuture();
              }
              return sendVersion(context, clip, ContentDisposition::inline);
            })
        .onFailure(context::fail);
  }

  /** As JPEG, or as WebP to who asks for it or takes it. */
  void poster(RoutingContext context) {
    context.response().putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
    clips
        .find(context)
        .compose(
            clip -> {
              if (clip.posterKey().isEmpty()) {
                throw clip.isInMaking()
                    ? notReady()
                    : new HalcyonException(ErrorCode.NOT_FOUND, "the clip has no poster");
              }
              return switch (PosterForm.of(context)) {
                case JPEG -> sendJpeg(context, clip);
                case WEBP -> sendWebp(context, clip);
                case WEBP_IF_THERE -> sendEither(context, clip);
              };
            })
        .onFailure(context::fail);
  }

  private Future<Void> sendJpeg(RoutingContext context, Clip clip) {
    return poster(context, clip)
        .compose(
            found ->
                FileAnswer.of(
                        context.request(),
                        found,
                        '"' + found.key().fileId().toString() + '"',
                        "image/jpeg",
                        "")
                    .sendOrRedirect(vertx, context));
  }

  /** The poster, waited for a little: it may be in the making. */
  private Future<ClipFiles.Found> poster(RoutingContext context, Clip clip) {
    String key = clip.posterKey().orElseThrow();
    return files
        .find(clip.workspaceId(), key)
        .recover(
            absent ->
                whenMade(context, files.local(clip.workspaceId(), key), POSTER_LOOKS)
                    .compose(waited -> files.find(clip.workspaceId(), key)));
  }

  private Future<Void> sendWebp(RoutingContext context, Clip clip) {
    return poster(context, clip)
        .compose(made -> derived.find(clip, posterVersion(clip), POSTER_WEBP))
        .compose(
            found ->
                found.isEmpty()
                    ? DerivedFiles.answerLater(context)
                    : send(context, found.get(), ""));
  }

  /** Nobody waits for a smaller file: the next one who asks gets it. */
  private Future<Void> sendEither(RoutingContext context, Clip clip) {
    return derived
        .present(clip, posterVersion(clip), POSTER_WEBP)
        .compose(
            found -> {
              if (found.isPresent()) {
                return send(context, found.get(), "");
              }
              return sendJpeg(context, clip)
                  .onSuccess(sent -> derived.ask(clip, posterVersion(clip), POSTER_WEBP));
            });
  }

  /** There is one poster, made of the newest version. */
  private static ClipVersion posterVersion(Clip clip) {
    return ClipFiles.version(clip, Optional.empty());
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
    return sendFile(context, clip, version(context, clip), disposition);
  }

  private Future<Void> sendFile(
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

  /** Whether it can be watched while it is made: a job's clips are made as a whole. */
  static boolean isFollowed(Clip clip) {
    return clip.isInMaking() && clip.origin().streamId().isPresent();
  }

  private static HalcyonException notReady() {
    return new HalcyonException(ErrorCode.NOT_READY, "the clip is still being made");
  }
}
