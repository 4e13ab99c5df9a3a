package dev.halcyon.codecs.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SceneScorerTest {
  private static final int WIDTH = 320;
  private static final int HEIGHT = 180;

  /** A picture made of big soft shapes, as scenes are; another seed is another scene. */
  private static SmallPicture scene(int seed, int shiftPx, double gain, double noise) {
    Random shapes = new Random(seed);
    Random grain = new Random(99);
    double[] luma = new double[WIDTH * HEIGHT];
    byte[] cb = new byte[luma.length / 4];
    byte[] cr = new byte[luma.length / 4];
    java.util.Arrays.fill(cb, (byte) (128 + gain * (shapes.nextInt(40) - 20)));
    java.util.Arrays.fill(cr, (byte) (128 + gain * (shapes.nextInt(40) - 20)));
    double base = 60 + shapes.nextInt(80);
    java.util.Arrays.fill(luma, base);
    for (int shape = 0; shape < 12; shape++) {
      int centreX = shapes.nextInt(WIDTH) + shiftPx;
      int centreY = shapes.nextInt(HEIGHT);
      int radius = 15 + shapes.nextInt(50);
      double height = shapes.nextInt(160) - 80;
      for (int y = Math.max(0, centreY - radius); y < Math.min(HEIGHT, centreY + radius); y++) {
        for (int x = Math.max(0, centreX - radius); x < Math.min(WIDTH, centreX + radius); x++) {
          if (Math.hypot(x - centreX, y - centreY) < radius) {
            luma[y * WIDTH + x] += height;
          }
        }
      }
    }
    byte[] bytes = new byte[luma.length];
    for (int i = 0; i < bytes.length; i++) {
      double level = 16 + gain * (luma[i] - 16) + noise * grain.nextGaussian();
      bytes[i] = (byte) Math.clamp(Math.round(level), 16, 235);
    }
    return new SmallPicture(0, WIDTH, HEIGHT, bytes, cb, cr);
  }

  private static double difference(SmallPicture before, SmallPicture after) {
    SceneScorer scorer = new SceneScorer();
    assertTrue(scorer.score(before).isEmpty(), "the first has nothing to differ from");
    return scorer.score(after).orElseThrow().difference();
  }

  @Test
  void isZeroForTheSamePicture() {
    assertEquals(0, difference(scene(1, 0, 1, 0), scene(1, 0, 1, 0)), 1e-9);
  }

  @Test
  void isHighForAnotherScene() {
    for (int seed = 1; seed < 20; seed++) {
      double difference = difference(scene(seed, 0, 1, 0), scene(seed + 1_000, 0, 1, 0));
      assertTrue(difference > 0.35, "seed " + seed + ": " + difference);
    }
  }

  @Test
  void isLowForNoise() {
    for (int seed = 1; seed < 20; seed++) {
      double difference = difference(scene(seed, 0, 1, 0), scene(seed, 0, 1, 6));
      assertTrue(difference < 0.08, "seed " + seed + ": " + difference);
    }
  }

  @Test
  void isLowForSmallMotion() {
    for (int seed = 1; seed < 20; seed++) {
      double difference = difference(scene(seed, 0, 1, 0), scene(seed, 8, 1, 2));
      assertTrue(difference < 0.15, "seed " + seed + ": " + difference);
    }
  }

  @Test
  void isLowAtEachStepOfAFade() {
    for (int seed = 1; seed < 6; seed++) {
      for (double gain = 1; gain > 0.15; gain -= 0.1) {
        double difference = difference(scene(seed, 0, gain, 1), scene(seed, 0, gain - 0.1, 1));
        assertTrue(difference < 0.12, "seed " + seed + ", gain " + gain + ": " + difference);
      }
    }
  }

  @Test
  void takesThePictureTimeAndForgetsOnReset() {
    SceneScorer scorer = new SceneScorer();
    SmallPicture first = scene(1, 0, 1, 0);
    assertTrue(scorer.score(first).isEmpty());
    SmallPicture second =
        new SmallPicture(2_000_000, WIDTH, HEIGHT, first.luma(), first.cb(), first.cr());
    assertEquals(2_000_000, scorer.score(second).orElseThrow().atUs());
    scorer.reset();
    assertTrue(scorer.score(second).isEmpty());
  }

  @Test
  void comparesPicturesOfDifferentShape() {
    SmallPicture wide = scene(1, 0, 1, 0);
    SmallPicture flat = new SmallPicture(0, 320, 2, new byte[640], new byte[160], new byte[160]);
    double difference = difference(wide, flat);
    assertTrue(difference >= 0 && difference <= 1, "in range: " + difference);
  }
}
