package dev.halcyon.codecs.face;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.codecs.face.FaceDetector.Found;
import dev.halcyon.codecs.face.FaceTracks.Sighting;
import dev.halcyon.core.analysis.FaceAnalysis;
import dev.halcyon.core.analysis.FaceBox;
import dev.halcyon.core.analysis.TimeSpan;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FaceTracksTest {
  private static final List<TimeSpan> ONE_SHOT = List.of(new TimeSpan(0, 10_000_000));

  @Test
  void aFaceKeepsItsNumberWhileItMovesAndAnotherComes() {
    FaceAnalysis faces =
        FaceTracks.follow(
            List.of(
                seen(0, face(0.1)),
                seen(500_000, face(0.15), face(0.7)),
                seen(1_000_000, face(0.68), face(0.2))),
            ONE_SHOT);
    assertEquals(List.of(0), ids(faces, 0));
    assertEquals(List.of(0, 1), ids(faces, 1));
    assertEquals(List.of(1, 0), ids(faces, 2));
  }

  @Test
  void aCutBeginsNewNumbersWhereverTheFacesAre() {
    FaceAnalysis faces =
        FaceTracks.follow(
            List.of(seen(0, face(0.1)), seen(500_000, face(0.1))),
            List.of(new TimeSpan(0, 400_000), new TimeSpan(400_000, 900_000)));
    assertEquals(List.of(1), ids(faces, 1));
  }

  @Test
  void aFaceThatWasAwayForLongIsAnother() {
    FaceAnalysis faces =
        FaceTracks.follow(
            List.of(seen(0, face(0.1)), seen(1_500_000, face(0.1)), seen(4_000_000, face(0.1))),
            ONE_SHOT);
    assertEquals(List.of(0), ids(faces, 1));
    assertEquals(List.of(1), ids(faces, 2));
  }

  @Test
  void twoFacesNeverShareANumberInOnePicture() {
    FaceAnalysis faces =
        FaceTracks.follow(
            List.of(seen(0, face(0.3)), seen(500_000, face(0.28), face(0.32))), ONE_SHOT);
    assertEquals(List.of(0, 1), ids(faces, 1).stream().sorted().toList());
  }

  private static List<Integer> ids(FaceAnalysis faces, int sample) {
    return faces.samples().get(sample).faces().stream().map(FaceBox::trackId).toList();
  }

  private static Sighting seen(long atUs, Found... faces) {
    return new Sighting(atUs, List.of(faces), Optional.empty());
  }

  private static Found face(double x) {
    return new Found(x, 0.2, 0.2, 0.3, 0.9);
  }
}
