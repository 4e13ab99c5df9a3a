package dev.halcyon.codecs.audio;

import dev.halcyon.core.detect.AudioLevel;
import java.util.List;

/**
 * Momentary loudness as EBU R128 / EBU Tech 3341 define it: ITU-R BS.1770-4 over the last 400 ms,
 * ungated, here every 100 ms. Plain Java, no allocation once made, one thread.
 */
public final class LoudnessMeter {
  /** BS.1770-4: what makes a 0 dBFS 997 Hz sine in one front channel read −3.01 LUFS. */
  private static final double OFFSET_DB = -0.691;

  /** BS.1770-4 table 3: surround channels count 1.5 dB more. */
  private static final double SURROUND_WEIGHT = 1.41;

  private static final int HOPS = 4;

  private final Biquad[] shelves;
  private final Biquad[] highPasses;
  private final double[] weights;
  private final double[] hopEnergies = new double[HOPS];
  private final long[] hopSamples = new long[HOPS];
  private int hop;
  private int fullHops;

  public LoudnessMeter(int sampleRateHz, List<Speaker> speakers) {
    int channels = speakers.size();
    shelves = new Biquad[channels];
    highPasses = new Biquad[channels];
    weights = new double[channels];
    for (int channel = 0; channel < channels; channel++) {
      shelves[channel] = Biquad.headShelf(sampleRateHz);
      highPasses[channel] = Biquad.rlbHighPass(sampleRateHz);
      weights[channel] = weight(speakers.get(channel));
    }
  }

  private static double weight(Speaker speaker) {
    return switch (speaker) {
      case LOW_FREQUENCY -> 0;
      case BACK_LEFT, BACK_RIGHT, SIDE_LEFT, SIDE_RIGHT, BACK_CENTER -> SURROUND_WEIGHT;
      case FRONT_LEFT, FRONT_RIGHT, FRONT_CENTER, OTHER -> 1;
    };
  }

  /** Adds samples {@code from} … {@code to}−1 of each plane to the current hop. */
  void add(float[][] planes, int from, int to) {
    double energy = 0;
    for (int channel = 0; channel < weights.length; channel++) {
      if (weights[channel] > 0) {
        energy += weights[channel] * energy(channel, planes[channel], from, to);
      }
    }
    hopEnergies[hop] += energy;
    hopSamples[hop] += to - from;
  }

  private double energy(int channel, float[] plane, int from, int to) {
    Biquad shelf = shelves[channel];
    Biquad highPass = highPasses[channel];
    double sum = 0;
    for (int i = from; i < to; i++) {
      double weighted = highPass.filter(shelf.filter(plane[i]));
      sum += weighted * weighted;
    }
    return sum;
  }

  /**
   * Ends the current hop of 100 ms and begins the next.
   *
   * @return LUFS over the last four hops, at least {@link AudioLevel#SILENCE_LUFS}; NaN while there
   *     are not four
   */
  double endHop() {
    for (int channel = 0; channel < weights.length; channel++) {
      shelves[channel].settle();
      highPasses[channel].settle();
    }
    fullHops = Math.min(fullHops + 1, HOPS);
    double momentaryLufs = fullHops == HOPS ? lufs() : Double.NaN;
    hop = (hop + 1) % HOPS;
    hopEnergies[hop] = 0;
    hopSamples[hop] = 0;
    return momentaryLufs;
  }

  private double lufs() {
    double energy = 0;
    long samples = 0;
    for (int i = 0; i < HOPS; i++) {
      energy += hopEnergies[i];
      samples += hopSamples[i];
    }
    double lufs = OFFSET_DB + 10 * Math.log10(energy / samples);
    return lufs >= AudioLevel.SILENCE_LUFS ? lufs : AudioLevel.SILENCE_LUFS; // also when NaN
  }
}
