package dev.halcyon.core.reframe;

import dev.halcyon.core.analysis.FaceAnalysis;
import dev.halcyon.core.analysis.FaceBox;
import dev.halcyon.core.analysis.FaceSample;
import dev.halcyon.core.analysis.SceneAnalysis;
import dev.halcyon.core.analysis.SceneCut;
import dev.halcyon.core.analysis.TimeSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A video in which one face walks about: in each shot it begins somewhere, stands, and goes to
 * other places at the speed of people. The true face is known at any time; what a detector sees of
 * it at two samples a second is shaken, missed at times, and joined by faces that are none.
 */
final class Walks {
  static final int WIDTH_PX = 1920;
  static final int HEIGHT_PX = 1080;

  /** Of the picture's width: a person in full view crosses it in four seconds. */
  private static final double FASTEST_A_SECOND = 0.25;

  private static final long SAMPLE_US = 500_000;

  private final Random random;
  private final List<Long> cutsUs = new ArrayList<>();
  private final List<double[]> points = new ArrayList<>();
  private final long lengthUs;
  private final double size;

  Walks(long seed) {
    random = new Random(seed);
    size = 0.05 + 0.12 * random.nextDouble();
    long atUs = 0;
    int shots = 1 + random.nextInt(5);
    for (int shot = 0; shot < shots; shot++) {
      if (shot > 0) {
        cutsUs.add(atUs);
      }
      atUs = shot(atUs);
    }
    lengthUs = atUs;
  }

  private long shot(long fromUs) {
    long atUs = fromUs;
    double x = place();
    double y = 0.25 + 0.3 * random.nextDouble();
    points.add(new double[] {atUs, x, y});
    int legs = 1 + random.nextInt(4);
    for (int leg = 0; leg < legs; leg++) {
      atUs += 1_000_000 + random.nextInt(4_000_000);
      points.add(new double[] {atUs, x, y});
      double nextX = place();
      double seconds = Math.abs(nextX - x) / (FASTEST_A_SECOND * (0.3 + 0.7 * random.nextDouble()));
      atUs += 500_000 + Math.round(seconds * 1e6);
      x = nextX;
      points.add(new double[] {atUs, x, y});
    }
    return atUs;
  }

  private double place() {
    return size + (1 - 2 * size) * random.nextDouble();
  }

  long lengthUs() {
    return lengthUs;
  }

  SceneAnalysis scenes() {
    return new SceneAnalysis(
        new TimeSpan(0, lengthUs), cutsUs.stream().map(at -> SceneCut.hard(at, 1)).toList());
  }

  /** Where the face is. */
  FaceBox face(long atUs) {
    int next = 1;
    while (next < points.size() - 1 && points.get(next)[0] <= atUs) {
      next++;
    }
    double[] from = points.get(next - 1);
    double[] to = points.get(next);
    double part = from[0] == to[0] ? 1 : Math.clamp((atUs - from[0]) / (to[0] - from[0]), 0, 1);
    double x = from[1] + part * (to[1] - from[1]);
    double y = from[2] + part * (to[2] - from[2]);
    return box(x, y, size, 0);
  }

  private static FaceBox box(double x, double y, double size, int track) {
    double height = size * WIDTH_PX / HEIGHT_PX;
    double left = Math.clamp(x - size / 2, 0, 1 - size);
    double top = Math.clamp(y - height / 2, 0, 1 - height);
    return new FaceBox(left, top, size, height, 0.9, track);
  }

  /** What a detector finds. */
  FaceAnalysis seen() {
    List<FaceSample> samples = new ArrayList<>();
    for (long atUs = 0; atUs < lengthUs; atUs += SAMPLE_US) {
      List<FaceBox> faces = new ArrayList<>();
      if (random.nextInt(12) != 0) {
        FaceBox face = face(atUs);
        faces.add(
            box(
                face.centreX() + shake(),
                face.centreY() + shake(),
                size * (1 + 0.1 * random.nextGaussian() / 3),
                1));
      }
      if (random.nextInt(10) == 0) {
        faces.add(box(random.nextDouble(), random.nextDouble(), size * 0.9, 100 + samples.size()));
      }
      samples.add(new FaceSample(atUs, faces, Optional.empty()));
    }
    return new FaceAnalysis(samples);
  }

  private double shake() {
    return 0.08 * size * random.nextGaussian();
  }
}
