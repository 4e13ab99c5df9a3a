package dev.halcyon.codecs.audio;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Loudness of a programme as a whole: the gated mean of ITU-R BS.1770-4 over blocks of 400 ms, of
 * which one begins every 100 ms, and its true peak (annex 2: four times the samples). 80 bytes for
 * a second of sound; one thread.
 */
public final class ProgrammeLoudness {
  /** What is below is silence, which does not count. */
  private static final double ABSOLUTE_GATE_LUFS = -70;

  /** What is so much softer than the rest does not count either. */
  private static final double RELATIVE_GATE_LU = -10;

  private static final int HOPS_PER_S = 10;
  private static final int OVERSAMPLING = 4;

  private final int sampleRateHz;
  private final LoudnessMeter meter;
  private final Upsampler[] upsamplers;
  private double[] blocksLufs = new double[256];
  private int blocks;
  private long samples;
  private long hops;
  private float peak;

  public ProgrammeLoudness(int sampleRateHz, List<Speaker> speakers) {
    this.sampleRateHz = sampleRateHz;
    meter = new LoudnessMeter(sampleRateHz, speakers);
    upsamplers = new Upsampler[speakers.size()];
    Arrays.setAll(upsamplers, channel -> new Upsampler(OVERSAMPLING));
  }

  /**
   * @param planes a plane a channel, full scale ±1
   * @param count samples of each
   */
  public void add(float[][] planes, int count) {
    int from = 0;
    while (from < count) {
      long hopEnd = (hops + 1) * sampleRateHz / HOPS_PER_S;
      int to = (int) Math.min(count, from + hopEnd - samples);
      meter.add(planes, from, to);
      samples += to - from;
      from = to;
      if (samples == hopEnd) {
        hops++;
        add(meter.endHop());
      }
    }
    for (int channel = 0; channel < upsamplers.length; channel++) {
      peak =
          Math.max(peak, peak(upsamplers[channel].process(Arrays.copyOf(planes[channel], count))));
      peak = Math.max(peak, peak(planes[channel], count));
    }
  }

  private void add(double blockLufs) {
    if (blockLufs > ABSOLUTE_GATE_LUFS) {
      if (blocks == blocksLufs.length) {
        blocksLufs = Arrays.copyOf(blocksLufs, 2 * blocks);
      }
      blocksLufs[blocks++] = blockLufs;
    }
  }

  private static float peak(float[] values) {
    return peak(values, values.length);
  }

  private static float peak(float[] values, int count) {
    float peak = 0;
    for (int i = 0; i < count; i++) {
      peak = Math.max(peak, Math.abs(values[i]));
    }
    return peak;
  }

  /** Integrated loudness; empty while there is silence alone, or less than 400 ms. */
  public OptionalDouble integratedLufs() {
    if (blocks == 0) {
      return OptionalDouble.empty();
    }
    double gateLufs = mean(ABSOLUTE_GATE_LUFS) + RELATIVE_GATE_LU;
    return OptionalDouble.of(mean(gateLufs));
  }

  /** Over the energies of the blocks above a gate. */
  private double mean(double gateLufs) {
    double energy = 0;
    int counted = 0;
    for (int i = 0; i < blocks; i++) {
      if (blocksLufs[i] > gateLufs) {
        energy += Math.pow(10, blocksLufs[i] / 10);
        counted++;
      }
    }
    return 10 * Math.log10(energy / counted);
  }

  /** The highest true peak so far, in dB of full scale; −∞ without sound. */
  public double truePeakDbtp() {
    return 20 * Math.log10(peak);
  }
}
