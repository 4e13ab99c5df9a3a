package dev.halcyon.codecs.audio;

import java.util.function.Consumer;

/**
 * Brings one track's sound to 16 kHz mono, whatever its form becomes. One platform thread at a
 * time; closed by who made it.
 */
public final class MonoSound implements AutoCloseable {
  /** Null while nothing was heard. */
  private Resampler16k resampler;

  private int rateHz;
  private int channels;

  /**
   * @param sink as {@link Resampler16k#add} has it
   */
  public void add(AudioBlock block, Consumer<AudioBlock> sink) {
    if (resampler == null || block.sampleRateHz() != rateHz || block.channels() != channels) {
      close();
      rateHz = block.sampleRateHz();
      channels = block.channels();
      resampler = new Resampler16k(rateHz, channels);
    }
    resampler.add(block, sink);
  }

  /** What was heard so far is forgotten. May be used again. */
  @Override
  public void close() {
    if (resampler != null) {
      resampler.close();
      resampler = null;
    }
  }
}
