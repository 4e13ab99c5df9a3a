package dev.halcyon.codecs.model;

import dev.halcyon.codecs.audio.AudioBlock;
import java.util.Arrays;

/** Cuts one stream's sound into the frames that {@link SileroVad} takes. One thread. */
public final class SpeechFrames {
  private static final int RATE_HZ = 16_000;

  /** Time stamps that differ by less are those of one run of sound. */
  private static final long TOLERANCE_US = 40_000;

  private final float[] samples = new float[SileroVad.INPUT_SAMPLES];
  private int held;
  private boolean isFirst;
  private long runUs;
  private long runSamples;

  /** Takes the frames. */
  public interface Sink {
    /**
     * @param fromUs stream time of the frame, its context left out
     * @param samples {@link SileroVad#INPUT_SAMPLES}, the receiver's own
     * @param isFirst whether nothing was before it: the state begins anew
     */
    void onFrame(long fromUs, long toUs, float[] samples, boolean isFirst);
  }

  /**
   * @param block 16 kHz mono; where its time does not go on from before, all begins anew
   */
  public void add(AudioBlock block, Sink sink) {
    if (block.sampleRateHz() != RATE_HZ || block.channels() != 1) {
      throw new IllegalArgumentException(
          "not 16 kHz mono [rate=" + block.sampleRateHz() + ", channels=" + block.channels() + "]");
    }
    long expectedUs = timeUs(runSamples);
    if (runSamples == 0 || Math.abs(block.ptsUs() - expectedUs) > TOLERANCE_US) {
      begin(block.ptsUs());
    }
    float[] plane = block.planes()[0];
    for (int from = 0; from < block.samples(); ) {
      int taken = Math.min(SileroVad.INPUT_SAMPLES - held, block.samples() - from);
      System.arraycopy(plane, from, samples, held, taken);
      held += taken;
      from += taken;
      runSamples += taken;
      if (held == SileroVad.INPUT_SAMPLES) {
        sink.onFrame(
            timeUs(runSamples - SileroVad.FRAME_SAMPLES),
            timeUs(runSamples),
            samples.clone(),
            isFirst);
        isFirst = false;
        System.arraycopy(samples, SileroVad.FRAME_SAMPLES, samples, 0, SileroVad.CONTEXT_SAMPLES);
        held = SileroVad.CONTEXT_SAMPLES;
      }
    }
  }

  private void begin(long ptsUs) {
    Arrays.fill(samples, 0, SileroVad.CONTEXT_SAMPLES, 0);
    held = SileroVad.CONTEXT_SAMPLES;
    isFirst = true;
    runUs = ptsUs;
    runSamples = 0;
  }

  private long timeUs(long sample) {
    return runUs + sample * 1_000_000 / RATE_HZ;
  }
}
