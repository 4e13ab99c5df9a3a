package dev.halcyon.core.detect;

import static dev.halcyon.core.detect.SignalKind.CROWD_REACTION;
import static dev.halcyon.core.detect.SignalKind.KEYWORD;
import static dev.halcyon.core.detect.SignalKind.LAUGHTER;
import static dev.halcyon.core.detect.SignalKind.LOUD_MOMENT;
import static dev.halcyon.core.detect.SignalKind.SCENE_CHANGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.detect.HighlightChange.Extended;
import dev.halcyon.core.detect.HighlightChange.Opened;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Default settings: threshold 0.5, pre-roll 8, post-roll 4, merge 6, cool-down 10. */
class HighlightDetectorTest {
  private HighlightDetector detector = new HighlightDetector(DetectionSettings.DEFAULT);

  @Test
  void eachKindOfSoundCrossesTheDefaultThresholdAlone() {
    for (SignalKind kind : SignalKind.values()) {
      detector = new HighlightDetector(DetectionSettings.DEFAULT);
      boolean isSound = kind.feeds(ScoreTerm.ENERGY);
      boolean isWord = kind.feeds(ScoreTerm.KEYWORD);
      assertEquals(isSound || isWord, signal(kind, 20, 0.7).isPresent(), kind::toString);
    }
  }

  @Test
  void sceneChangesCrossTheDefaultThresholdInCompany() {
    assertTrue(signal(SCENE_CHANGE, 20, 1).isEmpty());
    assertTrue(signal(SCENE_CHANGE, 21, 1).isEmpty());
    assertTrue(signal(LOUD_MOMENT, 22, 0.28).isEmpty());
    Highlight highlight = opened(signal(SCENE_CHANGE, 23, 1));
    assertEquals(0.28 + 0.5 * 3 / 5, highlight.score(), 1e-9);
  }

  @Test
  void sceneChangesAloneDoNot() {
    for (int s = 20; s < 60; s++) {
      assertTrue(signal(SCENE_CHANGE, s, 1).isEmpty());
      detector.onProgress(us(s + 0.1));
    }
  }

  @Test
  void theHighestThresholdTakesMoreThanOneSound() {
    detector = new HighlightDetector(new DetectionSettings(true, 1, 8, 4, 6, 10, 1));
    assertTrue(signal(LOUD_MOMENT, 20, 1).isEmpty());
    assertEquals(1, opened(signal(KEYWORD, 20.5, 0.2)).score());
  }

  @Test
  void opensAtTheSignalThatCrossesWithPreRollAndPostRoll() {
    assertTrue(signal(LOUD_MOMENT, 30, 0.49).isEmpty());
    Highlight highlight = opened(signal(LOUD_MOMENT, 50, 0.51));
    assertEquals(us(42), highlight.fromUs());
    assertEquals(us(54), highlight.toUs());
    assertEquals(0.51, highlight.score(), 1e-9);
    assertEquals(List.of(new Signal(LOUD_MOMENT, us(50), 0.51, "")), highlight.signals());
  }

  @Test
  void fusesSignalsWithinTheMergeWindow() {
    assertTrue(signal(KEYWORD, 20, 0.3).isEmpty());
    Highlight highlight = opened(signal(LOUD_MOMENT, 25, 0.4));
    assertEquals(us(12), highlight.fromUs());
    assertEquals(us(29), highlight.toUs());
    assertEquals(List.of(KEYWORD, LOUD_MOMENT), kinds(highlight));
    assertEquals(0.4 + 0.3 * 0.25 / 0.30, highlight.score(), 1e-9);
  }

  @Test
  void doesNotFuseSignalsFurtherApart() {
    assertTrue(signal(KEYWORD, 20, 0.3).isEmpty());
    assertTrue(signal(LOUD_MOMENT, 26.1, 0.4).isEmpty());
  }

  @Test
  void aLateSignalJoinsWhereItBelongs() {
    assertTrue(signal(LOUD_MOMENT, 25, 0.45).isEmpty());
    detector.onProgress(us(29));
    Highlight highlight = opened(signal(KEYWORD, 22, 0.5));
    assertEquals(List.of(KEYWORD, LOUD_MOMENT), kinds(highlight));
    assertEquals(us(14), highlight.fromUs());
    assertEquals(us(29), highlight.toUs());
    double parts = 0.45 + 0.5 * 0.25 / 0.30;
    assertEquals(parts * Math.exp(-0.01 * 4), highlight.score(), 1e-9);
  }

  @Test
  void aSignalThatComesTooLateHasDecayed() {
    detector.onProgress(us(40));
    assertTrue(signal(LOUD_MOMENT, 20, 0.6).isEmpty(), "0.6 · exp(−0.2) = 0.49");
    assertTrue(signal(LAUGHTER, 20, 0.62).isPresent());
  }

  @Test
  void aFurtherSignalExtendsTheOpenWindow() {
    Highlight first = opened(signal(LOUD_MOMENT, 20, 0.6));
    detector.onProgress(us(22.9));
    Highlight longer = extended(signal(CROWD_REACTION, 23, 0.9));
    assertEquals(first.fromUs(), longer.fromUs());
    assertEquals(us(27), longer.toUs());
    assertEquals(0.9, longer.score(), 1e-9);
    assertEquals(List.of(LOUD_MOMENT, CROWD_REACTION), kinds(longer));
  }

  @Test
  void aWeakerSignalExtendsWithoutLoweringTheScore() {
    opened(signal(LOUD_MOMENT, 20, 0.9));
    Highlight longer = extended(signal(LAUGHTER, 22, 0.3));
    assertEquals(0.9, longer.score(), 1e-9);
    assertEquals(us(26), longer.toUs());
  }

  @Test
  void cutsAddToTheScoreOfAnOpenWindowButDoNotHoldItOpen() {
    opened(signal(LOUD_MOMENT, 20, 0.6));
    Highlight scored = extended(signal(SCENE_CHANGE, 22, 1));
    assertEquals(us(24), scored.toUs());
    assertEquals(0.6 + 0.5 / 5, scored.score(), 1e-9);
  }

  @Test
  void aWindowThatIsAboutToCloseIsLeftAlone() {
    opened(signal(LOUD_MOMENT, 20, 0.6));
    detector.onProgress(us(23.6));
    assertTrue(signal(LAUGHTER, 23.4, 1).isEmpty());
    detector.onProgress(us(24.5));
    assertTrue(signal(LAUGHTER, 24.5, 1).isEmpty(), "the cool-down has begun");
  }

  @Test
  void oneBurstCountsOnce() {
    detector = new HighlightDetector(withMinSignals(2));
    assertTrue(signal(LOUD_MOMENT, 20, 0.6).isEmpty());
    assertTrue(signal(LOUD_MOMENT, 20.4, 0.9).isEmpty());
    assertTrue(signal(CROWD_REACTION, 21, 0.9).isEmpty());
    Highlight highlight = opened(signal(LAUGHTER, 22, 0.1));
    assertEquals(List.of(CROWD_REACTION, LAUGHTER), kinds(highlight));
  }

  @Test
  void signalsDuringTheCoolDownBeginNothing() {
    opened(signal(LOUD_MOMENT, 20, 0.6));
    assertTrue(signal(LOUD_MOMENT, 33.9, 1).isEmpty());
    Highlight next = opened(signal(LOUD_MOMENT, 34, 1));
    assertEquals(us(26), next.fromUs());
    assertEquals(us(38), next.toUs());
  }

  @Test
  void theCoolDownRunsFromTheExtendedEnd() {
    opened(signal(LOUD_MOMENT, 20, 0.6));
    extended(signal(LAUGHTER, 23, 0.6));
    assertTrue(signal(LOUD_MOMENT, 36.9, 1).isEmpty());
    opened(signal(LOUD_MOMENT, 37, 1));
  }

  @Test
  void signalsOfOneHighlightSpanAtMostTwoMinutes() {
    Highlight highlight = opened(signal(LAUGHTER, 10, 0.9));
    for (int s = 13; s < 144; s += 3) {
      Optional<HighlightChange> change = signal(LAUGHTER, s, 0.9);
      if (change.isPresent() && change.get() instanceof Extended more) {
        highlight = more.highlight();
      }
    }
    assertEquals(us(2), highlight.fromUs());
    assertEquals(us(10 + 120 + 4), highlight.toUs());
    assertEquals(Highlight.MAX_SIGNALS, highlight.signals().size());
  }

  @Test
  void aRunOfWeakSignalsDoesNotDragTheStartBack() {
    for (int s = 20; s < 100; s += 5) {
      assertTrue(signal(LAUGHTER, s, 0.3).isEmpty());
    }
    Highlight highlight = opened(signal(LOUD_MOMENT, 100, 0.9));
    assertEquals(us(92), highlight.fromUs());
    assertEquals(List.of(LAUGHTER, LOUD_MOMENT), kinds(highlight), "what the window shows anyway");
  }

  @Test
  void neverBeginsBeforeTheStream() {
    assertEquals(0, opened(signal(LOUD_MOMENT, 6, 1)).fromUs());
  }

  @Test
  void aWindowWithoutRollsIsStillAWindow() {
    detector = new HighlightDetector(new DetectionSettings(true, 0.5, 0, 0, 6, 10, 1));
    Highlight highlight = opened(signal(LOUD_MOMENT, 20, 1));
    assertEquals(us(20), highlight.fromUs());
    assertEquals(us(21), highlight.toUs());
  }

  @Test
  void settingsChangeWhileItRuns() {
    assertTrue(signal(LOUD_MOMENT, 20, 0.4).isEmpty());
    detector.reconfigure(new DetectionSettings(true, 0.3, 2, 1, 6, 0, 1));
    Highlight highlight = opened(signal(LOUD_MOMENT, 40, 0.4));
    assertEquals(us(38), highlight.fromUs());
    assertEquals(us(41), highlight.toUs());
    detector.reconfigure(new DetectionSettings(false, 0.3, 2, 1, 6, 0, 1));
    assertTrue(signal(LOUD_MOMENT, 60, 1).isEmpty());
  }

  @Test
  void givesTheSameAnswerToTheSameSignals() {
    List<SignalKind> kinds = List.of(SignalKind.values());
    StringBuilder first = new StringBuilder();
    StringBuilder second = new StringBuilder();
    for (StringBuilder answers : List.of(first, second)) {
      Random random = new Random(3);
      detector = new HighlightDetector(DetectionSettings.DEFAULT);
      for (int i = 0; i < 2_000; i++) {
        SignalKind kind = kinds.get(random.nextInt(kinds.size()));
        double atS = Math.max(0, i - random.nextInt(5));
        answers.append(signal(kind, atS, random.nextDouble() * 0.6)).append('\n');
      }
    }
    assertTrue(first.indexOf("Opened") > 0 && first.indexOf("Extended") > 0);
    assertEquals(first.toString(), second.toString());
  }

  private Optional<HighlightChange> signal(SignalKind kind, double atS, double strength) {
    return detector.onSignal(new Signal(kind, us(atS), strength, ""));
  }

  private static Highlight opened(Optional<HighlightChange> change) {
    return assertInstanceOf(Opened.class, change.orElseThrow()).highlight();
  }

  private static Highlight extended(Optional<HighlightChange> change) {
    return assertInstanceOf(Extended.class, change.orElseThrow()).highlight();
  }

  private static List<SignalKind> kinds(Highlight highlight) {
    return highlight.signals().stream().map(Signal::kind).toList();
  }

  private static DetectionSettings withMinSignals(int count) {
    return new DetectionSettings(true, 0.5, 8, 4, 6, 10, count);
  }

  private static long us(double seconds) {
    return Math.round(seconds * 1e6);
  }
}
