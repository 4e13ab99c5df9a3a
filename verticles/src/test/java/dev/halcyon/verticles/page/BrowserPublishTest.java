package dev.halcyon.verticles.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.TestCardRaw;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.verticles.client.HalcyonClient;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A browser publishes by WebRTC what its camera and its microphone give, which are files with a
 * test card here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserPublishTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final long CARD_US = 60_000_000;
  private static final long SETTLED_US = 8_000_000;

  /** A busy browser takes a picture up to two frames late, and starts its two devices apart. */
  private static final long CAPTURE_JITTER_US = 80_000;

  private static final TestCard CARD = TestCard.builder().build();

  /** What a page does to go live; with all codecs, or one. */
  private static final String PUBLISH =
      """
      (async () => {
        const quality = { echoCancellation: false, autoGainControl: false, noiseSuppression: false };
        const media = await navigator.mediaDevices.getUserMedia({ video: true, audio: quality });
        const peer = new RTCPeerConnection();
        window.peer = peer;
        for (const track of media.getTracks()) {
          const sender = peer.addTransceiver(track, { direction: 'sendonly', streams: [media] });
          const isCodec = (codec) => codec.mimeType === 'video/CODEC' || codec.mimeType === 'video/rtx';
          if (track.kind === 'video' && 'CODEC') {
            const all = RTCRtpSender.getCapabilities('video').codecs;
            sender.setCodecPreferences(all.filter(isCodec));
          }
        }
        await peer.setLocalDescription();
        const answer = await fetch('/whip', {
          method: 'POST',
          headers: { 'Content-Type': 'application/sdp', Authorization: 'Bearer KEY' },
          body: peer.localDescription.sdp,
        });
        const sdp = await answer.text();
        if (answer.status !== 201) return answer.status + ' ' + sdp;
        window.session = answer.headers.get('Location');
        await peer.setRemoteDescription({ type: 'answer', sdp });
        return 'ok';
      })()
      """;

  private LiveHouse house;
  private HalcyonClient client;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    Path pictures = folder.resolve("card.y4m");
    Path sound = folder.resolve("card.wav");
    TestCardRaw.writePictures(CARD, CARD_US, pictures);
    TestCardRaw.writeSound(CARD, CARD_US, sound);
    Browser browser =
        Browser.start(
            List.of(
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                "--use-file-for-fake-video-capture=" + pictures,
                "--use-file-for-fake-audio-capture=" + sound,
                "--allow-loopback-in-peer-connection"));
    house = LiveHouse.open(folder.resolve("data"), browser);
    client = new HalcyonClient(house.url());
    client.register("browser@example.org", "a long enough password", "Browser");
  }

  @AfterAll
  void close() throws Exception {
    if (client != null) {
      client.close();
    }
    if (house != null) {
      house.close();
    }
  }

  /** With no preference of its own, the best for clips is chosen, whatever the browser likes. */
  @ParameterizedTest
  @CsvSource({"'', H264", "VP8, VP8", "VP9, VP9", "AV1, AV1"})
  void publishesWhatAClipShowsPictureByPicture(String offered, String codec, @TempDir Path folder)
      throws Exception {
    JsonObject stream =
        client.createStream(
            codec, new JsonObject().put("detection", new JsonObject().put("enabled", false)));
    String path = "/api/streams/" + stream.getString("id");
    try (Page page = house.browser().newPage()) {
      page.navigate(house.url() + "/");
      assertEquals(
          "ok",
          page.evaluate(
              PUBLISH.replace("CODEC", offered).replace("KEY", stream.getString("stream_key"))));
      page.waitUntil("connected", "peer.connectionState === 'connected'", PATIENCE);
      // By then both tracks have reported, and lie as their sender says.
      until("media in the ring", () -> heldUs(path) >= SETTLED_US);
      assertShowsTheCard(clip(stream.getString("id"), folder));
      page.evaluate("fetch(session, { method: 'DELETE' }).then(() => peer.close())");
      until("the end", () -> client.get(path).getString("status").equals("idle"));
    }
  }

  private Verdict clip(String streamId, Path folder) {
    String id = client.requestClip(streamId, new JsonObject().put("last_s", 3));
    until("the clip", () -> client.clip(id).getString("status").equals("sealed"));
    Path file = folder.resolve("clip");
    client.download(client.clip(id).getString("download_url"), file);
    return TestCardJudge.judge(file);
  }

  /**
   * Which pictures a browser takes from its camera, and when, is its own; those that it sent must
   * be there, whole, in order, in time and with their sound.
   */
  private static void assertShowsTheCard(Verdict verdict) {
    Verdict.Pictures pictures = verdict.pictures().orElseThrow();
    assertEquals(List.of(), pictures.unreadable(), verdict::toString);
    assertEquals(List.of(), pictures.outOfOrder(), verdict::toString);
    assertEquals(0, verdict.decodeErrors(), verdict::toString);
    assertTrue(pictures.presentedFrames() >= 45, verdict::toString);
    assertTrue(pictures.maxTimingErrorUs() <= CAPTURE_JITTER_US, verdict::toString);
    assertTrue(verdict.sound().orElseThrow().markers() >= 20, verdict::toString);
    Verdict.Skew skew = verdict.skew().orElseThrow();
    assertTrue(skew.maxAbsUs() <= CAPTURE_JITTER_US, verdict::toString);
  }

  private long heldUs(String path) {
    JsonObject ring = client.get(path + "/health").getJsonObject("ring");
    return ring.getLong("to_us") - ring.getLong("from_us");
  }

  private static void until(String what, BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - deadlineNs < 0, "not in time: " + what);
      LockSupport.parkNanos(50_000_000);
    }
  }
}
