package dev.halcyon.verticles.page;

import static dev.halcyon.verticles.page.Page.id;

import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** The player of one clip's card, examined in the page through what the browser presents. */
final class VideoProbe {
  private final Page page;
  private final String card;

  VideoProbe(Page page, String clipId) {
    this.page = page;
    this.card = id("clip-card") + "[data-clip-id=\"" + clipId + "\"]";
  }

  /** Presses the page's button; the media times of the pictures presented until {@code untilS}. */
  List<Double> playUntil(double untilS) {
    run(
        """
        window.presentedS = [];
        const note = (nowMs, { mediaTime }) => {
          window.presentedS.push(mediaTime);
          video.requestVideoFrameCallback(note);
        };
        video.requestVideoFrameCallback(note);
        """);
    page.click(card + " " + id("clip-play"));
    page.waitUntil("the clip plays on", expression("return video.currentTime > " + untilS));
    run("video.pause()");
    return seconds(page.evaluate("window.presentedS"));
  }

  /** Has the player show the first picture. */
  void load() {
    run("video.preload = 'auto'; video.load()");
    page.waitUntil("the first picture", expression("return video.readyState >= 2"));
  }

  double currentS() {
    return ((Number) run("return video.currentTime")).doubleValue();
  }

  /** How far one may seek. */
  double seekableS() {
    Object end = run("return video.seekable.length ? video.seekable.end(0) : 0");
    return ((Number) end).doubleValue();
  }

  void awaitSeekableTo(double untilS) {
    page.waitUntil(
        "the whole clip",
        expression(
            "return video.readyState >= 2 && !video.seeking && video.seekable.length > 0"
                + " && video.seekable.end(0) >= "
                + untilS));
  }

  void resumeUntil(double untilS) {
    run("await video.play()");
    page.waitUntil("the clip plays on", expression("return video.currentTime > " + untilS));
    run("video.pause()");
  }

  /** Shows the picture at a time. */
  void seek(double atS) {
    run(
        """
        video.pause();
        await new Promise((go) => {
          video.addEventListener('seeked', go, { once: true });
          video.currentTime = %s;
        });
        """
            .formatted(atS));
  }

  /**
   * The media time of the picture that the player presents in the middle of each frame's time, or
   * -1 where it presents no new one within 5 s.
   */
  List<Double> step(int frames, double frameS) {
    return seconds(
        run(
            """
            video.pause();
            const shown = (toS) => new Promise((go) => {
              const late = setTimeout(() => go(-1), 5000);
              video.requestVideoFrameCallback((nowMs, { mediaTime }) => {
                clearTimeout(late);
                go(mediaTime);
              });
              video.currentTime = toS;
            });
            await shown(%2$s * (%1$d - 0.5));
            const seen = [];
            for (let i = 0; i < %1$d; i++) seen.push(await shown(%2$s * (i + 0.5)));
            return seen;
            """
                .formatted(frames, frameS)));
  }

  /** Saves the picture that is shown now, as a PNG. */
  Path savePicture(Path file) throws IOException {
    String picture =
        (String)
            run(
                """
                const canvas = document.createElement('canvas');
                [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
                canvas.getContext('2d').drawImage(video, 0, 0);
                return canvas.toDataURL('image/png').split(',')[1];
                """);
    return Files.write(file, Base64.getDecoder().decode(picture));
  }

  int widthPx() {
    return (Integer) run("return video.videoWidth");
  }

  double durationS() {
    return ((Number) run("return video.duration")).doubleValue();
  }

  private Object run(String script) {
    return page.evaluate(expression(script));
  }

  private String expression(String script) {
    return "(async (video) => { "
        + script
        + " })(document.querySelector('"
        + card
        + " "
        + id("clip-video")
        + "'))";
  }

  private static List<Double> seconds(Object numbers) {
    return ((JsonArray) numbers).stream().map(number -> ((Number) number).doubleValue()).toList();
  }
}
