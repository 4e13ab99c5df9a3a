package dev.halcyon.verticles.page;

import static dev.halcyon.verticles.page.Page.id;
import static dev.halcyon.verticles.page.StreamPage.SEALED_CARD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.TestCardProgramme;
import dev.halcyon.codecs.testcard.TestCardProgramme.Moment;
import dev.halcyon.codecs.testcard.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in a real browser, against a whole node, as its user goes through it: each test takes up
 * where the one before left the page. After each, nothing may have gone wrong unseen.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(FirstFailureEndsTheStory.class)
class PageTest {
  private static final String EMAIL = "streamer@example.org";
  private static final String PASSWORD = "a long enough password";

  private static final int FPS = 30;
  private static final double FRAME_S = 1.0 / FPS;

  /** The first burst comes after the 5 s that the loudness baseline takes to begin. */
  private static final TestCard CARD =
      TestCard.builder()
          .programme(TestCardProgramme.talkWith(List.of(Moment.crowdBurst(7_000_000, 1_500_000))))
          .build();

  private static final Map<String, String> DETECTION =
      Map.of("pre-roll", "2", "post-roll", "1", "merge-window", "1", "cooldown", "1");

  /** Time for the burst, the post-roll, and a busy machine. */
  private static final Duration UNTIL_A_CLIP = Duration.ofSeconds(40);

  /** Each socket fails at once, as behind a proxy that knows none. */
  private static final String NO_WEB_SOCKETS =
      """
      window.WebSocket = class {
        constructor() {
          setTimeout(() => this.onclose?.({ code: 1006 }));
        }
        close() {}
      };
      """;

  private LiveHouse house;
  private Page page;
  private StreamPage stream;
  private CardPublisher publisher;
  private String rangeClipId;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    house = LiveHouse.open(folder.resolve("data"));
    page = house.browser().newPage();
    stream = new StreamPage(page);
    page.navigate(house.url() + "/");
  }

  @AfterAll
  void close() throws Exception {
    if (publisher != null) {
      publisher.close();
    }
    if (house != null) {
      house.close();
    }
  }

  @AfterEach
  void nothingWentWrongUnseen() {
    assertNoFaults(page);
  }

  private static void assertNoFaults(Page tab) {
    // A poster follows its clip by a moment and the page asks again; its test wants to see it.
    tab.faults().take("/poster.jpg");
    tab.assertNoFaults();
  }

  @Test
  @Order(1)
  void registersAndCreatesAStreamThatTellsWhereToPublish() {
    page.click(id("register-toggle"));
    page.type(id("register-name"), "Streamer");
    page.type(id("login-email"), EMAIL);
    page.type(id("login-password"), PASSWORD);
    page.click(id("login-submit"));
    page.type(id("stream-create-name"), "Finals, main stage");
    page.click(id("stream-create-submit"));

    assertEquals("Finals, main stage", page.text(id("stream-name")));
    assertEquals("idle", page.attribute(id("stream-status"), "data-status"));
    assertFalse(page.text(id("ingest-key")).matches("[0-9a-f]+"), "the key is shown unasked");
    page.click(id("ingest-reveal"));
    String key = page.text(id("ingest-key"));
    assertTrue(key.matches("[0-9a-f]{32}"), key);
    String address = page.text(id("ingest-rtmp"));
    assertTrue(address.matches("rtmp://127\\.0\\.0\\.1:\\d+/live/" + key), address);
    page.waitFor(id("link-state") + "[data-link=live]");
  }

  @Test
  @Order(2)
  void savesDetectionSettings() {
    DETECTION.forEach((field, value) -> page.type(id("detection-" + field), value));
    page.click(id("detection-save"));
    assertEquals("Detection settings saved.", page.text(id("toast-message")));
    page.reload();
    DETECTION.forEach(
        (field, value) -> assertEquals(value, page.value(id("detection-" + field)), field));
  }

  @Test
  @Order(3)
  void followsTheStreamAsItGoesLive() {
    stream.noteStatuses();
    page.click(id("ingest-reveal"));
    publisher = new CardPublisher(page.text(id("ingest-rtmp")), CARD);

    page.waitFor(id("stream-status") + "[data-status=active]");
    stream.awaitOnCurve("levels", 20);
    stream.awaitText("health-fps", "(29|30)\\.\\d fps");
    stream.awaitText("health-bitrate", "[\\d.]+ [kM]b\\/s");
    stream.awaitText("health-packet-age", "\\d{1,3} ms");
    stream.awaitText("health-audio-lag", "\\d{1,3} ms");
    stream.awaitText("health-video-lag", "\\d{1,3} ms|1\\.\\d s");
    stream.awaitText("health-ring-seconds", "([2-9]|\\d\\d)\\.\\d s of 10 min 00 s");
  }

  @Test
  @Order(4)
  void showsAClipFromItsFirstMomentToItsPoster() {
    page.waitFor(SEALED_CARD, UNTIL_A_CLIP);
    String clipId = stream.clips().getFirst();
    assertEquals(List.of("opened", "playable", "sealed"), stream.notedStatuses(clipId));
    page.waitUntil(
        "the poster is shown",
        "document.querySelector('" + id("clip-poster") + "')?.naturalWidth > 0");
    stream.awaitOnCurve("signals", 1);
    String reason = page.text(id("clip-reason"));
    assertTrue(reason.contains("Crowd reaction"), reason);
    assertTrue(reason.contains(page.text(id("clip-title"))), "titled by none of " + reason);
    assertTrue(page.text(id("clip-contract")).startsWith("Cut0 frames off"));
    assertScrubs();
  }

  /** Where the pointer is from left to right, the clip is shown. */
  private void assertScrubs() {
    String area = "document.querySelector('" + id("clip-tile") + " svg')?.getAttribute('viewBox')";
    page.waitFor(id("clip-scrub"));
    // The strip follows its clip by a moment: the page asks again when the pointer moves.
    Object early = null;
    for (int attempt = 0; attempt < 200 && early == null; attempt++) {
      page.hover(id("clip-scrub"), 0.15 + 0.01 * (attempt % 2));
      early = page.evaluate("new Promise((go) => setTimeout(() => go(" + area + " ?? null), 100))");
    }
    assertTrue(String.valueOf(early).matches("[1-9]\\d* 0 160 90"), "near the start: " + early);
    page.hover(id("clip-scrub"), 0.95);
    page.waitUntil("the clip's end", area + " !== '" + early + "' && " + area);
    page.waitUntil(
        "the strip's image",
        "document.querySelector('"
            + id("clip-tile")
            + " image').getBoundingClientRect().width > 0");
  }

  @Test
  @Order(5)
  void clipsARangeAndTheNewestSecondsByHand() {
    page.type(id("clip-from"), "0:01");
    page.type(id("clip-to"), "0:03");
    page.click(id("clip-range"));
    rangeClipId = stream.awaitManualClips(1);
    page.click(id("clip-last-15"));
    stream.awaitManualClips(2);
  }

  @Test
  @Order(6)
  void verifiesAClipOnRequest() {
    String card = StreamPage.cardOf(rangeClipId) + " ";
    page.click(card + id("clip-contract") + " summary");
    page.click(card + id("clip-verify"));
    String verified = card + id("clip-verified");
    page.waitFor(verified, UNTIL_A_CLIP);
    assertEquals("true", page.attribute(verified, "data-ok"), page.text(verified));
    assertTrue(page.text(verified).matches("The file keeps its contract: \\d+ checks\\."));
    page.click(card + id("clip-contract") + " summary");
  }

  @Test
  @Order(6)
  void preparesOtherFormsOfAClip() {
    String card = StreamPage.cardOf(rangeClipId) + " ";
    page.click(card + id("clip-forms") + " summary");
    for (String form : List.of("format=mkv", "exact=reencode")) {
      String item = card + "[data-form='" + form + "']";
      page.click(item + " button");
      page.waitFor(item + "[data-state=ready] a", UNTIL_A_CLIP);
      assertTrue(page.attribute(item + " a", "href").endsWith("&" + form));
    }
    page.click(card + id("clip-forms") + " summary");
  }

  /** A busy machine may leave out the first frames at play; that they are there is shown below. */
  @Test
  @Order(7)
  void playsAClipFromItsStartAndForAsLongAsItsContractSays() {
    VideoProbe video = new VideoProbe(page, rangeClipId);
    List<Double> presentedS = video.playUntil(0.5);
    assertTrue(presentedS.getFirst() < 0.25, presentedS::toString);
    assertEquals(presentedS.stream().sorted().distinct().toList(), presentedS);
    assertEquals(320, video.widthPx());
    assertEquals(stream.deliveredUs(rangeClipId) / 1e6, video.durationS(), 0.040);
  }

  /**
   * Played at speed, a busy machine leaves frames out, so the frames are counted by going to each:
   * the browser must have a picture of its own for each frame's time, at that time; the first and
   * the last must be the very ones that a judge finds at the ends of the file.
   */
  @Test
  @Order(8)
  void presentsEveryFrameOfAClipAndNoOther(@TempDir Path folder) throws IOException {
    int frames = (int) Math.round(stream.deliveredUs(rangeClipId) * FPS / 1e6);
    assertEquals(2 * FPS, frames);
    String url = house.url() + stream.clip(rangeClipId).getString("play_url");
    Verdict.Pictures inFile = TestCardJudge.judge(url).pictures().orElseThrow();
    assertEquals(frames, inFile.presentedFrames());

    VideoProbe video = new VideoProbe(page, rangeClipId);
    List<Double> presentedS = video.step(frames, FRAME_S);
    for (int i = 0; i < frames; i++) {
      assertEquals(i * FRAME_S, presentedS.get(i), FRAME_S / 2, "frame " + i + " of " + presentedS);
    }
    assertEquals(inFile.lastFrame(), frameShown(video, folder));
    video.step(1, FRAME_S);
    assertEquals(inFile.firstFrame(), frameShown(video, folder));
  }

  private static int frameShown(VideoProbe video, Path folder) throws IOException {
    Path picture = video.savePicture(folder.resolve("shown.png"));
    return TestCardJudge.judge(picture).pictures().orElseThrow().firstFrame();
  }

  /**
   * The first picture that the browser shows of a growing clip is the very one of the sealed file,
   * and when that is there the page goes on in it where it was.
   */
  @Test
  @Order(9)
  void playsAClipWhileItGrowsAndGoesOnInTheWholeOne(@TempDir Path folder) throws IOException {
    long nowUs = stream.heldToUs();
    stream.requestClip(nowUs - 2_000_000, nowUs + 6_000_000);
    String clipId = stream.awaitCard("playable");
    VideoProbe video = new VideoProbe(page, clipId);
    video.load();
    int shown = frameShown(video, folder);
    assertEquals(0, video.seekableS(), "a growing clip has no end to seek to");
    List<Double> presentedS = video.playUntil(1.0);
    assertEquals(presentedS.stream().sorted().distinct().toList(), presentedS);
    double pausedS = video.currentS();
    page.waitFor(StreamPage.cardOf(clipId) + "[data-status=sealed]", UNTIL_A_CLIP);
    video.awaitSeekableTo(7.9);
    assertEquals(pausedS, video.currentS(), 0.05);
    assertEquals(stream.deliveredUs(clipId) / 1e6, video.durationS(), 0.040);
    video.resumeUntil(pausedS + 0.5);
    video.step(1, FRAME_S);
    assertEquals(frameShown(video, folder), shown);
    page.click(StreamPage.cardOf(clipId) + " " + id("clip-delete"));
    page.click(id("confirm-ok"));
    page.waitUntil(
        "the card is gone", "!document.querySelector('" + StreamPage.cardOf(clipId) + "')");
  }

  @Test
  @Order(10)
  void deletesAClipAfterAsking() {
    page.click(StreamPage.cardOf(rangeClipId) + " " + id("clip-delete"));
    page.click(id("confirm-ok"));
    stream.awaitManualClips(1);
    assertFalse(stream.clips().contains(rangeClipId));
  }

  @Test
  @Order(11)
  void isStillSignedInAfterAReload() {
    List<String> before = stream.clips();
    page.reload();
    stream.awaitManualClips(1);
    assertEquals(before, stream.clips());
    page.waitFor(id("stream-status") + "[data-status=active]");
    stream.awaitOnCurve("levels", 1);
    stream.awaitOnCurve("signals", 1);
  }

  @Test
  @Order(12)
  void saysThatAPasswordIsWrongAndWorksWithoutWebSockets() {
    try (Page other = house.browser().newPage()) {
      other.beforeEachDocument(NO_WEB_SOCKETS);
      other.navigate(house.url() + "/");
      other.type(id("login-email"), EMAIL);
      other.type(id("login-password"), "not the password");
      other.click(id("login-submit"));
      assertEquals("INVALID_CREDENTIALS", other.text(id("toast-code")));
      assertFalse(other.faults().take("/api/auth/login").isEmpty());

      other.type(id("login-password"), PASSWORD);
      other.click(id("login-submit"));
      other.click(id("stream-link"));
      other.waitFor(id("link-state") + "[data-link=polling]");
      assertEquals("Updating every 5 s", other.text(id("link-state")));
      StreamPage polling = new StreamPage(other);
      polling.awaitManualClips(1);
      stream.requestClip(1_000_000, 2_000_000);
      polling.awaitManualClips(2);
      assertNoFaults(other);
    }
  }

  @Test
  @Order(13)
  void listsManyClipsPageByPage() {
    int before = stream.clips().size();
    for (int i = 0; i < 24; i++) {
      stream.requestClip(1_000_000 + i * 100_000L, 1_300_000 + i * 100_000L);
    }
    stream.awaitManualClips(before + 23);
    page.reload();
    stream.awaitText("clip-count", Integer.toString(before + 24));
    assertEquals(24, stream.clips().size());
    page.click(id("clips-older"));
    page.waitUntil(
        "all clips are listed",
        "document.querySelectorAll('" + id("clip-card") + "').length === " + (before + 24));

    page.click(id("nav-clips"));
    page.click(id("pager-next"));
    page.waitUntil(
        "the older page is listed",
        "document.querySelectorAll('" + id("clip-card") + "').length === " + before);
    page.evaluate("history.go(-2)");
    page.waitFor(id("stream-name"));
  }

  @Test
  @Order(14)
  void recordsTheStreamAndMarksAClipOnItsRecording() {
    assertEquals("Record", page.text(id("recording-toggle")));
    page.click(id("recording-toggle"));
    stream.awaitText("recording-toggle", "Stop recording");
    page.waitFor(id("recording-strip"));
    stream.awaitText("recording-facts", "([4-9]|\\d\\d)\\.\\d s, [\\d.]+ [KM]iB");
    page.click(id("recording-strip"));
    page.waitFor(id("recording-marked"));
    long status =
        ((Number)
                page.evaluate(
                    "fetch(document.querySelector('%s').href).then((answer) => answer.status)"
                        .formatted(id("recording-download-marked"))))
            .longValue();
    assertEquals(200, status);
    int before = stream.clips().size();
    page.click(id("clip-range"));
    page.waitUntil(
        "one clip more", "document.querySelectorAll('" + id("clip-card") + "').length > " + before);
    page.click(id("recording-toggle"));
    stream.awaitText("recording-toggle", "Record");
    page.waitFor(id("recording-strip"));
  }

  @Test
  @Order(15)
  void showsTheLivePictureAndGoesBackInIt() {
    page.click(id("live-start"));
    String video = "document.querySelector('" + id("live-video") + "')";
    page.waitUntil("the picture moves", video + ".currentTime > 0 && !" + video + ".paused");
    double atS = ((Number) page.evaluate(video + ".currentTime")).doubleValue();
    page.waitUntil("and goes on", video + ".currentTime > " + (atS + 1));
    stream.awaitText("live-behind", "[\\d.]+ s behind");
    page.waitUntil(
        "the ring can be gone back in",
        video
            + ".seekable.length > 0 && "
            + video
            + ".currentTime - "
            + video
            + ".seekable.start(0) > 3");
    page.evaluate(video + ".currentTime = " + video + ".seekable.start(0) + 0.5");
    page.waitUntil(
        "an older picture is shown", "!" + video + ".seeking && " + video + ".readyState >= 2");
    page.click(id("live-edge"));
    page.waitUntil("the live picture again", video + ".currentTime > " + (atS + 1));
    page.click(id("live-close"));
    page.waitFor(id("live-start"));
  }

  @Test
  @Order(16)
  void tellsThatTheStreamHasEnded() {
    publisher.close();
    page.waitFor(id("stream-status") + "[data-status=idle]");
    stream.awaitText("health-bitrate", "–");
  }

  @Test
  @Order(17)
  void showsAStrangerTheClipOfALink() {
    String url = stream.shareClip(stream.clips().getFirst());
    try (Page stranger = house.browser().newPage()) {
      stranger.navigate(url);
      assertFalse(stranger.text(id("share-title")).isEmpty());
      stranger.waitUntil(
          "the shared clip can be played",
          "document.querySelector('" + id("share-video") + "').duration > 0");
      assertNoFaults(stranger);
      stranger.evaluate("location.hash = location.hash.replace(/sig=./, 'sig=~')");
      assertEquals(
          "This link is not complete. Copy all of it.", stranger.text(id("share-refused")));
      assertFalse(stranger.faults().take("/api/share/").isEmpty());
    }
  }
}
