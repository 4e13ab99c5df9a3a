package dev.halcyon.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class HighlightScorerTest {
  private static final double EXACT = 1e-12;
  private final HighlightScorer scorer = new HighlightScorer(ScoreWeights.DEFAULT);

  @Test
  void oneFullStrengthSoundScoresOne() {
    for (SignalKind kind :
        List.of(SignalKind.LOUD_MOMENT, SignalKind.CROWD_REACTION, SignalKind.LAUGHTER)) {
      assertEquals(1, scorer.score(List.of(signal(kind, 10, 1)), us(10)), EXACT);
      assertEquals(0.5, scorer.score(List.of(signal(kind, 10, 0.5)), us(10)), EXACT);
    }
  }

  @Test
  void energyIsTheStrongestSound() {
    List<Signal> cluster =
        List.of(
            signal(SignalKind.LOUD_MOMENT, 1, 0.4),
            signal(SignalKind.CROWD_REACTION, 2, 0.6),
            signal(SignalKind.LAUGHTER, 3, 0.5));
    assertEquals(0.6, scorer.raw(cluster, us(3)), EXACT);
  }

  @Test
  void keywordsAndGameEventsAddUpAsChances() {
    List<Signal> words =
        List.of(signal(SignalKind.KEYWORD, 1, 0.5), signal(SignalKind.KEYWORD, 2, 0.6));
    assertEquals(0.8, HighlightScorer.term(ScoreTerm.KEYWORD, words), EXACT);
    assertEquals(0.25 * 0.8 / 0.30, scorer.raw(words, us(2)), EXACT);
    List<Signal> events =
        List.of(signal(SignalKind.GAME_EVENT, 1, 0.5), signal(SignalKind.GAME_EVENT, 2, 0.5));
    assertEquals(0.15 * 0.75 / 0.30, scorer.raw(events, us(2)), EXACT);
  }

  @Test
  void sentimentIsTheStrongest() {
    List<Signal> cluster =
        List.of(signal(SignalKind.FACE, 1, 0.4), signal(SignalKind.EMOTIONAL_MOMENT, 2, 0.9));
    assertEquals(0.15 * 0.9 / 0.30, scorer.raw(cluster, us(2)), EXACT);
  }

  @Test
  void sceneDensityIsCutsASecond() {
    List<Signal> everyTwoSeconds = List.of(cut(0), cut(2), cut(4), cut(6), cut(8));
    assertEquals(5 / 8.0, HighlightScorer.term(ScoreTerm.SCENE_DENSITY, everyTwoSeconds), EXACT);
    List<Signal> everySecond = List.of(cut(0), cut(1), cut(2), cut(3), cut(4), cut(5), cut(6));
    assertEquals(1, HighlightScorer.term(ScoreTerm.SCENE_DENSITY, everySecond), EXACT);
    assertEquals(0.2, HighlightScorer.term(ScoreTerm.SCENE_DENSITY, List.of(cut(0))), EXACT);
  }

  @Test
  void everyTermCountsWithItsWeight() {
    List<Signal> cluster =
        List.of(
            signal(SignalKind.LOUD_MOMENT, 1, 0.2),
            signal(SignalKind.KEYWORD, 1, 0.3),
            cut(2),
            signal(SignalKind.FACE, 2, 0.4),
            signal(SignalKind.GAME_EVENT, 3, 0.5));
    double parts = 0.30 * 0.2 + 0.25 * 0.3 + 0.15 * 0.2 + 0.15 * 0.4 + 0.15 * 0.5;
    assertEquals(parts / 0.30, scorer.raw(cluster, us(3)), EXACT);
  }

  @Test
  void scoreStopsAtOneWhereRawRanksOn() {
    List<Signal> cluster =
        List.of(signal(SignalKind.LOUD_MOMENT, 1, 1), signal(SignalKind.KEYWORD, 1, 1));
    assertEquals(1, scorer.score(cluster, us(1)), EXACT);
    assertEquals(0.55 / 0.30, scorer.raw(cluster, us(1)), EXACT);
  }

  @Test
  void decaysSinceTheLatestSignal() {
    List<Signal> cluster =
        List.of(signal(SignalKind.LOUD_MOMENT, 10, 1), signal(SignalKind.KEYWORD, 4, 0));
    assertEquals(Math.exp(-0.01 * 30), scorer.raw(cluster, us(40)), EXACT);
    assertEquals(1, scorer.raw(cluster, us(9)), EXACT, "a signal ahead of now is not older");
  }

  @Test
  void weightsAreSettings() {
    HighlightScorer deaf = new HighlightScorer(new ScoreWeights(0.5, 1, 0, 0, 0));
    assertEquals(1, deaf.raw(List.of(signal(SignalKind.KEYWORD, 1, 0.5), cut(1)), us(1)), EXACT);
    assertThrows(IllegalArgumentException.class, () -> new ScoreWeights(0, 1, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new ScoreWeights(1, 1.1, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new ScoreWeights(1, Double.NaN, 0, 0, 0));
  }

  @Test
  void nothingScoresNothing() {
    assertEquals(0, scorer.score(List.of(), us(1)));
    assertTrue(scorer.score(List.of(cut(1), cut(2)), us(2)) < 0.5);
  }

  private static Signal cut(double atS) {
    return signal(SignalKind.SCENE_CHANGE, atS, 1);
  }

  private static Signal signal(SignalKind kind, double atS, double strength) {
    return new Signal(kind, us(atS), strength, "");
  }

  private static long us(double seconds) {
    return Math.round(seconds * 1e6);
  }
}
