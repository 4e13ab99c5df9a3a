package dev.halcyon.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TagSignalsTest {
  private static final long STEP_US = 480_000;

  private final TagSignals detector = new TagSignals();
  private final List<Signal> raised = new ArrayList<>();
  private long nowUs;

  private void hear(SoundTag tag, double... scores) {
    for (double score : scores) {
      Map<SoundTag, Double> all = new EnumMap<>(SoundTag.class);
      for (SoundTag each : SoundTag.values()) {
        all.put(each, each == tag ? score : 0);
      }
      raised.addAll(detector.onTags(new SoundTags(nowUs, nowUs + 2 * STEP_US, all)));
      nowUs += STEP_US;
    }
  }

  private List<Double> strengths() {
    return raised.stream().map(Signal::strength).toList();
  }

  @Test
  void raisesASoundWhereItBegins() {
    hear(SoundTag.LAUGHTER, 0, 0.2, 0.45, 0.5, 0.4);
    assertEquals(List.of(new Signal(SignalKind.LAUGHTER, 3 * STEP_US, 0.45, "45 % sure")), raised);
  }

  @Test
  void raisesItAgainWhereItGrows() {
    hear(SoundTag.APPLAUSE, 0.35, 0.5, 0.6, 0.7, 0.85);
    assertEquals(List.of(0.35, 0.6, 0.85), strengths());
  }

  @Test
  void aDipIsNoEnd() {
    hear(SoundTag.CHEER, 0.5, 0.1, 0.5, 0.1, 0.1, 0.5);
    assertEquals(List.of(0.5, 0.5), strengths());
  }

  @Test
  void musicBeginsOnce() {
    hear(SoundTag.MUSIC, 0.5, 0.75, 1.0);
    assertEquals(List.of(0.5), strengths());
  }

  @Test
  void nothingGoesOnOverAGap() {
    hear(SoundTag.GUNSHOT, 0.9);
    nowUs += 10_000_000;
    hear(SoundTag.GUNSHOT, 0.9);
    assertEquals(List.of(0.9, 0.9), strengths());
  }

  @Test
  void whatOnlyTellsOfTheProgrammeMakesNoHighlight() {
    List<SignalKind> told = new ArrayList<>();
    List<HighlightChange> highlights = new ArrayList<>();
    StreamDetection detection =
        new StreamDetection(
            DetectionSettings.DEFAULT,
            new StreamDetection.Findings() {
              @Override
              public void onSignal(Signal signal) {
                told.add(signal.kind());
              }

              @Override
              public void onHighlight(HighlightChange change) {
                highlights.add(change);
              }
            });
    Map<SoundTag, Double> all = new EnumMap<>(SoundTag.class);
    for (SoundTag each : SoundTag.values()) {
      all.put(each, each == SoundTag.MUSIC || each == SoundTag.SPEECH ? 1.0 : 0.0);
    }
    detection.onTags(new SoundTags(0, STEP_US, all));
    assertEquals(List.of(SignalKind.SPEECH, SignalKind.MUSIC), told);
    assertEquals(List.of(), highlights);
    all.put(SoundTag.LAUGHTER, 0.8);
    detection.onTags(new SoundTags(STEP_US, 2 * STEP_US, all));
    assertEquals(1, highlights.size());
  }

  @Test
  void refusesWhatIsNoScore() {
    assertThrows(IllegalArgumentException.class, () -> new SoundTags(0, 1, Map.of()));
    assertThrows(IllegalArgumentException.class, () -> hear(SoundTag.MUSIC, Double.NaN));
  }
}
