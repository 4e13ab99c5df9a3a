package dev.halcyon.codecs.audio;

/** A second-order filter section, direct form II transposed, a0 = 1. One channel, one thread. */
final class Biquad {
  /** Below any sound, far above the denormal numbers that slow the processor down. */
  private static final double SILENT = 1e-30;

  private final double b0;
  private final double b1;
  private final double b2;
  private final double a1;
  private final double a2;
  private double z1;
  private double z2;

  private Biquad(double b0, double b1, double b2, double a1, double a2) {
    this.b0 = b0;
    this.b1 = b1;
    this.b2 = b2;
    this.a1 = a1;
    this.a2 = a2;
  }

  /**
   * The pre-filter of BS.1770-4 (the head's effect: a high shelf) at any rate: the analogue
   * prototype whose bilinear transform at 48 kHz gives the standard's table 1.
   */
  static Biquad headShelf(double sampleRateHz) {
    double frequencyHz = 1681.974450955533;
    double q = 0.7071752369554196;
    double high = Math.pow(10, 3.999843853973347 / 20);
    double band = Math.pow(high, 0.4996667741545416);
    double k = Math.tan(Math.PI * frequencyHz / sampleRateHz);
    double a0 = 1 + k / q + k * k;
    return new Biquad(
        (high + band * k / q + k * k) / a0,
        2 * (k * k - high) / a0,
        (high - band * k / q + k * k) / a0,
        2 * (k * k - 1) / a0,
        (1 - k / q + k * k) / a0);
  }

  /** The RLB high pass of BS.1770-4, table 2, at any rate. Its numerator is 1, −2, 1 unscaled. */
  static Biquad rlbHighPass(double sampleRateHz) {
    double frequencyHz = 38.13547087602444;
    double q = 0.5003270373238773;
    double k = Math.tan(Math.PI * frequencyHz / sampleRateHz);
    double a0 = 1 + k / q + k * k;
    return new Biquad(1, -2, 1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0);
  }

  double filter(double in) {
    double out = b0 * in + z1;
    z1 = b1 * in - a1 * out + z2;
    z2 = b2 * in - a2 * out;
    return out;
  }

  /** Drops a state that has faded out, or that is no number. To be called now and then. */
  void settle() {
    if (!(Math.abs(z1) > SILENT && Math.abs(z1) < Double.MAX_VALUE)) {
      z1 = 0;
    }
    if (!(Math.abs(z2) > SILENT && Math.abs(z2) < Double.MAX_VALUE)) {
      z2 = 0;
    }
  }

  /** b0, b1, b2, a1, a2. */
  double[] coefficients() {
    return new double[] {b0, b1, b2, a1, a2};
  }
}
