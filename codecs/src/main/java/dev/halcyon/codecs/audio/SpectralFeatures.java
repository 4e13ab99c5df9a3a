package dev.halcyon.codecs.audio;

import java.util.Arrays;

/**
 * What tells noise from tones and speech, over the same 400 ms, every 100 ms, as {@link
 * LoudnessMeter}: measured on the mean of all channels, from Hann-windowed power spectra averaged
 * over the four hops. Plain Java, no allocation once made, one thread.
 */
public final class SpectralFeatures {
  /** Where codecs at every usual bitrate keep the sound: above, silence would read as tonality. */
  private static final double LOWEST_HZ = 100;

  private static final double HIGHEST_HZ = 8_000;

  private static final int HOPS = 4;
  private static final int MIN_SIZE = 64;
  private static final int MAX_SIZE = 4_096;

  /** Mean power of a bin that counts as silence: −120 dBFS. */
  private static final double SILENT = 1e-12;

  private final double binHz;
  private final int firstBin;
  private final int endBin;
  private final RealFft fft;
  private final float[] window;
  private final float[] block;
  private final float[] windowed;
  private final double[][] hopPowers;
  private final long[] hopCrossings = new long[HOPS];
  private final long[] hopSamples = new long[HOPS];
  private int filled;
  private int hop;
  private boolean wasNegative;

  private double flatness;
  private double centroidHz;
  private double zeroCrossingRate;

  public SpectralFeatures(int sampleRateHz) {
    // At least two whole transforms fit into a hop of 100 ms.
    int size = Integer.highestOneBit(Math.max(1, sampleRateHz / 20));
    size = Math.clamp(size, MIN_SIZE, MAX_SIZE);
    fft = new RealFft(size);
    binHz = (double) sampleRateHz / size;
    firstBin = (int) Math.ceil(LOWEST_HZ / binHz);
    endBin = Math.min(fft.bins(), (int) (HIGHEST_HZ / binHz) + 1);
    window = new float[size];
    for (int i = 0; i < size; i++) {
      window[i] = (float) (0.5 - 0.5 * Math.cos(2 * Math.PI * i / size));
    }
    block = new float[size];
    windowed = new float[size];
    hopPowers = new double[HOPS][fft.bins()];
  }

  /** Adds samples {@code from} … {@code to}−1 of each plane to the current hop. */
  void add(float[][] planes, int from, int to) {
    long crossings = 0;
    for (int i = from; i < to; i++) {
      float sum = 0;
      for (float[] plane : planes) {
        sum += plane[i];
      }
      boolean isNegative = sum < 0 || (sum == 0 && wasNegative);
      if (isNegative != wasNegative) {
        crossings++;
        wasNegative = isNegative;
      }
      block[filled++] = sum / planes.length;
      if (filled == block.length) {
        addSpectrum();
      }
    }
    hopCrossings[hop] += crossings;
    hopSamples[hop] += to - from;
  }

  private void addSpectrum() {
    filled = 0;
    for (int i = 0; i < block.length; i++) {
      windowed[i] = block[i] * window[i];
    }
    fft.addPower(windowed, hopPowers[hop]);
  }

  /** Ends the current hop, measures the last four, and begins the next. */
  void endHop() {
    measureSpectrum();
    zeroCrossingRate =
        (double) Arrays.stream(hopCrossings).sum() / Math.max(1, Arrays.stream(hopSamples).sum());
    hop = (hop + 1) % HOPS;
    hopCrossings[hop] = 0;
    hopSamples[hop] = 0;
    Arrays.fill(hopPowers[hop], 0);
  }

  private void measureSpectrum() {
    double sum = 0;
    double moment = 0;
    double bandSum = 0;
    double bandLogSum = 0;
    for (int bin = 1; bin < fft.bins(); bin++) {
      double power = 0;
      for (double[] powers : hopPowers) {
        power += powers[bin];
      }
      sum += power;
      moment += power * bin * binHz;
      if (bin >= firstBin && bin < endBin) {
        bandSum += power;
        bandLogSum += Math.log(power + SILENT);
      }
    }
    int bins = endBin - firstBin;
    centroidHz = sum > SILENT * fft.bins() ? moment / sum : 0;
    flatness =
        bandSum > SILENT * bins
            ? Math.clamp(Math.exp(bandLogSum / bins) / (bandSum / bins), 0, 1)
            : 0;
  }

  /**
   * Geometric by arithmetic mean of the power spectrum from 100 Hz to 8 kHz: 0 a tone or silence,
   * towards 1 white noise.
   */
  double flatness() {
    return flatness;
  }

  /** Centre of mass of the power spectrum; 0 in silence. */
  double centroidHz() {
    return centroidHz;
  }

  /** Sign changes per sample, 0..1. */
  double zeroCrossingRate() {
    return zeroCrossingRate;
  }
}
