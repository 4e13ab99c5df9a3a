package dev.halcyon.codecs.analyse;

import dev.halcyon.codecs.audio.AudioBlock;
import dev.halcyon.core.analysis.TimeSpan;
import java.util.Arrays;
import java.util.List;

/**
 * Measures frames of {@value #FRAME_US} µs by what tells a voice without a model: how loud they
 * are, how periodic at the pitch of voices, and how often they cross zero. {@link SpeechRegions}
 * judges them once all are known. Three bytes a frame; plain Java, one thread.
 */
final class SpeechFinder {
  static final long FRAME_US = 20_000;

  /** Silence in digital sound. */
  static final int LEAST_DB = -120;

  /** Voices are told from what is below 4 kHz. */
  private static final int RATE_HZ = 8_000;

  private static final int FRAME = 160;

  /** Pitch from 80 to 400 Hz: lags of 20 to 100 samples. */
  private static final int LEAST_LAG = 20;

  private static final int MOST_LAG = 100;

  /** A window that holds two periods of the lowest pitch. */
  private static final int WINDOW = 2 * MOST_LAG + FRAME / 2;

  /** Below, nothing is told about the pitch. */
  private static final double AUDIBLE_DB = -65;

  /** A leaky integrator takes what is constant out: −3 dB at some 40 Hz. */
  private static final float LEAK = 0.97f;

  private static final int MAX_FRAMES = 24 * 3600 * 50;

  /** Where somebody speaks, and where nothing is to be heard. */
  record Regions(List<TimeSpan> speech, List<TimeSpan> silence) {}

  private byte[] levels = new byte[3_000];
  private byte[] voicings = new byte[3_000];
  private byte[] crossings = new byte[3_000];
  private int frames;

  /** The last samples at 8 kHz, newest last. */
  private final float[] window = new float[WINDOW];

  private final float[] frame = new float[FRAME];
  private int filled;
  private float sum;
  private int summed;
  private double phase;
  private float lastIn;
  private float lastOut;

  void add(AudioBlock block) {
    alignTo(block.ptsUs());
    double step = (double) RATE_HZ / block.sampleRateHz();
    float[][] planes = block.planes();
    for (int i = 0; i < block.samples(); i++) {
      float mixed = 0;
      for (float[] plane : planes) {
        mixed += plane[i];
      }
      sum += mixed / planes.length;
      summed++;
      phase += step;
      while (phase >= 1) {
        phase -= 1;
        onSample(summed == 0 ? lastIn : sum / summed);
        sum = 0;
        summed = 0;
      }
    }
  }

  /** A gap in time is silence; sound that overlaps what was heard is told a little late. */
  private void alignTo(long atUs) {
    long frame = atUs / FRAME_US;
    if (frame > frames + 1L && frame < MAX_FRAMES) {
      filled = 0;
      Arrays.fill(window, 0);
      while (frames < frame) {
        append(LEAST_DB, 0, 0);
      }
    }
  }

  private void onSample(float in) {
    lastOut = LEAK * (lastOut + in - lastIn);
    lastIn = in;
    frame[filled++] = lastOut;
    if (filled == FRAME) {
      filled = 0;
      System.arraycopy(window, FRAME, window, 0, WINDOW - FRAME);
      System.arraycopy(frame, 0, window, WINDOW - FRAME, FRAME);
      endFrame();
    }
  }

  private void endFrame() {
    double energy = 0;
    int crossed = 0;
    for (int i = 0; i < FRAME; i++) {
      energy += frame[i] * frame[i];
      crossed += i > 0 && (frame[i] < 0) != (frame[i - 1] < 0) ? 1 : 0;
    }
    double db = Math.max(LEAST_DB, 10 * Math.log10(energy / FRAME + 1e-12));
    append((int) Math.round(db), db < AUDIBLE_DB ? 0 : voicing(), (double) crossed / FRAME);
  }

  /** The highest normalised autocorrelation at a lag of a voice's pitch, 0..1. */
  private double voicing() {
    int length = WINDOW - MOST_LAG;
    double own = 0;
    for (int i = 0; i < length; i++) {
      own += window[MOST_LAG + i] * window[MOST_LAG + i];
    }
    double best = 0;
    for (int lag = LEAST_LAG; lag <= MOST_LAG; lag++) {
      float common = 0;
      float other = 0;
      for (int i = MOST_LAG; i < WINDOW; i++) {
        common += window[i] * window[i - lag];
        other += window[i - lag] * window[i - lag];
      }
      best = Math.max(best, common / Math.sqrt(own * other + 1e-9));
    }
    return Math.min(1, best);
  }

  private void append(int db, double voicing, double crossed) {
    if (frames == MAX_FRAMES) {
      return;
    }
    if (frames == levels.length) {
      levels = Arrays.copyOf(levels, frames + frames / 2);
      voicings = Arrays.copyOf(voicings, frames + frames / 2);
      crossings = Arrays.copyOf(crossings, frames + frames / 2);
    }
    levels[frames] = (byte) Math.clamp(db, LEAST_DB, 0);
    voicings[frames] = (byte) Math.round(voicing * 100);
    crossings[frames] = (byte) Math.round(crossed * 100);
    frames++;
  }

  /**
   * @param durationUs of the file: where there is no sound there is silence
   */
  Regions end(long durationUs) {
    return new SpeechRegions(levels, voicings, crossings, frames).find(durationUs);
  }
}
