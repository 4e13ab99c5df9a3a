package dev.halcyon.verticles.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipExtended;
import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.clip.ClipRequested;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipWindow;
import dev.halcyon.core.detect.AudioLevel;
import dev.halcyon.core.detect.DetectionSettings;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.event.StreamEvent;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.ops.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DetectorVerticleTest {
  private static final UUID WORKSPACE = new UUID(0, 1);
  private static final UUID STREAM = new UUID(0, 2);

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = Bus.install(vertx);
  private final Metrics metrics = new Metrics();
  private final DetectorVerticle verticle = new DetectorVerticle(metrics, Clock.system());
  private final BlockingQueue<StreamEvent> facts = new LinkedBlockingQueue<>();
  private final BlockingQueue<ClipExtended> extensions = new LinkedBlockingQueue<>();
  private final BlockingQueue<ClipRequested> requests = new LinkedBlockingQueue<>();
  private long nowUs = 300_000;

  @BeforeEach
  void start() throws Exception {
    bus.<StreamEvent>onFact(Addresses.STREAM_EVENT, facts::add);
    bus.<ClipExtended>onFact(Addresses.CLIP_EXTEND, extensions::add);
    vertx.deployVerticle(verticle).await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
    metrics.close();
  }

  @Test
  void aBurstBecomesARequestForAClipAndAGrowthMovesItsEnd() throws Exception {
    Promise<Clip> slowAnswer = Promise.promise();
    answerRequests(slowAnswer.future());
    StreamDetector detector = detector();
    sound(detector, 10, -40);
    sound(detector, 1.2, -10);
    ClipRequested request = next(requests);
    sound(detector, 0.5, -40);
    sound(detector, 2, -10);
    assertTrue(extensions.isEmpty(), "the clip's id is not known yet");

    Clip clip = clip(request);
    slowAnswer.complete(clip);
    ClipExtended extension = next(extensions);
    assertEquals(clip.id(), extension.clipId());
    assertTrue(extension.toUs() > clip.endUs());
    assertTrue(metrics.scrape().contains("halcyon_highlights_total 1.0"));
  }

  @Test
  void factsKeepTheirOrder() throws Exception {
    answerRequests(Future.failedFuture(new HalcyonException(ErrorCode.STREAM_NOT_FOUND, "none")));
    StreamDetector detector = detector();
    sound(detector, 10, -40);
    sound(detector, 2, -10);
    List<String> types = new ArrayList<>();
    for (int i = 0; i < 14; i++) {
      types.add(next(facts).type());
    }
    assertEquals(12, types.stream().filter("levels"::equals).count());
    assertTrue(types.indexOf("signal") > 9, types::toString);
    assertEquals(types.indexOf("signal") + 1, types.indexOf("highlight.detected"));
  }

  @Test
  void aRefusedClipHidesNothingOfTheNext() throws Exception {
    answerRequests(Future.failedFuture(new HalcyonException(ErrorCode.RANGE_NOT_HELD, "gone")));
    StreamDetector detector = detector();
    sound(detector, 10, -40);
    sound(detector, 2, -10);
    next(requests);
    sound(detector, 20, -40);
    sound(detector, 2, -10);
    next(requests);
  }

  @Test
  void beforeItIsDeployedItHasNoDetectors() {
    DetectorVerticle idle = new DetectorVerticle(metrics, Clock.system());
    assertThrows(
        IllegalStateException.class,
        () -> idle.detector(WORKSPACE, STREAM, () -> DetectionSettings.DEFAULT));
  }

  private void answerRequests(Future<Clip> answer) {
    bus.<ClipRequested, Clip>onRequest(
        Addresses.CLIP_REQUEST,
        request -> {
          requests.add(request);
          return answer;
        });
  }

  private StreamDetector detector() {
    return verticle.detector(WORKSPACE, STREAM, () -> DetectionSettings.DEFAULT);
  }

  private void sound(StreamDetector detector, double seconds, double lufs) {
    for (int i = 0; i < Math.round(seconds * 10); i++) {
      nowUs += AudioLevel.STEP_US;
      detector.onLevel(new AudioLevel(nowUs, lufs, 0.5, 3_000, 0.2), nowUs);
    }
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T item = queue.poll(10, TimeUnit.SECONDS);
    assertNotNull(item, "nothing came within 10 s");
    return item;
  }

  private static Clip clip(ClipRequested request) {
    ClipWindow.StreamTime window = (ClipWindow.StreamTime) request.window();
    return new Clip(
        UUID.randomUUID(),
        request.workspaceId(),
        new ClipOrigin.OfStream(request.streamId()),
        ClipStatus.OPENED,
        "",
        "",
        List.of(),
        window.fromUs(),
        window.toUs(),
        request.score(),
        request.reason(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Instant.EPOCH);
  }
}
