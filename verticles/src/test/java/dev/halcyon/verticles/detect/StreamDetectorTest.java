package dev.halcyon.verticles.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipRequested;
import dev.halcyon.core.clip.ClipWindow;
import dev.halcyon.core.detect.AudioLevel;
import dev.halcyon.core.detect.DetectionSettings;
import dev.halcyon.core.detect.Highlight;
import dev.halcyon.core.detect.SceneScore;
import dev.halcyon.core.detect.SignalKind;
import dev.halcyon.core.event.StreamEvent;
import dev.halcyon.core.event.StreamEvent.HighlightDetected;
import dev.halcyon.core.event.StreamEvent.LevelsMeasured;
import dev.halcyon.core.event.StreamEvent.SignalRaised;
import dev.halcyon.core.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StreamDetectorTest {
  private static final UUID WORKSPACE = new UUID(0, 1);
  private static final UUID STREAM = new UUID(0, 2);

  /** Stream time 0 arrived at this wall clock. */
  private static final long ARRIVAL_US = 1_800_000_000_000_000L;

  private final Recorded sink = new Recorded();
  private final FakeClock clock = new FakeClock();
  private DetectionSettings settings = DetectionSettings.DEFAULT;
  private final StreamDetector detector =
      new StreamDetector(WORKSPACE, STREAM, () -> settings, clock, sink);
  private long nowUs = 300_000;

  private static final class FakeClock implements Clock {
    long wallUs = ARRIVAL_US;

    @Override
    public long wallUs() {
      return wallUs;
    }

    @Override
    public long nanoTime() {
      return wallUs * 1_000;
    }
  }

  private static final class Recorded implements DetectionSink {
    final List<StreamEvent> facts = new ArrayList<>();
    final List<ClipRequested> requests = new ArrayList<>();
    final List<Highlight> extensions = new ArrayList<>();

    @Override
    public void publish(StreamEvent fact) {
      facts.add(fact);
    }

    @Override
    public void request(ClipRequested request) {
      requests.add(request);
    }

    @Override
    public void extend(UUID streamId, Highlight highlight) {
      extensions.add(highlight);
    }

    <T extends StreamEvent> List<T> of(Class<T> type) {
      return facts.stream().filter(type::isInstance).map(type::cast).toList();
    }
  }

  @Test
  void asksForAClipOfEachHighlightAndSaysWhy() {
    sound(10, -40);
    long burstUs = nowUs;
    sound(2, -10);

    ClipRequested request = sink.requests.getFirst();
    assertEquals(1, sink.requests.size());
    assertEquals(WORKSPACE, request.workspaceId());
    assertEquals(STREAM, request.streamId());
    ClipWindow.StreamTime window = assertInstanceOf(ClipWindow.StreamTime.class, request.window());
    assertNear(burstUs - 8_000_000, window.fromUs());
    assertNear(burstUs + 4_000_000, window.toUs());
    assertTrue(request.clampsToHeld());
    assertTrue(request.score() > 0.95 && request.score() < 1, "decayed since the peak");
    assertEquals(ClipReason.Kind.HIGHLIGHT, request.reason().kind());
    assertEquals(SignalKind.CROWD_REACTION, request.reason().signals().getFirst().kind());

    assertEquals(1, sink.of(SignalRaised.class).size());
    HighlightDetected detected = sink.of(HighlightDetected.class).getFirst();
    assertEquals(window.fromUs(), detected.highlight().fromUs());
    assertEquals(request.reason().signals(), detected.highlight().signals());
  }

  @Test
  void tellsWhenTheMediaOfThePeakArrivedNotWhenItWasConfirmed() {
    sound(10, -40);
    sound(2, -10);
    ClipRequested request = sink.requests.getFirst();
    long peakUs = request.reason().signals().getFirst().atUs();
    assertNear(ARRIVAL_US + peakUs, request.triggerArrivalUs());
    assertTrue(request.triggerArrivalUs() < clock.wallUs - 1_000_000);
  }

  @Test
  void aLongerHighlightIsAnExtensionAndNoSecondRequest() {
    sound(10, -40);
    sound(1.2, -10);
    sound(0.5, -40);
    sound(2, -10);
    assertEquals(1, sink.requests.size());
    assertEquals(1, sink.of(HighlightDetected.class).size());
    Highlight longer = sink.extensions.getFirst();
    ClipWindow.StreamTime first = (ClipWindow.StreamTime) sink.requests.getFirst().window();
    assertEquals(first.fromUs(), longer.fromUs());
    assertTrue(longer.toUs() > first.toUs() + 1_000_000);
  }

  @Test
  void levelsGoOutOnceASecondWithoutAHole() {
    sound(3.5, -40);
    List<LevelsMeasured> messages = sink.of(LevelsMeasured.class);
    assertEquals(3, messages.size());
    for (int i = 0; i < 3; i++) {
      assertEquals(400_000 + i * 1_000_000L, messages.get(i).fromUs());
      assertEquals(10, messages.get(i).lufs().size());
      assertEquals(AudioLevel.STEP_US, messages.get(i).stepUs());
    }
    detector.end();
    assertEquals(5, sink.of(LevelsMeasured.class).getLast().lufs().size());
    detector.end();
    assertEquals(4, sink.of(LevelsMeasured.class).size());
  }

  @Test
  void levelsOfOneMessageAreNeighbours() {
    sound(0.5, -40);
    nowUs += 5_000_000;
    sound(1, -40);
    List<LevelsMeasured> messages = sink.of(LevelsMeasured.class);
    assertEquals(List.of(5, 10), messages.stream().map(m -> m.lufs().size()).toList());
    assertEquals(5_900_000, messages.getLast().fromUs());
  }

  @Test
  void settingsCountFromTheNextMeasurement() {
    settings = new DetectionSettings(false, 0.5, 8, 4, 6, 10, 1);
    sound(10, -40);
    sound(2, -10);
    sound(10, -40);
    assertTrue(sink.requests.isEmpty() && sink.of(SignalRaised.class).isEmpty());
    assertEquals(22, sink.of(LevelsMeasured.class).size());
    settings = DetectionSettings.DEFAULT;
    sound(2, -10);
    assertEquals(1, sink.requests.size());
  }

  @Test
  void pictureChangesAreSignalsToo() {
    for (int s = 1; s <= 10; s++) {
      detector.onScene(new SceneScore(s * 1_000_000L, 0.01), ARRIVAL_US + s * 1_000_000L);
    }
    detector.onScene(new SceneScore(11_000_000, 0.6), ARRIVAL_US + 11_000_000);
    assertEquals(SignalKind.SCENE_CHANGE, sink.of(SignalRaised.class).getFirst().signal().kind());
    assertTrue(sink.requests.isEmpty());
  }

  private static void assertNear(long expectedUs, long actualUs) {
    assertTrue(Math.abs(expectedUs - actualUs) <= 300_000, expectedUs + " is not " + actualUs);
  }

  /** Steady noise. */
  private void sound(double seconds, double lufs) {
    for (int i = 0; i < Math.round(seconds * 10); i++) {
      nowUs += AudioLevel.STEP_US;
      clock.wallUs = ARRIVAL_US + nowUs + 20_000;
      detector.onLevel(new AudioLevel(nowUs, lufs, 0.5, 3_000, 0.2), ARRIVAL_US + nowUs);
    }
  }
}
