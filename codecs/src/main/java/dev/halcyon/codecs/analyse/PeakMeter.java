package dev.halcyon.codecs.analyse;

import dev.halcyon.codecs.audio.AudioBlock;
import dev.halcyon.core.analysis.SoundCurves;

/**
 * The highest sample of each step, for the few steps that are not told yet. Plain Java, one thread.
 */
final class PeakMeter {
  /** Steps that are remembered: levels come some behind the sound. */
  private static final int HELD = 64;

  private final float[] peaks = new float[HELD];
  private long newest = -1;

  void add(AudioBlock block) {
    int from = 0;
    while (from < block.samples()) {
      long atUs = block.ptsUs() + from * 1_000_000L / block.sampleRateHz();
      long step = atUs / SoundCurves.STEP_US;
      long endUs = (step + 1) * SoundCurves.STEP_US - block.ptsUs();
      int to =
          Math.clamp(
              Math.ceilDiv(endUs * block.sampleRateHz(), 1_000_000L), from + 1, block.samples());
      begin(step);
      if (step > newest - HELD) {
        int place = (int) (step % HELD);
        peaks[place] = Math.max(peaks[place], peak(block, from, to));
      }
      from = to;
    }
  }

  private void begin(long step) {
    for (long i = Math.max(newest + 1, step - HELD + 1); i <= step; i++) {
      peaks[(int) (i % HELD)] = 0;
    }
    newest = Math.max(newest, step);
  }

  private static float peak(AudioBlock block, int from, int to) {
    float most = 0;
    for (float[] plane : block.planes()) {
      for (int i = from; i < to; i++) {
        most = Math.max(most, Math.abs(plane[i]));
      }
    }
    return most;
  }

  /** dBFS; silence where nothing is remembered. */
  double db(long step) {
    boolean isHeld = step <= newest && step > newest - HELD;
    float peak = isHeld ? peaks[(int) (step % HELD)] : 0;
    return peak == 0 ? SoundCurves.LEAST_PEAK_DB : 20 * Math.log10(peak);
  }
}
