package dev.halcyon.core.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Writes the levels of a made-up programme: sounds at 100 ms steps, measured over 400 ms as the tap
 * does. Seeded.
 */
final class SoundScript {
  private static final int STEPS_OF_A_WINDOW = 4;

  private final Random random = new Random(20);
  private final List<double[]> steps = new ArrayList<>();
  private int stepsOfWord;
  private double wordDb;

  /** One voice: loudness and spectrum move, words are told apart by short pauses. */
  SoundScript talk(double seconds, double lufs) {
    return add(seconds, () -> word(lufs));
  }

  private double[] word(double lufs) {
    if (--stepsOfWord <= 0) {
      stepsOfWord = 2 + random.nextInt(6);
      wordDb = random.nextInt(4) == 0 ? -20 : Math.clamp(2.5 * random.nextGaussian(), -6, 6);
    }
    return sound(lufs + wordDb, 0.03, 1200, 0.5);
  }

  /** Many voices or hands: loudness and spectrum stand still. */
  SoundScript crowd(double seconds, double lufs) {
    return add(seconds, () -> sound(lufs + 0.5 * random.nextGaussian(), 0.05, 1800, 0.04));
  }

  /** A held note. */
  SoundScript tone(double seconds, double lufs) {
    return add(seconds, () -> new double[] {lufs, 0, 440});
  }

  SoundScript noise(double seconds, double lufs) {
    return add(seconds, () -> sound(lufs + 0.3 * random.nextGaussian(), 0.8, 4000, 0.01));
  }

  SoundScript silence(double seconds) {
    return add(seconds, () -> new double[] {-120, 0, 0});
  }

  private double[] sound(double lufs, double flatness, double centroidHz, double octaves) {
    double hz = centroidHz * Math.pow(2, octaves * random.nextGaussian());
    return new double[] {lufs, flatness, Math.min(hz, 20_000)};
  }

  private SoundScript add(double seconds, Supplier<double[]> step) {
    for (int i = 0; i < Math.round(seconds * 10); i++) {
      steps.add(step.get());
    }
    return this;
  }

  /** Stream time at which the script stands. */
  long nowUs() {
    return steps.size() * AudioLevel.STEP_US;
  }

  List<AudioLevel> levels() {
    List<AudioLevel> levels = new ArrayList<>();
    for (int end = STEPS_OF_A_WINDOW; end <= steps.size(); end++) {
      levels.add(measure(steps.subList(end - STEPS_OF_A_WINDOW, end), end * AudioLevel.STEP_US));
    }
    return levels;
  }

  private static AudioLevel measure(List<double[]> window, long atUs) {
    double power = 0;
    double flatness = 0;
    double centroid = 0;
    for (double[] step : window) {
      double stepPower = Math.pow(10, step[0] / 10);
      power += stepPower;
      flatness += stepPower * step[1];
      centroid += stepPower * step[2];
    }
    double lufs = 10 * Math.log10(power / window.size());
    return new AudioLevel(
        atUs, Math.max(AudioLevel.SILENCE_LUFS, lufs), flatness / power, centroid / power, 0.1);
  }
}
