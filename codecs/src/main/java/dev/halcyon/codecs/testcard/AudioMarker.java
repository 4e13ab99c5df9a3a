package dev.halcyon.codecs.testcard;

import java.util.Optional;

/**
 * The sound that carries a programme time exact to the sample.
 *
 * <pre>
 *    0 ms         20  22                              62 ms
 *    | chirp       |  | 40 tones at once: one bit each |
 *    1 to 7 kHz, Hann     bit i is the tone 1000 + 75 (2 i + bit) Hz
 *
 *    bit   0..23         24..31    32..39
 *          decisecond    cardId    CRC-8 of the four bytes before (polynomial 0x07)
 * </pre>
 *
 * The chirp tells where (a matched filter's peak), the tones tell which. Everything lies below 7
 * kHz, which every codec keeps at any sensible rate. Any thread.
 */
final class AudioMarker {
  /** The lowest rate that holds the tones. */
  static final int MIN_SAMPLE_RATE_HZ = 16_000;

  static final double LENGTH_S = 0.062;

  static final double CHIRP_S = 0.020;
  private static final double CHIRP_FROM_HZ = 1000;
  private static final double CHIRP_TO_HZ = 7000;

  private static final double TONES_FROM_S = 0.022;
  private static final double RAMP_S = 0.004;
  private static final double TONE_BASE_HZ = 1000;

  /** Over the 62.5 Hz that a Hann window of 32 ms cannot tell apart. */
  private static final double TONE_STEP_HZ = 75;

  private static final int BITS = 40;

  /** The clear winner of two slots has this many times the other's power (4.8 dB). */
  private static final double MIN_POWER_RATIO = 3;

  private AudioMarker() {}

  /**
   * The marker's samples at RMS 1.
   *
   * @param phase when it begins, in samples after the first one: 0 to below 1
   */
  static float[] synthesise(MarkerWord word, int sampleRateHz, double phase) {
    float[] samples = new float[(int) Math.ceil(LENGTH_S * sampleRateHz) + 1];
    addChirp(samples, sampleRateHz, phase);
    long bits = bitsOf(word);
    double amplitude = Math.sqrt(2.0 / BITS);
    int from = (int) Math.ceil(TONES_FROM_S * sampleRateHz + phase);
    int to = (int) Math.floor(LENGTH_S * sampleRateHz + phase);
    for (int bit = 0; bit < BITS; bit++) {
      int slot = 2 * bit + (int) (bits >> (BITS - 1 - bit) & 1);
      double turn = 2 * Math.PI * slotHz(slot) / sampleRateHz;
      // Newman's phases keep forty tones from peaking together.
      double angle = Math.PI * bit * bit / BITS + turn * (from - phase);
      double re = amplitude * Math.sin(angle);
      double im = amplitude * Math.cos(angle);
      double cos = Math.cos(turn);
      double sin = Math.sin(turn);
      for (int n = from; n < to; n++) {
        samples[n] += (float) re;
        double next = re * cos + im * sin;
        im = im * cos - re * sin;
        re = next;
      }
    }
    for (int n = from; n < to; n++) {
      double intoS = (n - phase) / sampleRateHz - TONES_FROM_S;
      double edgeS = Math.min(intoS, LENGTH_S - TONES_FROM_S - intoS);
      samples[n] *= (float) (edgeS >= RAMP_S ? 1 : hann(edgeS / (2 * RAMP_S)));
    }
    return samples;
  }

  /** The chirp alone, beginning at sample 0: what a matched filter looks for. */
  static float[] chirp(int sampleRateHz) {
    float[] samples = new float[(int) Math.ceil(CHIRP_S * sampleRateHz)];
    addChirp(samples, sampleRateHz, 0);
    return samples;
  }

  /** How many samples {@link #read} needs from the marker's begin. */
  static int readableSamples(int sampleRateHz) {
    return (int) Math.ceil((LENGTH_S - RAMP_S) * sampleRateHz);
  }

  /** Reads the tones of a marker that begins at {@code start}; empty when they say nothing. */
  static Optional<MarkerWord> read(float[] samples, int start, int sampleRateHz) {
    int from = start + (int) Math.round((TONES_FROM_S + RAMP_S) * sampleRateHz);
    int length = (int) Math.round((LENGTH_S - TONES_FROM_S - 2 * RAMP_S) * sampleRateHz);
    double[] windowed = new double[length];
    for (int n = 0; n < length; n++) {
      windowed[n] = samples[from + n] * hann((n + 0.5) / length);
    }
    long bits = 0;
    for (int bit = 0; bit < BITS; bit++) {
      double zero = power(windowed, slotHz(2 * bit) / sampleRateHz);
      double one = power(windowed, slotHz(2 * bit + 1) / sampleRateHz);
      if (Math.max(zero, one) < MIN_POWER_RATIO * Math.min(zero, one) || zero == one) {
        return Optional.empty();
      }
      bits = bits << 1 | (one > zero ? 1 : 0);
    }
    MarkerWord word = new MarkerWord((int) (bits >> 16), (int) (bits >> 8 & 0xff));
    return bitsOf(word) == bits ? Optional.of(word) : Optional.empty();
  }

  private static void addChirp(float[] samples, int sampleRateHz, double phase) {
    int last = Math.min(samples.length - 1, (int) (CHIRP_S * sampleRateHz + phase));
    // A Hann window has 3/8 of the power of its peak, a sine has half.
    double amplitude = Math.sqrt(2 / 0.375);
    for (int n = (int) Math.ceil(phase); n <= last; n++) {
      double t = (n - phase) / sampleRateHz;
      double turns = CHIRP_FROM_HZ * t + (CHIRP_TO_HZ - CHIRP_FROM_HZ) * t * t / (2 * CHIRP_S);
      samples[n] += (float) (amplitude * hann(t / CHIRP_S) * Math.sin(2 * Math.PI * turns));
    }
  }

  private static double slotHz(int slot) {
    return TONE_BASE_HZ + TONE_STEP_HZ * slot;
  }

  /** 0 at 0 and 1, 1 in the middle. */
  private static double hann(double fraction) {
    return 0.5 - 0.5 * Math.cos(2 * Math.PI * fraction);
  }

  /** Goertzel's algorithm. */
  private static double power(double[] samples, double turnsPerSample) {
    double coefficient = 2 * Math.cos(2 * Math.PI * turnsPerSample);
    double s1 = 0;
    double s2 = 0;
    for (double sample : samples) {
      double s0 = sample + coefficient * s1 - s2;
      s2 = s1;
      s1 = s0;
    }
    return s1 * s1 + s2 * s2 - coefficient * s1 * s2;
  }

  private static long bitsOf(MarkerWord word) {
    long payload = (long) word.decisecond() << 8 | word.cardId();
    int crc = 0;
    for (int shift = 24; shift >= 0; shift -= 8) {
      crc ^= (int) (payload >> shift & 0xff);
      for (int bit = 0; bit < 8; bit++) {
        crc = ((crc << 1) ^ ((crc & 0x80) != 0 ? 0x07 : 0)) & 0xff;
      }
    }
    return payload << 8 | crc;
  }
}
