package dev.halcyon.core.reframe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.analysis.FaceAnalysis;
import dev.halcyon.core.analysis.FaceBox;
import dev.halcyon.core.analysis.FaceSample;
import dev.halcyon.core.analysis.MotionCentre;
import dev.halcyon.core.analysis.SceneAnalysis;
import dev.halcyon.core.analysis.SceneCut;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.reframe.ReframeOptions.Fit;
import dev.halcyon.core.reframe.ReframeOptions.Several;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CropPlannerTest {
  private static final TimeSpan TEN_S = new TimeSpan(0, 10_000_000);
  private static final SceneAnalysis ONE_SHOT = new SceneAnalysis(TEN_S, List.of());
  private static final ReframeOptions SPLITTING =
      new ReframeOptions(Fit.CROP, Several.SPLIT, 1.25, 1);

  @Test
  void keepsTheFaceOfWhoeverWalks() {
    long frames = 0;
    long kept = 0;
    for (long seed = 0; seed < 300; seed++) {
      Walks walks = new Walks(seed);
      CropPath path = plan(walks, new TimeSpan(0, walks.lengthUs()));
      long shown = 0;
      long all = 0;
      for (long atUs = 0; atUs < walks.lengthUs(); atUs += 33_333) {
        all++;
        shown += isInside(walks.face(atUs), path.at(atUs).rects().getFirst()) ? 1 : 0;
      }
      assertTrue(shown >= 0.93 * all, "seed " + seed + ": " + shown + " of " + all);
      frames += all;
      kept += shown;
    }
    assertTrue(kept >= 0.98 * frames, kept + " of " + frames + ", seeds 0..299");
  }

  @Test
  void cameraIsNeverFasterThanItsLimitsAndNeverTrembles() {
    for (long seed = 0; seed < 200; seed++) {
      Walks walks = new Walks(seed);
      CropPath path = plan(walks, new TimeSpan(0, walks.lengthUs()));
      for (CropShot shot : path.shots()) {
        checkMotion("seed " + seed, path, shot.span());
      }
    }
  }

  private static void checkMotion(String seed, CropPath path, TimeSpan shot) {
    double width = path.at(shot.fromUs()).rects().getFirst().width();
    double before = path.at(shot.fromUs()).rects().getFirst().centreX();
    double speedBefore = Double.NaN;
    int turns = 0;
    double direction = 0;
    for (long atUs = shot.fromUs() + 100_000; atUs < shot.toUs(); atUs += 100_000) {
      double now = path.at(atUs).rects().getFirst().centreX();
      double speed = (now - before) * 10 / width;
      assertTrue(Math.abs(speed) <= 1.01, seed + ": speed " + speed + " at " + atUs);
      double change = Double.isNaN(speedBefore) ? 0 : Math.abs(speed - speedBefore) * 10;
      assertTrue(change <= 2 / 0.7 * 1.1, seed + ": " + change + " widths/s² at " + atUs);
      boolean isTurn = Math.abs(speed) > 0.02 && Math.signum(speed) == -direction;
      turns += isTurn ? 1 : 0;
      direction = Math.abs(speed) > 0.02 ? Math.signum(speed) : direction;
      before = now;
      speedBefore = speed;
    }
    assertTrue(turns <= shot.lengthUs() / 2e6 + 1, seed + ": turned " + turns + " times");
  }

  @Test
  void allRectanglesLieInTheSourceAndAreEven() {
    List<Aspect> aspects =
        List.of(Aspect.VERTICAL, Aspect.SQUARE, Aspect.WIDE, new Aspect(4, 5), new Aspect(21, 9));
    for (long seed = 0; seed < 60; seed++) {
      Walks walks = new Walks(seed);
      Aspect aspect = aspects.get((int) (seed % aspects.size()));
      int widthPx = seed % 2 == 0 ? 1920 : 719;
      int heightPx = seed % 3 == 0 ? 1080 : 1279;
      CropPath path =
          CropPlanner.plan(
              walks.seen(),
              walks.scenes(),
              new TimeSpan(0, walks.lengthUs()),
              widthPx,
              heightPx,
              aspect,
              SPLITTING);
      for (long atUs = 0; atUs < walks.lengthUs(); atUs += 40_000) {
        checkPixels("seed " + seed, path.at(atUs), aspect, widthPx, heightPx);
      }
    }
  }

  private static void checkPixels(
      String seed, CropView view, Aspect aspect, int widthPx, int heightPx) {
    for (CropRect rect : view.rects()) {
      CropRect.PixelRect px = rect.inPixels(widthPx, heightPx);
      assertTrue((px.x() | px.y() | px.width() | px.height()) % 2 == 0, seed + ": " + px);
      boolean isInside =
          px.x() >= 0
              && px.y() >= 0
              && px.x() + px.width() <= widthPx
              && px.y() + px.height() <= heightPx;
      assertTrue(isInside, seed + ": " + px);
      double ratio = aspect.ratio() * (view.layout() == CropLayout.SPLIT ? 2 : 1);
      double off = px.height() * ratio - px.width();
      assertTrue(Math.abs(off) <= 2 + 2 * ratio, seed + ": " + px + " is not " + aspect);
    }
  }

  @Test
  void jumpsWithTheSceneAndNeverPansThroughACut() {
    SceneAnalysis scenes = new SceneAnalysis(TEN_S, List.of(SceneCut.hard(4_020_000, 1)));
    FaceAnalysis faces =
        seen(
            atUs ->
                List.of(face(atUs < 4_020_000 ? 0.2 : 0.8, 0.4, 0.1, atUs < 4_020_000 ? 1 : 2)));
    CropPath path =
        CropPlanner.plan(faces, scenes, TEN_S, 1920, 1080, Aspect.VERTICAL, ReframeOptions.DEFAULT);
    double before = path.at(0).rects().getFirst().centreX();
    double after = path.at(4_020_000).rects().getFirst().centreX();
    assertEquals(0.2, before, 0.05);
    assertEquals(0.8, after, 0.05);
    assertEquals(
        before, path.at(4_019_999).rects().getFirst().centreX(), "it has not moved before");
    assertEquals(after, path.at(9_999_999).rects().getFirst().centreX(), "nor after");
  }

  @Test
  void aStandingFaceThatTheDetectorShakesLeavesTheCameraStill() {
    FaceAnalysis faces =
        seen(atUs -> List.of(face(0.6 + 0.008 * Math.sin(atUs / 3e5), 0.4, 0.12, 1)));
    CropPath path = vertical(faces, ReframeOptions.DEFAULT);
    assertEquals(1, path.shots().getFirst().cameras().getFirst().keys().size());
  }

  @Test
  void whoStandsIsShownInTheMiddleBeforeAndAfterAWalk() {
    FaceAnalysis faces =
        seen(atUs -> List.of(face(0.25 + 0.5 * Math.clamp((atUs - 4e6) / 2e6, 0, 1), 0.4, 0.1, 1)));
    CropPath path = vertical(faces, ReframeOptions.DEFAULT);
    CropRect before = path.at(1_000_000).rects().getFirst();
    CropRect after = path.at(9_000_000).rects().getFirst();
    assertEquals(0.25, before.centreX(), 0.07 * before.width());
    assertEquals(0.75, after.centreX(), 0.07 * after.width());
    double aPixel = 1.0 / 1920;
    assertEquals(before.x(), path.at(0).rects().getFirst().x(), aPixel, "stands still before");
    assertEquals(after.x(), path.at(9_900_000).rects().getFirst().x(), aPixel, "and after");
  }

  @Test
  void leavesHeadRoom() {
    FaceAnalysis faces = seen(atUs -> List.of(face(0.5, 0.5, 0.04, 1)));
    CropPath path = vertical(faces, ReframeOptions.DEFAULT);
    CropRect rect = path.at(0).rects().getFirst();
    assertEquals(1 / 1.25, rect.height(), 1e-9, "goes nearer to a small face");
    double place = (0.5 - rect.y()) / rect.height();
    assertTrue(place > 0.3 && place < 0.5, "the face stands at " + place);
  }

  @Test
  void showsTheLargerOfTwoAllTheTimeAlsoWhenItIsLostForAMoment() {
    FaceAnalysis faces =
        seen(
            atUs ->
                atUs == 5_000_000
                    ? List.of(face(0.85, 0.4, 0.09, 2))
                    : List.of(face(0.15, 0.4, 0.12, 1), face(0.85, 0.4, 0.09, 2)));
    CropPath path = vertical(faces, ReframeOptions.DEFAULT);
    for (long atUs = 0; atUs < 10_000_000; atUs += 100_000) {
      assertTrue(isInside(face(0.15, 0.4, 0.12, 1), path.at(atUs).rects().getFirst()));
    }
  }

  @Test
  void twoThatFitAreShownTogether() {
    FaceAnalysis faces = seen(atUs -> List.of(face(0.42, 0.4, 0.08, 1), face(0.54, 0.4, 0.08, 2)));
    CropPath path = vertical(faces, SPLITTING);
    assertEquals(CropLayout.SINGLE, path.shots().getFirst().layout());
    CropRect rect = path.at(0).rects().getFirst();
    assertTrue(
        isInside(face(0.42, 0.4, 0.08, 1), rect) && isInside(face(0.54, 0.4, 0.08, 2), rect));
  }

  @Test
  void twoThatStandApartShareTheFrameByOption() {
    FaceAnalysis faces = seen(atUs -> List.of(face(0.85, 0.4, 0.12, 1), face(0.15, 0.4, 0.11, 2)));
    CropPath path = vertical(faces, SPLITTING);
    assertEquals(CropLayout.SPLIT, path.shots().getFirst().layout());
    List<CropRect> rects = path.at(1_000_000).rects();
    assertTrue(isInside(face(0.15, 0.4, 0.11, 2), rects.getFirst()), "the left one above");
    assertTrue(isInside(face(0.85, 0.4, 0.12, 1), rects.getLast()));
    assertEquals(
        CropLayout.SINGLE, vertical(faces, ReframeOptions.DEFAULT).shots().getFirst().layout());
  }

  @Test
  void followsMotionWithoutAFaceAndStandsInTheMiddleWithout() {
    List<FaceSample> samples =
        LongStream.range(0, 20)
            .mapToObj(
                i ->
                    new FaceSample(
                        i * 500_000, List.of(), Optional.of(new MotionCentre(0.8, 0.5, 0.1))))
            .toList();
    assertEquals(
        0.8,
        vertical(new FaceAnalysis(samples), ReframeOptions.DEFAULT)
            .at(0)
            .rects()
            .getFirst()
            .centreX(),
        0.1);
    CropPath unseen = vertical(FaceAnalysis.NONE, ReframeOptions.DEFAULT);
    assertEquals("neither face nor motion: the middle", unseen.shots().getFirst().why());
    CropRect middle = unseen.at(0).rects().getFirst();
    assertEquals(0.5, middle.centreX(), 1e-9);
    assertEquals(1, middle.height(), 1e-9);
  }

  @Test
  void padsByOptionAndLeavesTheSameAspectAlone() {
    ReframeOptions padding = new ReframeOptions(Fit.PAD, Several.DOMINANT, 1, 1);
    CropView padded = vertical(FaceAnalysis.NONE, padding).at(0);
    assertEquals(new CropView(CropLayout.PAD, List.of(CropRect.WHOLE)), padded);
    CropPath same =
        CropPlanner.plan(FaceAnalysis.NONE, ONE_SHOT, TEN_S, 1280, 720, Aspect.WIDE, padding);
    assertEquals(new CropView(CropLayout.SINGLE, List.of(CropRect.WHOLE)), same.at(0));
  }

  @Test
  void aFasterFaceThanTheLimitIsCaughtUpWith() {
    FaceAnalysis faces = seen(atUs -> List.of(face(atUs < 5_000_000 ? 0.1 : 0.9, 0.4, 0.1, 1)));
    CropPath path = vertical(faces, ReframeOptions.DEFAULT);
    checkMotion("jump", path, TEN_S);
    assertTrue(isInside(face(0.1, 0.4, 0.1, 1), path.at(2_000_000).rects().getFirst()));
    assertTrue(isInside(face(0.9, 0.4, 0.1, 1), path.at(8_000_000).rects().getFirst()));
  }

  @Test
  void aspectsAreReadAsPeopleWriteThem() {
    assertEquals(Aspect.VERTICAL, Aspect.parse("9:16", Aspect.WIDE));
    assertEquals(Aspect.WIDE, Aspect.parse("source", Aspect.WIDE));
    for (String bad : Arrays.asList("", "9", "9:", "9:0", "-9:16", "9:16:1", "999999:1", "a:b")) {
      assertThrows(IllegalArgumentException.class, () -> Aspect.parse(bad, Aspect.WIDE), bad);
    }
  }

  private static CropPath plan(Walks walks, TimeSpan window) {
    return CropPlanner.plan(
        walks.seen(),
        walks.scenes(),
        window,
        Walks.WIDTH_PX,
        Walks.HEIGHT_PX,
        Aspect.VERTICAL,
        ReframeOptions.DEFAULT);
  }

  private static CropPath vertical(FaceAnalysis faces, ReframeOptions options) {
    return CropPlanner.plan(faces, ONE_SHOT, TEN_S, 1920, 1080, Aspect.VERTICAL, options);
  }

  private static FaceAnalysis seen(LongFunction<List<FaceBox>> faces) {
    List<FaceSample> samples = new ArrayList<>();
    for (long atUs = 0; atUs < TEN_S.toUs(); atUs += 500_000) {
      samples.add(new FaceSample(atUs, faces.apply(atUs), Optional.empty()));
    }
    return new FaceAnalysis(samples);
  }

  /** Of a width, as high as it is wide in a wide picture. */
  private static FaceBox face(double centreX, double centreY, double width, int track) {
    double height = width * 16 / 9;
    return new FaceBox(centreX - width / 2, centreY - height / 2, width, height, 0.9, track);
  }

  private static boolean isInside(FaceBox face, CropRect rect) {
    return face.x() >= rect.x() - 1e-9
        && face.x() + face.width() <= rect.x() + rect.width() + 1e-9
        && face.centreY() >= rect.y()
        && face.centreY() <= rect.y() + rect.height();
  }
}
