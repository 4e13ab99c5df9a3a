package dev.halcyon.verticles.api;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.derive.DerivedForm;
import dev.halcyon.core.clip.derive.StripGrid;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** The strips of clips: an image, and a WebVTT file that says where in it each moment is. */
final class StripRoutes {
  private static final DerivedForm STRIP = new DerivedForm.Strip();

  private final Vertx vertx;
  private final ApiParts parts;
  private final MediaClips clips;
  private final DerivedFiles derived;

  StripRoutes(Vertx vertx, ApiParts parts, MediaClips clips, DerivedFiles derived) {
    this.vertx = vertx;
    this.parts = parts;
    this.clips = clips;
    this.derived = derived;
  }

  void image(RoutingContext context) {
    clips
        .find(context)
        .compose(clip -> strip(context, clip))
        .compose(
            found ->
                found.isEmpty()
                    ? DerivedFiles.answerLater(context)
                    : FileAnswer.of(
                            context.request(),
                            found.get().found(),
                            found.get().etag(),
                            STRIP.contentType(),
                            "")
                        .send(vertx, context))
        .onFailure(context::fail);
  }

  /** Its cues name the image by a signed address: players fetch it without a header. */
  void cues(RoutingContext context) {
    clips
        .find(context)
        .compose(
            clip ->
                strip(context, clip)
                    .compose(
                        found ->
                            found.isEmpty()
                                ? DerivedFiles.answerLater(context)
                                : sendCues(
                                    context,
                                    found.get().derived().grid().orElseThrow(),
                                    imageUrl(clip, found.get().derived().version()))))
        .onFailure(context::fail);
  }

  /**
   * @throws HalcyonException NOT_READY while the clip is being made
   */
  private Future<Optional<DerivedFiles.Ready>> strip(RoutingContext context, Clip clip) {
    ClipVersion version =
        ClipFiles.version(
            clip, Requests.query(context, "version", Integer::valueOf, "a version's number"));
    return derived.find(clip, version, STRIP);
  }

  private String imageUrl(Clip clip, int version) {
    return parts.signature().sign("/api/clips/" + clip.id() + "/strip.jpg") + "&version=" + version;
  }

  private static Future<Void> sendCues(RoutingContext context, StripGrid grid, String imageUrl) {
    return context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/vtt; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .end(grid.webVtt(imageUrl));
  }
}
