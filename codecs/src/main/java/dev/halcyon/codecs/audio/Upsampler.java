package dev.halcyon.codecs.audio;

import java.util.Arrays;

/**
 * Multiplies the sample rate of a live sound by a whole number: a windowed sinc, one set of taps a
 * phase. Output sample n is heard when input sample n ÷ factor is: no delay in time, although what
 * is given comes out {@value #HALF_TAPS} samples later. One thread.
 */
public final class Upsampler {
  private static final int HALF_TAPS = 8;
  private static final int TAPS = 2 * HALF_TAPS;

  private final int factor;
  private final float[][] taps;

  /** What the next output needs, oldest first. */
  private float[] waiting = new float[HALF_TAPS - 1];

  public Upsampler(int factor) {
    if (factor < 1) {
      throw new IllegalArgumentException("no such factor [factor=" + factor + "]");
    }
    this.factor = factor;
    this.taps = new float[factor][TAPS];
    for (int phase = 0; phase < factor; phase++) {
      fill(taps[phase], (double) phase / factor);
    }
  }

  /** Hann-windowed sinc around {@code at}, for inputs −7 to 8; the sum is 1. */
  private static void fill(float[] row, double at) {
    double[] exact = new double[TAPS];
    double sum = 0;
    for (int i = 0; i < TAPS; i++) {
      double x = at - (i - (HALF_TAPS - 1));
      double sinc = x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      exact[i] = sinc * (0.5 + 0.5 * Math.cos(Math.PI * x / HALF_TAPS));
      sum += exact[i];
    }
    for (int i = 0; i < TAPS; i++) {
      row[i] = (float) (exact[i] / sum);
    }
  }

  /**
   * @return what can be told now; all that was given so far but the last {@value #HALF_TAPS}
   */
  public float[] process(float[] samples) {
    float[] input = new float[waiting.length + samples.length];
    System.arraycopy(waiting, 0, input, 0, waiting.length);
    System.arraycopy(samples, 0, input, waiting.length, samples.length);
    int ready = Math.max(0, input.length - TAPS + 1);
    float[] output = new float[ready * factor];
    float[] sums = new float[ready];
    for (int phase = 0; phase < factor; phase++) {
      sum(input, taps[phase], sums);
      for (int i = 0; i < ready; i++) {
        output[i * factor + phase] = sums[i];
      }
    }
    waiting = new float[input.length - ready];
    System.arraycopy(input, ready, waiting, 0, waiting.length);
    return output;
  }

  /**
   * Four taps of all samples, then the next four: the compiler makes vectors of that, not of sums
   * over taps, whose order it must keep. The order is the same here.
   */
  private static void sum(float[] input, float[] row, float[] sums) {
    Arrays.fill(sums, 0);
    for (int tap = 0; tap < TAPS; tap += 4) {
      float a = row[tap];
      float b = row[tap + 1];
      float c = row[tap + 2];
      float d = row[tap + 3];
      for (int i = 0; i < sums.length; i++) {
        sums[i] =
            sums[i]
                + input[i + tap] * a
                + input[i + tap + 1] * b
                + input[i + tap + 2] * c
                + input[i + tap + 3] * d;
      }
    }
  }
}
