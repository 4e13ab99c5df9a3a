package dev.halcyon.codecs.testcard;

/**
 * A second-order filter, from R. Bristow-Johnson's Audio EQ Cookbook, at Butterworth's Q. One
 * thread at a time.
 */
final class Biquad {
  private static final double Q = Math.sqrt(0.5);

  private final double b0;
  private final double b1;
  private final double b2;
  private final double a1;
  private final double a2;
  private double state1;
  private double state2;

  private Biquad(double b0, double b1, double b2, double a0, double a1, double a2) {
    this.b0 = b0 / a0;
    this.b1 = b1 / a0;
    this.b2 = b2 / a0;
    this.a1 = a1 / a0;
    this.a2 = a2 / a0;
  }

  static Biquad lowPass(double cutHz, int sampleRateHz) {
    double w = 2 * Math.PI * cutHz / sampleRateHz;
    double alpha = Math.sin(w) / (2 * Q);
    double cos = Math.cos(w);
    return new Biquad((1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
  }

  static Biquad highPass(double cutHz, int sampleRateHz) {
    double w = 2 * Math.PI * cutHz / sampleRateHz;
    double alpha = Math.sin(w) / (2 * Q);
    double cos = Math.cos(w);
    return new Biquad((1 + cos) / 2, -1 - cos, (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
  }

  double next(double in) {
    double out = b0 * in + state1;
    state1 = b1 * in - a1 * out + state2;
    state2 = b2 * in - a2 * out;
    return out;
  }
}
