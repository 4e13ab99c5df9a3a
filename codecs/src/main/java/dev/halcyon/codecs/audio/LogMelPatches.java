package dev.halcyon.codecs.audio;

import java.util.Arrays;

/**
 * The front end of YAMNet: windows of 25 ms every 10 ms (periodic Hann), the magnitudes of a
 * 512-point transform, 64 mel bands from 125 to 7,500 Hz (HTK's scale), log(x + 0.001); patches of
 * 96 windows, every 48 windows. Plain Java, no allocation but the patches; one thread.
 */
public final class LogMelPatches {
  public static final int BANDS = 64;
  public static final int PATCH_FRAMES = 96;
  public static final int HOP_FRAMES = 48;
  public static final int WINDOW_SAMPLES = 400;
  public static final int HOP_SAMPLES = 160;

  private static final int RATE_HZ = Resampler16k.RATE_HZ;
  private static final int TRANSFORM = 512;
  private static final double FROM_HZ = 125;
  private static final double TO_HZ = 7_500;
  private static final double LOG_OFFSET = 0.001;
  private static final long PATCH_US =
      ((PATCH_FRAMES - 1L) * HOP_SAMPLES + WINDOW_SAMPLES) * 1_000_000 / RATE_HZ;

  /** Time stamps that differ by less are those of one run of sound. */
  private static final long TOLERANCE_US = 40_000;

  private final RealFft transform = new RealFft(TRANSFORM);
  private final float[] window = new float[WINDOW_SAMPLES];
  private final float[] windowed = new float[TRANSFORM];
  private final double[] power = new double[TRANSFORM / 2 + 1];
  private final double[] magnitudes = new double[TRANSFORM / 2 + 1];

  /** Each band's first bin, and its weights from there on. */
  private final int[] firstBin = new int[BANDS];

  private final double[][] weights = new double[BANDS][];

  private final float[] samples = new float[WINDOW_SAMPLES];
  private final float[] patch = new float[PATCH_FRAMES * BANDS];
  private int held;
  private int frames;
  private long runUs;
  private long runSamples;

  /** Takes what was made of the sound. */
  public interface Sink {
    /**
     * @param fromUs stream time of the patch's first sample
     * @param toUs just after its last
     * @param patch {@value #PATCH_FRAMES} windows of {@value #BANDS} bands, the receiver's own
     */
    void onPatch(long fromUs, long toUs, float[] patch);
  }

  public LogMelPatches() {
    for (int i = 0; i < WINDOW_SAMPLES; i++) {
      window[i] = (float) (0.5 - 0.5 * Math.cos(2 * Math.PI * i / WINDOW_SAMPLES));
    }
    double low = mel(FROM_HZ);
    double step = (mel(TO_HZ) - low) / (BANDS + 1);
    for (int band = 0; band < BANDS; band++) {
      weigh(band, low + band * step, step);
    }
  }

  private static double mel(double hz) {
    return 1_127 * Math.log(1 + hz / 700);
  }

  /** A triangle over the mel scale, one up at its middle. */
  private void weigh(int band, double fromMel, double step) {
    double[] all = new double[TRANSFORM / 2 + 1];
    int first = all.length;
    int last = 0;
    for (int bin = 1; bin < all.length; bin++) {
      double place = (mel((double) bin * RATE_HZ / TRANSFORM) - fromMel) / step;
      all[bin] = Math.max(0, Math.min(place, 2 - place));
      if (all[bin] > 0) {
        first = Math.min(first, bin);
        last = bin;
      }
    }
    firstBin[band] = Math.min(first, last);
    weights[band] = first > last ? new double[0] : Arrays.copyOfRange(all, first, last + 1);
  }

  /**
   * Takes the next run of sound.
   *
   * @param block 16 kHz mono; where its time does not go on from before, the patch begins anew
   */
  public void add(AudioBlock block, Sink sink) {
    if (block.sampleRateHz() != RATE_HZ || block.channels() != 1) {
      throw new IllegalArgumentException(
          "not 16 kHz mono [rate=" + block.sampleRateHz() + ", channels=" + block.channels() + "]");
    }
    long expectedUs = runUs + runSamples * 1_000_000 / RATE_HZ;
    if (runSamples == 0 || Math.abs(block.ptsUs() - expectedUs) > TOLERANCE_US) {
      reset();
      runUs = block.ptsUs();
    }
    float[] plane = block.planes()[0];
    for (int from = 0; from < block.samples(); ) {
      int taken = Math.min(WINDOW_SAMPLES - held, block.samples() - from);
      System.arraycopy(plane, from, samples, held, taken);
      held += taken;
      from += taken;
      runSamples += taken;
      if (held == WINDOW_SAMPLES) {
        onWindow(sink);
      }
    }
  }

  /** What was heard so far is not part of what comes. */
  public void reset() {
    held = 0;
    frames = 0;
    runSamples = 0;
  }

  private void onWindow(Sink sink) {
    spectrum();
    for (int band = 0; band < BANDS; band++) {
      double sum = 0;
      double[] of = weights[band];
      for (int i = 0; i < of.length; i++) {
        sum += of[i] * magnitudes[firstBin[band] + i];
      }
      patch[frames * BANDS + band] = (float) Math.log(sum + LOG_OFFSET);
    }
    System.arraycopy(samples, HOP_SAMPLES, samples, 0, WINDOW_SAMPLES - HOP_SAMPLES);
    held = WINDOW_SAMPLES - HOP_SAMPLES;
    if (++frames == PATCH_FRAMES) {
      long toUs = runUs + runSamples * 1_000_000 / RATE_HZ;
      sink.onPatch(Math.max(0, toUs - PATCH_US), toUs, patch.clone());
      System.arraycopy(patch, HOP_FRAMES * BANDS, patch, 0, (PATCH_FRAMES - HOP_FRAMES) * BANDS);
      frames = PATCH_FRAMES - HOP_FRAMES;
    }
  }

  private void spectrum() {
    for (int i = 0; i < WINDOW_SAMPLES; i++) {
      windowed[i] = samples[i] * window[i];
    }
    Arrays.fill(power, 0);
    transform.addPower(windowed, power);
    for (int bin = 0; bin < magnitudes.length; bin++) {
      magnitudes[bin] = Math.sqrt(power[bin]);
    }
  }
}
