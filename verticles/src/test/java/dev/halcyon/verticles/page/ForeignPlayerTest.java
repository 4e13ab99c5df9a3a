package dev.halcyon.verticles.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.CardShape;
import dev.halcyon.codecs.testcard.FrameStamp;
import dev.halcyon.core.media.CodecName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clips in Chromium's own player, which decodes and honours edits on its own: what it shows is read
 * off its pictures as it presents them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignPlayerTest {
  private static final long FROM_US = 1_234_567;
  private static final long TO_US = 1_734_567;

  private static final String DOCUMENT =
      """
      <!doctype html><link rel="icon" href="data:,">
      <video muted playsinline preload="auto"></video>
      <canvas></canvas>
      """;

  /** Loads the clip; notes of each picture from the first one on its time and brightness. */
  private static final String WATCH =
      """
      (async () => {
        const video = document.querySelector('video');
        const canvas = document.querySelector('canvas');
        const context = canvas.getContext('2d', { willReadFrequently: true });
        window.seen = [];
        const note = (nowMs, { mediaTime }) => {
          [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
          context.drawImage(video, 0, 0);
          const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
          let luma = '';
          for (let i = 1; i < data.length; i += 4) luma += String.fromCharCode(data[i]);
          window.seen.push({ mediaTime, luma: btoa(luma), widthPx: canvas.width });
          video.requestVideoFrameCallback(note);
        };
        video.requestVideoFrameCallback(note);
        const there = new Promise((go) => (video.oncanplaythrough = video.onerror = go));
        video.src = 'clip';
        await there;
        return video.error ? video.error.message : 'none';
      })()
      """;

  /** Slowly: a busy machine drops pictures. */
  private static final String PLAY =
      """
      (async () => {
        const video = document.querySelector('video');
        video.playbackRate = 0.25;
        const over = new Promise((go) => (video.onended = video.onerror = go));
        await video.play();
        await over;
        return video.error ? video.error.message : 'none';
      })()
      """;

  @TempDir private Path folder;
  private ClipServer server;
  private Browser browser;

  @BeforeAll
  void start() throws IOException {
    browser = Browser.start();
    server = ClipServer.start(DOCUMENT);
  }

  @AfterAll
  void stop() throws IOException {
    if (server != null) {
      server.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = CardShape.class,
      names = {
        "H264_REORDERED",
        "H264_OPEN_GOP_PYRAMID",
        "H264_SHORT_OPEN_GOP",
        "H264_REFRESHED",
        "H264_FIELDS",
        "H264_VARIABLE_RATE",
        "H264_ALONE",
        "HEVC_OPEN_GOP",
        "AV1",
        "VP9",
        "VP8"
      })
  void showsEveryPictureOfTheWindowAndNoOther(CardShape shape) {
    assertPlays(shape, ShapeClip.of(folder, shape, FROM_US, TO_US));
  }

  @ParameterizedTest
  @EnumSource(
      value = CardShape.class,
      names = {"H264_OPEN_GOP_PYRAMID", "H264_REFRESHED"})
  void showsEveryPictureOfTheExactFile(CardShape shape) {
    assertPlays(shape, ShapeClip.of(folder, shape, FROM_US, TO_US).exact());
  }

  private void assertPlays(CardShape shape, ShapeClip clip) {
    server.show(clip.file(), contentType(clip));
    try (Page page = browser.newPage()) {
      page.navigate(server.url());
      if (!canPlay(page, clip)) {
        assertEquals(CardShape.HEVC_OPEN_GOP, shape, "Chromium cannot play it");
        System.out.println("not judged: this Chromium has no decoder for " + shape);
        return;
      }
      assertShows(page, clip);
    }
  }

  private static String contentType(ShapeClip clip) {
    return "video/" + clip.result().container();
  }

  private static boolean canPlay(Page page, ShapeClip clip) {
    String codec = CodecName.of(clip.result().tracks().getFirst().format());
    String type = contentType(clip) + "; codecs=\"" + codec + "\"";
    return !page.evaluate("document.createElement('video').canPlayType('" + type + "')").equals("");
  }

  private static void assertShows(Page page, ShapeClip clip) {
    assertEquals("none", page.evaluate(WATCH));
    assertEquals("none", page.evaluate(PLAY));
    TreeMap<Integer, Long> seenUs = new TreeMap<>();
    note(page, clip, seenUs);
    assertTrue(seenUs.size() > clip.picturesUs().size() / 2, () -> "played " + seenUs);
    for (int i = 0; i < clip.picturesUs().size(); i++) {
      if (!seenUs.containsKey(clip.firstFrame() + i)) {
        goTo(page, clip.picturesUs().get(i));
      }
    }
    note(page, clip, seenUs);
    assertEquals(clip.firstFrame(), seenUs.firstKey());
    assertEquals(clip.picturesUs().size(), seenUs.size(), () -> "of all pictures " + seenUs);
  }

  private static void goTo(Page page, long pictureUs) {
    page.evaluate(
        """
        (async () => {
          const video = document.querySelector('video');
          const pictureS = %s;
          const isSeen = () => window.seen.some((p) => Math.abs(p.mediaTime - pictureS) < 0.002);
          const untilMs = performance.now() + 10000;
          video.currentTime = pictureS + 0.01;
          while (!isSeen() && performance.now() < untilMs) {
            await new Promise((go) => setTimeout(go, 5));
          }
        })()
        """
            .formatted(pictureUs / 1e6));
  }

  /** What was presented until now; all of it must be of the window, and at its time. */
  private static void note(Page page, ShapeClip clip, Map<Integer, Long> seenUs) {
    JsonArray all = (JsonArray) page.evaluate("window.seen");
    for (int i = 0; i < all.size(); i++) {
      JsonObject picture = all.getJsonObject(i);
      byte[] luma = Base64.getDecoder().decode(picture.getString("luma"));
      int widthPx = picture.getInteger("widthPx");
      Optional<FrameStamp> stamp = FrameStamp.read(luma, widthPx, luma.length / widthPx);
      assertTrue(stamp.isPresent(), "a picture without a code at " + picture.getValue("mediaTime"));
      int index = stamp.get().index() - clip.firstFrame();
      assertTrue(
          index >= 0 && index < clip.picturesUs().size(),
          () -> "frame " + stamp.get().index() + " is not of the window");
      long atUs = Math.round(picture.getDouble("mediaTime") * 1e6);
      long offUs = Math.abs(clip.picturesUs().get(index) - atUs);
      assertTrue(offUs <= 1_000, () -> "picture " + index + " is off by " + offUs + " us");
      seenUs.put(stamp.get().index(), atUs);
    }
  }
}
