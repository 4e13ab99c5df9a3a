package dev.halcyon.codecs.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.video.SceneScript.Manner;
import dev.halcyon.codecs.video.SceneScript.Truth;
import dev.halcyon.core.analysis.SceneCut;
import dev.halcyon.core.analysis.SceneCut.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against drawn films whose cuts are known to the picture. */
final class CutFinderTest {
  private static final long SEED = 41;

  @Test
  void findsEachHardCutToThePictureAndNothingElse() {
    SceneScript script = new SceneScript(SEED);
    Random random = new Random(SEED);
    Manner[] manners = Manner.values();
    for (int i = 0; i < 36; i++) {
      script.cut(manners[i % manners.length], 20 + random.nextInt(50));
    }
    List<SceneCut> cuts = cuts(script);
    List<Truth> missed = new ArrayList<>(script.truths());
    List<SceneCut> wrong = new ArrayList<>();
    for (SceneCut cut : cuts) {
      int frame = frame(cut.atUs());
      if (cut.kind() != Kind.HARD || !missed.removeIf(truth -> truth.frame() == frame)) {
        wrong.add(cut);
      }
    }
    double recall = 1 - (double) missed.size() / script.truths().size();
    double precision = 1 - (double) wrong.size() / Math.max(1, cuts.size());
    System.out.printf("hard cuts: recall %.3f precision %.3f%n", recall, precision);
    assertTrue(recall >= 0.94, () -> "missed " + missed + " of " + script.truths());
    assertTrue(precision >= 0.94, () -> "wrong " + wrong);
  }

  @Test
  void findsDissolvesAndFadesThroughBlack() {
    SceneScript script = new SceneScript(SEED + 1).cut(Manner.STILL, 60);
    int[] lengths = {10, 15, 24, 36, 50};
    for (int length : lengths) {
      script.dissolve(Manner.STILL, 60, length);
      script.fade(Manner.STILL, 60, length / 2, 6);
    }
    List<SceneCut> cuts = cuts(script);
    List<Truth> missed = new ArrayList<>(script.truths());
    List<SceneCut> wrong = new ArrayList<>();
    for (SceneCut cut : cuts) {
      int frame = frame(cut.atUs());
      boolean isThere =
          missed.removeIf(truth -> Math.abs(truth.frame() - frame) <= 4 + truth.frames() / 4);
      if (!isThere || cut.kind() != Kind.FADE) {
        wrong.add(cut);
      }
    }
    System.out.printf("fades: missed %d of %d, wrong %d%n", missed.size(), 10, wrong.size());
    assertTrue(missed.size() <= 1, () -> "missed " + missed + " found " + cuts);
    assertEquals(List.of(), wrong);
  }

  @Test
  void aFlashAWhipPanAndAGameAreNoCuts() {
    for (Manner manner : Manner.values()) {
      SceneScript script = new SceneScript(SEED + 2).cut(manner, 120);
      assertEquals(List.of(), cuts(script), manner::toString);
    }
  }

  @Test
  void aFilmThatBeginsAndEndsInTheDarkHasNoCutThere() {
    SceneScript script = new SceneScript(SEED + 3).cut(Manner.STILL, 90);
    CutFinder finder = new CutFinder();
    for (int frame = 0; frame < 30 + 90 + 30; frame++) {
      byte[] luma = new byte[SceneScript.WIDTH_PX * SceneScript.HEIGHT_PX];
      Arrays.fill(luma, (byte) 16);
      if (frame >= 30 && frame < 120) {
        luma = script.luma(frame - 30);
        double light = Math.clamp(Math.min(frame - 30, 120 - frame) / 20.0, 0, 1);
        for (int i = 0; i < luma.length; i++) {
          luma[i] = (byte) (16 + ((luma[i] & 0xff) - 16) * light);
        }
      }
      finder.add(picture(frame, luma));
    }
    assertEquals(List.of(), finder.end());
  }

  @Test
  void tellsACutWhileTheFilmRuns() {
    SceneScript script = new SceneScript(SEED + 4).cut(Manner.STILL, 30).cut(Manner.STILL, 30);
    CutFinder finder = new CutFinder();
    List<Integer> known = new ArrayList<>();
    for (int frame = 0; frame < script.frames(); frame++) {
      if (finder.add(picture(frame, script.luma(frame)))) {
        known.add(frame);
      }
    }
    assertEquals(List.of(30 + CutFinder.AHEAD), known);
  }

  @Test
  void aCutInTheVeryLastPictureCounts() {
    SceneScript script = new SceneScript(SEED + 5).cut(Manner.STILL, 30).cut(Manner.STILL, 1);
    assertEquals(30, frame(cuts(script).getFirst().atUs()));
  }

  private static List<SceneCut> cuts(SceneScript script) {
    CutFinder finder = new CutFinder();
    for (int frame = 0; frame < script.frames(); frame++) {
      finder.add(picture(frame, script.luma(frame)));
    }
    return finder.end();
  }

  private static SmallPicture picture(int frame, byte[] luma) {
    byte[] grey = new byte[luma.length / 4];
    Arrays.fill(grey, (byte) 128);
    return new SmallPicture(
        frame * 1_000_000L / SceneScript.FPS,
        SceneScript.WIDTH_PX,
        SceneScript.HEIGHT_PX,
        luma,
        grey,
        grey);
  }

  private static int frame(long atUs) {
    return (int) Math.round(atUs * SceneScript.FPS / 1e6);
  }
}
