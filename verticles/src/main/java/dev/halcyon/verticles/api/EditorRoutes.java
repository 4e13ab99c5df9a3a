package dev.halcyon.verticles.api;

import dev.halcyon.core.caption.CaptionLine;
import dev.halcyon.core.caption.Subtitles;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.handover.CmxEdl;
import dev.halcyon.core.handover.FcpXml;
import dev.halcyon.core.handover.FinalCut7Xml;
import dev.halcyon.core.handover.HandoverTimeline;
import dev.halcyon.core.handover.OpenTimelineIo;
import dev.halcyon.core.render.RenderSpec;
import dev.halcyon.verticles.job.ClipHandover;
import dev.halcyon.verticles.store.JobClipStore;
import dev.halcyon.verticles.store.JobClipStore.Made;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * What editors go on with: a rendered version's captions as files of subtitles, and the clip as a
 * project. Written from the version's spec whenever they are asked for. Mounted by hand.
 */
final class EditorRoutes {
  private final MediaClips clips;
  private final JobClipStore rows;

  EditorRoutes(MediaClips clips, JobClipStore rows) {
    this.clips = clips;
    this.rows = rows;
  }

  /** A text to be kept as a file. */
  private record TextFile(String extension, String contentType, String text) {}

  /** One of its forms for a version. */
  private interface Writer {
    TextFile write(Clip clip, Made made);
  }

  void subtitles(RoutingContext context) {
    answer(context, (clip, made) -> subtitles(format(context), made.spec()));
  }

  private static TextFile subtitles(String format, RenderSpec spec) {
    List<CaptionLine> lines = spec.captions().track().lines();
    TextFile file =
        switch (format) {
          case "srt" -> new TextFile("srt", "application/x-subrip", Subtitles.srt(lines));
          case "vtt" -> new TextFile("vtt", "text/vtt", Subtitles.vtt(lines));
          case "ass" ->
              new TextFile(
                  "ass",
                  "text/x-ssa",
                  Subtitles.ass(
                      spec.captions().track(),
                      spec.picture().widthPx(),
                      spec.picture().heightPx(),
                      spec.captions().safe()));
          default -> throw bad("srt, vtt, ass");
        };
    if (lines.isEmpty()) {
      throw new HalcyonException(ErrorCode.NOT_FOUND, "the version has no captions");
    }
    return file;
  }

  void project(RoutingContext context) {
    answer(context, (clip, made) -> project(format(context), clip, made));
  }

  private static TextFile project(String format, Clip clip, Made made) {
    HandoverTimeline timeline =
        ClipHandover.of(clip, made, ContentDisposition.safe(clip.title()) + ".mp4");
    return switch (format) {
      case "fcpxml" -> new TextFile("fcpxml", "application/xml", FcpXml.write(timeline));
      case "xmeml" -> new TextFile("xml", "application/xml", FinalCut7Xml.write(timeline));
      case "edl" -> new TextFile("edl", "text/plain", CmxEdl.write(timeline));
      case "otio" -> new TextFile("otio", "application/json", OpenTimelineIo.write(timeline));
      default -> throw bad("fcpxml, xmeml, edl, otio");
    };
  }

  private static String format(RoutingContext context) {
    return Requests.query(context, "format").orElse("");
  }

  private static HalcyonException bad(String known) {
    return new HalcyonException(ErrorCode.BAD_REQUEST, "format: one of " + known);
  }

  private void answer(RoutingContext context, Writer writer) {
    clips
        .find(context)
        .compose(
            clip ->
                made(clip, version(context, clip))
                    .map(made -> writer.write(clip, made))
                    .compose(file -> send(context, clip, file)))
        .onFailure(context::fail);
  }

  private static ClipVersion version(RoutingContext context, Clip clip) {
    return ClipFiles.version(
        clip, Requests.query(context, "version", Integer::valueOf, "a version's number"));
  }

  private Future<Made> made(Clip clip, ClipVersion version) {
    return rows.made(clip.id(), version.version())
        .map(
            made ->
                made.orElseThrow(
                    () ->
                        new HalcyonException(
                            ErrorCode.NOT_FOUND, "the version was not rendered: it has none")));
  }

  private static Future<Void> send(RoutingContext context, Clip clip, TextFile file) {
    return context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, file.contentType() + "; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .putHeader(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment(clip.title(), file.extension()))
        .end(file.text());
  }
}
