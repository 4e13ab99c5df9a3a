package dev.halcyon.core.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SceneSignalsTest {
  private final SceneSignals scenes = new SceneSignals();
  private final Random random = new Random(5);
  private double nowS;

  @Test
  void findsACutInAQuietPicture() {
    run(10, 1, 0.01);
    Signal cut = score(0.45).orElseThrow();
    assertEquals(SignalKind.SCENE_CHANGE, cut.kind());
    assertEquals(Math.round(nowS * 1e6), cut.atUs());
    assertEquals(1, cut.strength());
  }

  @Test
  void saysNothingInTheFirstFiveSeconds() {
    run(4, 1, 0.01);
    assertTrue(score(0.9).isEmpty());
  }

  @Test
  void countsRelativeToHowMuchTheStreamMoves() {
    run(30, 1, 0.3);
    assertTrue(score(0.38).isEmpty(), "ordinary movement here");
    assertTrue(score(0.9).orElseThrow().strength() >= 0.5);
  }

  @Test
  void aSlightMovementOfAStillPictureIsNoCut() {
    run(30, 1, 0);
    assertTrue(score(0.09).isEmpty());
    assertTrue(score(0.3).isPresent());
  }

  @Test
  void sparseKeyframesAreEnough() {
    nowS += 10;
    run(5, 10, 0.02);
    assertTrue(score(0.5).isPresent());
  }

  @Test
  void forgetsWhatIsOlderThanAMinute() {
    run(30, 1, 0.6);
    nowS += 61;
    run(10, 1, 0.02);
    assertTrue(score(0.4).isPresent());
  }

  @Test
  void everyKeyframeCutBecomesTheUsual() {
    run(60, 0.5, 0.5);
    assertTrue(score(0.52).isEmpty());
  }

  private void run(int count, double stepS, double around) {
    for (int i = 0; i < count; i++) {
      nowS += stepS;
      double difference = Math.clamp(around * (1 + 0.2 * random.nextGaussian()), 0, 1);
      scenes.onScore(new SceneScore(Math.round(nowS * 1e6), difference));
    }
  }

  private Optional<Signal> score(double difference) {
    nowS += 1;
    return scenes.onScore(new SceneScore(Math.round(nowS * 1e6), difference));
  }
}
