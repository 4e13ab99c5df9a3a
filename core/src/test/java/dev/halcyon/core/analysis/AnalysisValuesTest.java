package dev.halcyon.core.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class AnalysisValuesTest {
  @Test
  void spansAreHalfOpen() {
    TimeSpan span = new TimeSpan(10, 20);
    assertTrue(span.contains(10));
    assertFalse(span.contains(20));
    assertEquals(5, span.overlapUs(new TimeSpan(15, 40)));
    assertFalse(span.overlaps(new TimeSpan(20, 30)));
    assertThrows(IllegalArgumentException.class, () -> new TimeSpan(2, 1));
  }

  @Test
  void shotsLieBetweenTheCuts() {
    SceneAnalysis scenes =
        new SceneAnalysis(
            new TimeSpan(0, 100),
            List.of(
                SceneCut.hard(30, 1),
                new SceneCut(60, SceneCut.Kind.FADE, 0.5, new TimeSpan(55, 70))));
    assertEquals(
        List.of(new TimeSpan(0, 30), new TimeSpan(30, 60), new TimeSpan(60, 100)), scenes.shots());
    assertEquals(List.of(), new SceneAnalysis(new TimeSpan(0, 0), List.of()).shots());
  }

  @Test
  void cutsLieInsideAndInOrder() {
    TimeSpan span = new TimeSpan(0, 100);
    assertThrows(
        IllegalArgumentException.class,
        () -> new SceneAnalysis(span, List.of(SceneCut.hard(0, 1))));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SceneAnalysis(span, List.of(SceneCut.hard(50, 1), SceneCut.hard(50, 1))));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SceneCut(5, SceneCut.Kind.FADE, 1, new TimeSpan(6, 7)));
  }

  @Test
  void curvesKeepWhatAnEarCanTell() {
    SoundCurves curves =
        new SoundCurves.Builder()
            .padTo(2)
            .add(-23.456, -1.234, 0.0312, 1234.4, 0.25)
            .add(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, 90_000, 2)
            .build();
    assertEquals(4, curves.size());
    assertEquals(-70, curves.momentaryLufs(0));
    assertEquals(-120, curves.peakDb(1));
    assertEquals(-23.456, curves.momentaryLufs(2), 0.006);
    assertEquals(-1.234, curves.peakDb(2), 0.006);
    assertEquals(0.0312, curves.flatness(2), 1e-4);
    assertEquals(1234.4, curves.centroidHz(2), 0.5);
    assertEquals(0.25, curves.zeroCrossingRate(2), 1e-4);
    assertEquals(-70, curves.momentaryLufs(3));
    assertEquals(65_535, curves.centroidHz(3));
    assertEquals(2, curves.indexAt(299_999));
    assertEquals(3, curves.indexAt(Long.MAX_VALUE));
    assertEquals(0, curves.indexAt(-1));
  }

  @Test
  void tellsHowMuchOfAStretchIsSpeech() {
    SoundAnalysis sound =
        new SoundAnalysis(
            new SoundCurves.Builder().build(),
            List.of(new TimeSpan(0, 10), new TimeSpan(20, 30)),
            List.of(),
            OptionalDouble.empty(),
            List.of());
    assertEquals(0.5, sound.speechPart(new TimeSpan(5, 25)));
    assertEquals(0, sound.speechPart(new TimeSpan(5, 5)));
  }

  @Test
  void facesOfAStretchAreThoseInIt() {
    FaceAnalysis faces =
        new FaceAnalysis(List.of(sample(0), sample(500), sample(1_000), sample(1_500)));
    assertEquals(List.of(sample(500), sample(1_000)), faces.within(new TimeSpan(1, 1_500)));
    assertEquals(List.of(), faces.within(new TimeSpan(1_501, 9_000)));
    assertThrows(
        IllegalArgumentException.class, () -> new FaceAnalysis(List.of(sample(5), sample(5))));
  }

  @Test
  void facesLieInThePicture() {
    FaceBox face = new FaceBox(0.5, 0.25, 0.25, 0.5, 0.9, 3);
    assertEquals(0.625, face.centreX());
    assertEquals(0.5, face.centreY());
    assertThrows(IllegalArgumentException.class, () -> new FaceBox(0.9, 0, 0.2, 0.1, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new FaceBox(0, 0, 0.2, Double.NaN, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new MotionCentre(0, -0.1, 1));
  }

  private static FaceSample sample(long atUs) {
    return new FaceSample(atUs, List.of(), Optional.empty());
  }
}
