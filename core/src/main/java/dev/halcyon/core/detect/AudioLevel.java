package dev.halcyon.core.detect;

/**
 * What 400 ms of a stream's sound measure; one every {@value #STEP_US} µs of stream time.
 *
 * @param atUs stream time of the end of the window
 * @param momentaryLufs loudness as EBU R128 defines momentary, {@value #SILENCE_LUFS} at the least
 * @param flatness spectral flatness (geometric by arithmetic mean) of the window's mean power
 *     spectrum between 100 Hz and 8 kHz, 0..1: 0 a tone, 1 white noise; speech is near 0.03
 * @param centroidHz centre of mass of the window's mean power spectrum
 * @param zeroCrossingRate sign changes per sample, 0..1
 */
public record AudioLevel(
    long atUs, double momentaryLufs, double flatness, double centroidHz, double zeroCrossingRate) {
  /** Distance between two values. */
  public static final long STEP_US = 100_000;

  /** Length of the window that a value measures: "momentary" of EBU R128. */
  public static final long WINDOW_US = 400_000;

  /** The absolute gate of EBU R128, which stands for silence. */
  public static final double SILENCE_LUFS = -70;

  public AudioLevel {
    requireIn("momentaryLufs", momentaryLufs, SILENCE_LUFS, 60);
    requireIn("flatness", flatness, 0, 1);
    requireIn("centroidHz", centroidHz, 0, 400_000);
    requireIn("zeroCrossingRate", zeroCrossingRate, 0, 1);
  }

  private static void requireIn(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          name + " out of " + least + ".." + most + " [value=" + value + "]");
    }
  }
}
