package dev.halcyon.codecs.audio;

import dev.halcyon.core.detect.AudioLevel;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures decoded sound: one {@link AudioLevel} every 100 ms of it, the first after 400 ms. A gap
 * or jump in time, another sample rate or other speakers begin it anew. Plain Java, one thread.
 */
public final class LevelMeter {
  /** More than the jitter of millisecond stamps and one lost packet, less than a hop. */
  private static final long MAX_JUMP_US = 60_000;

  private static final int HOPS_PER_S = 10;

  private int sampleRateHz;
  private List<Speaker> speakers = List.of();
  private LoudnessMeter loudness;
  private SpectralFeatures spectrum;
  private long expectedUs;
  private long heardSamples;
  private long hops;

  /** Forgets the past: the next level comes after 400 ms. */
  public void reset() {
    speakers = List.of();
  }

  /**
   * Measures a run of sound.
   *
   * @param sink called on this thread, in order of time
   */
  public void add(AudioBlock block, Consumer<AudioLevel> sink) {
    if (sampleRateHz != block.sampleRateHz()
        || !speakers.equals(block.speakers())
        || Math.abs(block.ptsUs() - expectedUs) > MAX_JUMP_US) {
      begin(block);
    }
    expectedUs = block.endUs();
    int from = 0;
    while (from < block.samples()) {
      long hopEnd = (hops + 1) * sampleRateHz / HOPS_PER_S;
      int to = (int) Math.min(block.samples(), from + hopEnd - heardSamples);
      loudness.add(block.planes(), from, to);
      spectrum.add(block.planes(), from, to);
      heardSamples += to - from;
      from = to;
      if (heardSamples == hopEnd) {
        endHop(block.ptsUs() + to * 1_000_000L / sampleRateHz, sink);
      }
    }
  }

  private void begin(AudioBlock block) {
    sampleRateHz = block.sampleRateHz();
    speakers = block.speakers();
    loudness = new LoudnessMeter(sampleRateHz, speakers);
    spectrum = new SpectralFeatures(sampleRateHz);
    heardSamples = 0;
    hops = 0;
  }

  private void endHop(long endUs, Consumer<AudioLevel> sink) {
    hops++;
    double momentaryLufs = loudness.endHop();
    spectrum.endHop();
    if (!Double.isNaN(momentaryLufs)) {
      sink.accept(
          new AudioLevel(
              endUs,
              momentaryLufs,
              spectrum.flatness(),
              spectrum.centroidHz(),
              spectrum.zeroCrossingRate()));
    }
  }
}
