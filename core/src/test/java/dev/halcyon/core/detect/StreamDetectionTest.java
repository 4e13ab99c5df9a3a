package dev.halcyon.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.detect.HighlightChange.Opened;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamDetectionTest {
  private final SoundScript script = new SoundScript();

  /** Keeps what was found, and up to where the stream had come by then. */
  private static final class Recorded implements StreamDetection.Findings {
    final List<Signal> signals = new ArrayList<>();
    final List<HighlightChange> changes = new ArrayList<>();

    @Override
    public void onSignal(Signal signal) {
      signals.add(signal);
    }

    @Override
    public void onHighlight(HighlightChange change) {
      changes.add(change);
    }

    List<Highlight> opened() {
      return changes.stream()
          .filter(Opened.class::isInstance)
          .map(HighlightChange::highlight)
          .toList();
    }
  }

  @Test
  void findsEachCrowdBurstOfAProgrammeAndNothingElse() {
    List<Long> burstsUs = new ArrayList<>();
    script.talk(20, -32);
    for (int i = 0; i < 4; i++) {
      burstsUs.add(script.nowUs());
      script.crowd(3, -8).talk(22, -32);
    }
    List<Highlight> found = run(DetectionSettings.DEFAULT).opened();
    assertEquals(burstsUs.size(), found.size());
    for (int i = 0; i < found.size(); i++) {
      long burstUs = burstsUs.get(i);
      Highlight highlight = found.get(i);
      assertTrue(highlight.fromUs() < burstUs && highlight.toUs() > burstUs + 3_000_000);
      assertEquals(SignalKind.CROWD_REACTION, highlight.signals().getFirst().kind());
    }
  }

  @Test
  void theSameMeasurementsRunAgainWithOtherSettings() {
    script.noise(20, -40).tone(2, -34.5).noise(30, -40).tone(2, -20).noise(10, -40);
    DetectionSettings eager = new DetectionSettings(true, 0.3, 8, 4, 6, 10, 1);
    assertEquals(1, run(DetectionSettings.DEFAULT).opened().size());
    assertEquals(2, run(eager).opened().size());
    assertEquals(run(eager).changes, run(eager).changes);
  }

  @Test
  void switchedOffItFindsNothingButKeepsLearning() {
    DetectionSettings off = new DetectionSettings(false, 0.5, 8, 4, 6, 10, 1);
    Recorded found = new Recorded();
    StreamDetection detection = new StreamDetection(off, found);
    new SoundScript()
        .noise(10, -40)
        .tone(2, -5)
        .noise(10, -40)
        .levels()
        .forEach(detection::onLevel);
    assertTrue(found.signals.isEmpty() && found.changes.isEmpty());

    detection.reconfigure(DetectionSettings.DEFAULT);
    SoundScript later = new SoundScript().noise(23, -40).tone(2, -5);
    later.levels().stream().filter(l -> l.atUs() > 22_000_000).forEach(detection::onLevel);
    assertEquals(1, found.opened().size());
  }

  private Recorded run(DetectionSettings settings) {
    Recorded found = new Recorded();
    StreamDetection detection = new StreamDetection(settings, found);
    script.levels().forEach(detection::onLevel);
    return found;
  }
}
