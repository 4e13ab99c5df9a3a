package dev.halcyon.codecs.render;

import dev.halcyon.codecs.audio.Upsampler;
import java.io.IOException;
import java.util.Arrays;

/**
 * Makes sound louder by a fixed gain and turns it down, just before they come, where true peaks
 * would exceed a ceiling. What is needed 5 ms ahead is reached in an even slope, so that nothing
 * clicks; it is let go in about 80 ms. As many samples come out as go in. One thread.
 *
 * <p>For sample i the mean, over the 5 ms up to it, of the least gain in the 5 ms after each is not
 * above what i needs itself: the ceiling holds for each sample, not on the mean.
 */
final class PeakLimiter {
  private static final int LOOK = 240;
  private static final int OVERSAMPLING = 4;
  private static final double RELEASE_SAMPLES = 0.08 * SoundScratch.RATE_HZ;

  private final double gain;
  private final double ceiling;
  private final Upsampler[] upsamplers = {new Upsampler(OVERSAMPLING), new Upsampler(OVERSAMPLING)};

  /** Louder samples that wait to come out. */
  private final float[][] waiting = new float[SoundScratch.CHANNELS][8 * SoundScratch.BLOCK];

  private long pushed;
  private long judged;
  private long given;

  /** Gains needed, whose running minimum is wanted: rising, with their places. */
  private final double[] minima = new double[2 * LOOK];

  private final long[] minimaAt = new long[2 * LOOK];
  private int minimaFrom;
  private int minimaCount;

  private final double[] slope = new double[LOOK];
  private double slopeSum = LOOK;
  private double released = 1;
  private float peakBefore;
  private final float[][] out = new float[SoundScratch.CHANNELS][SoundScratch.BLOCK];
  private int outCount;

  PeakLimiter(double gain, double ceiling) throws IOException {
    this.gain = gain;
    this.ceiling = ceiling;
    Arrays.fill(slope, 1);
    // The slope may begin before the first sample.
    push(new float[SoundScratch.CHANNELS][LOOK], LOOK, (planes, count) -> {});
  }

  /**
   * @param sink takes what is ready, in order
   */
  void add(float[][] planes, int count, SoundScratch.Sink sink) throws IOException {
    push(planes, count, sink);
    give(sink);
  }

  /** No sound follows; gives what is still inside. */
  void finish(SoundScratch.Sink sink) throws IOException {
    long end = pushed;
    while (given < end) {
      push(new float[SoundScratch.CHANNELS][LOOK], (int) Math.min(LOOK, end - given), sink);
    }
    give(sink);
  }

  private void push(float[][] planes, int count, SoundScratch.Sink sink) throws IOException {
    float[][] raised = new float[SoundScratch.CHANNELS][count];
    float[][] finer = new float[SoundScratch.CHANNELS][];
    int capacity = waiting[0].length;
    for (int channel = 0; channel < SoundScratch.CHANNELS; channel++) {
      for (int i = 0; i < count; i++) {
        raised[channel][i] = (float) (planes[channel][i] * gain);
        waiting[channel][(int) ((pushed + i) % capacity)] = raised[channel][i];
      }
      finer[channel] = upsamplers[channel].process(raised[channel]);
    }
    pushed += count;
    for (int i = 0; i + OVERSAMPLING <= finer[0].length; i += OVERSAMPLING) {
      float peak = 0;
      for (int j = i; j < i + OVERSAMPLING; j++) {
        peak = Math.max(peak, Math.max(Math.abs(finer[0][j]), Math.abs(finer[1][j])));
      }
      judge(Math.max(peak, peakBefore), sink);
      peakBefore = peak;
    }
  }

  /** Takes the peak around the next sample; the one that was judged 5 ms before can come out. */
  private void judge(float peak, SoundScratch.Sink sink) throws IOException {
    double needed = peak > ceiling ? ceiling / peak : 1;
    while (minimaCount > 0 && minima[slot(minimaCount - 1)] >= needed) {
      minimaCount--;
    }
    minima[slot(minimaCount)] = needed;
    minimaAt[slot(minimaCount)] = judged;
    minimaCount++;
    judged++;
    long at = judged - 1 - LOOK;
    if (at < 0) {
      return;
    }
    while (minimaAt[minimaFrom] < at) {
      minimaFrom = (minimaFrom + 1) % minima.length;
      minimaCount--;
    }
    double least = minima[minimaFrom];
    released = least < released ? least : released + (least - released) / RELEASE_SAMPLES;
    int slot = (int) (at % LOOK);
    slopeSum += released - slope[slot];
    slope[slot] = released;
    give(at, Math.min(1, slopeSum / LOOK), sink);
  }

  private int slot(int index) {
    return (minimaFrom + index) % minima.length;
  }

  private void give(long at, double factor, SoundScratch.Sink sink) throws IOException {
    given = at + 1;
    if (at < LOOK) {
      return; // the silence before the first sample
    }
    int from = (int) (at % waiting[0].length);
    for (int channel = 0; channel < SoundScratch.CHANNELS; channel++) {
      out[channel][outCount] = (float) (waiting[channel][from] * factor);
    }
    outCount++;
    if (outCount == out[0].length) {
      give(sink);
    }
  }

  private void give(SoundScratch.Sink sink) throws IOException {
    if (outCount > 0) {
      sink.accept(out, outCount);
      outCount = 0;
    }
  }
}
