package dev.halcyon.verticles.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.FrameStamp;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.core.media.FrameRate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clips over a reconnect in Chromium's own player and decoders. */
@Timeout(120)
class StitchedPlaybackTest {
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(15);
  private static final double MARKERS_US = 100_000;

  /** Half a packet of 1,024 samples at 48 kHz, and what finding an onset is off by. */
  private static final double MAX_OFF_US = 10_667 + 3_000;

  private static final String DOCUMENT =
      """
      <!doctype html><link rel="icon" href="data:,">
      <video muted playsinline preload="auto" src="clip"></video>
      <canvas></canvas>
      """;

  private static final String LOOK =
      """
      (() => {
        const video = document.querySelector('video');
        const canvas = document.querySelector('canvas');
        [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
        const context = canvas.getContext('2d', { willReadFrequently: true });
        context.drawImage(video, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        let luma = '';
        for (let i = 1; i < data.length; i += 4) luma += String.fromCharCode(data[i]);
        return { luma: btoa(luma), widthPx: canvas.width };
      })()
      """;

  /** When sound begins after 20 ms without, in seconds, by the count of samples. */
  private static final String LISTEN =
      """
      (async () => {
        const bytes = await (await fetch('clip')).arrayBuffer();
        const context = new OfflineAudioContext(1, 48000, 48000);
        const samples = (await context.decodeAudioData(bytes)).getChannelData(0);
        const onsets = [];
        let quiet = 1e9;
        for (let i = 0; i < samples.length; i++) {
          const isLoud = Math.abs(samples[i]) > 0.02;
          if (isLoud && quiet > 960) onsets.push(i / 48000);
          quiet = isLoud ? 0 : quiet + 1;
        }
        return onsets;
      })()
      """;

  @TempDir private Path folder;
  private ClipServer server;
  private Browser browser;
  private Page page;

  @BeforeEach
  void start() throws IOException {
    browser = Browser.start();
    server = ClipServer.start(DOCUMENT);
    page = browser.newPage();
  }

  @AfterEach
  void stop() throws IOException {
    if (page != null) {
      page.close();
    }
    if (server != null) {
      server.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  private static TestCard.Builder card(int id) {
    return TestCard.builder()
        .size(320, 180)
        .frameRate(new FrameRate(25, 1))
        .gop(25)
        .bFrames(2)
        .cardId(id);
  }

  private StitchedClip shown(TestCard after) {
    StitchedClip clip = StitchedClip.of(folder, card(1).build(), after);
    server.show(clip.file(), "video/mp4");
    page.navigate(server.url());
    page.waitUntil("the clip is loaded", "document.querySelector('video').readyState >= 3");
    return clip;
  }

  /** Back and forth: the player decodes ahead, over the joint, of what it shows. */
  private void assertShowsWhatItSeeks(StitchedClip clip) {
    int joint = clip.joint();
    int last = clip.pictures().size() - 1;
    for (int picture :
        List.of(0, joint - 2, joint - 1, joint, joint - 2, last, joint - 1, 0, joint + 1, 3)) {
      assertEquals("there", seek(clip.middleS(picture)));
      String wanted =
          clip.pictures().get(picture).name() + " " + clip.pictures().get(picture).widthPx();
      long deadlineNs = System.nanoTime() + PATIENCE_NS;
      String seen = look();
      while (!seen.equals(wanted) && System.nanoTime() - deadlineNs < 0) {
        seen = look();
      }
      assertEquals(wanted, seen);
    }
    page.assertNoFaults();
  }

  /** What the player answers. */
  private Object seek(double atS) {
    return page.evaluate(
        """
        (async () => {
          const video = document.querySelector('video');
          const isThere = new Promise((go) => {
            video.addEventListener('seeked', () => go('there'), { once: true });
            video.addEventListener('error', () => go(video.error.message), { once: true });
            setTimeout(() => go('no answer'), 15000);
          });
          video.currentTime = %s;
          return isThere;
        })()
        """
            .formatted(atS));
  }

  private String look() {
    JsonObject picture = (JsonObject) page.evaluate(LOOK);
    byte[] luma = Base64.getDecoder().decode(picture.getString("luma"));
    int widthPx = picture.getInteger("widthPx");
    return FrameStamp.read(luma, widthPx, luma.length / widthPx)
        .map(stamp -> stamp.cardId() + ":" + stamp.index() + " " + widthPx)
        .orElse("unreadable");
  }

  @Test
  void seeksOverAChangeOfThePictureSize() {
    assertShowsWhatItSeeks(shown(card(2).size(480, 270).build()));
  }

  @Test
  void seeksOverAChangeOfParameterSetsAlone() {
    assertShowsWhatItSeeks(shown(card(2).bFrames(0).build()));
  }

  /** Its decoders take no notice of times: sound is where it is by what came before it. */
  @Test
  void soundsTheLaterSideInItsPlace() {
    StitchedClip clip = shown(card(2).build());
    List<Double> onsetsS =
        ((JsonArray) page.evaluate(LISTEN))
            .stream().map(number -> ((Number) number).doubleValue()).toList();
    int later = 1;
    for (int i = 1; i < onsetsS.size(); i++) {
      later = lengthS(onsetsS, i) > lengthS(onsetsS, later) ? i : later;
    }
    long gapUs =
        clip.pictures().get(clip.joint()).atUs() - clip.pictures().get(clip.joint() - 1).atUs();
    double silentUs = lengthS(onsetsS, later) * 1e6;
    // A marker at either end may be cut off by the gap.
    assertEquals((double) gapUs, silentUs, 2 * MARKERS_US, onsetsS::toString);
    long wantedUs = clip.programmesUs().get(1) - clip.programmesUs().get(0);
    double offUs = Math.IEEEremainder(silentUs - (double) wantedUs, MARKERS_US);
    assertTrue(Math.abs(offUs) < MAX_OFF_US, () -> "off by " + offUs + " us: " + onsetsS);
    assertTrue(onsetsS.size() > 16, onsetsS::toString);
  }

  private static double lengthS(List<Double> onsetsS, int index) {
    return onsetsS.get(index) - onsetsS.get(index - 1);
  }
}
