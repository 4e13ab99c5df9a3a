package dev.halcyon.codecs.audio;

/**
 * The power spectrum of a fixed number of real values: a complex radix-2 transform of half the size
 * and one pass that takes the even and odd parts apart. Plain Java, no allocation once made, one
 * thread.
 */
final class RealFft {
  private final int half;
  private final double[] re;
  private final double[] im;
  private final double[] cos;
  private final double[] sin;

  /**
   * @param size values a transform: a power of two, at least 4
   */
  RealFft(int size) {
    if (size < 4 || Integer.bitCount(size) != 1) {
      throw new IllegalArgumentException("not a power of two from 4 up [size=" + size + "]");
    }
    half = size / 2;
    re = new double[half];
    im = new double[half];
    cos = new double[half];
    sin = new double[half];
    for (int k = 0; k < half; k++) {
      cos[k] = Math.cos(-2 * Math.PI * k / size);
      sin[k] = Math.sin(-2 * Math.PI * k / size);
    }
  }

  /** Bins of the power spectrum, 0 to the Nyquist frequency. */
  int bins() {
    return half + 1;
  }

  /** Adds |X[k]|² of {@code values} to {@code power[k]}. */
  void addPower(float[] values, double[] power) {
    int shift = Integer.numberOfLeadingZeros(half) + 1;
    for (int i = 0; i < half; i++) {
      int reversed = Integer.reverse(i) >>> shift;
      re[reversed] = values[2 * i];
      im[reversed] = values[2 * i + 1];
    }
    transform();
    power[0] += (re[0] + im[0]) * (re[0] + im[0]);
    power[half] += (re[0] - im[0]) * (re[0] - im[0]);
    for (int k = 1; k < half; k++) {
      double evenRe = (re[k] + re[half - k]) / 2;
      double evenIm = (im[k] - im[half - k]) / 2;
      double oddRe = (im[k] + im[half - k]) / 2;
      double oddIm = (re[half - k] - re[k]) / 2;
      double binRe = evenRe + cos[k] * oddRe - sin[k] * oddIm;
      double binIm = evenIm + cos[k] * oddIm + sin[k] * oddRe;
      power[k] += binRe * binRe + binIm * binIm;
    }
  }

  private void transform() {
    for (int length = 2; length <= half; length *= 2) {
      int stride = 2 * half / length;
      for (int start = 0; start < half; start += length) {
        for (int k = 0; k < length / 2; k++) {
          butterfly(start + k, start + k + length / 2, k * stride);
        }
      }
    }
  }

  private void butterfly(int a, int b, int twiddle) {
    double turnedRe = re[b] * cos[twiddle] - im[b] * sin[twiddle];
    double turnedIm = re[b] * sin[twiddle] + im[b] * cos[twiddle];
    re[b] = re[a] - turnedRe;
    im[b] = im[a] - turnedIm;
    re[a] += turnedRe;
    im[a] += turnedIm;
  }
}
