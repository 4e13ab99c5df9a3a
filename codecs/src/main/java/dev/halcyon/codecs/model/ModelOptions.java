package dev.halcyon.codecs.model;

import java.util.OptionalInt;

/**
 * How a model is run.
 *
 * @param threads that compute one call, the caller's among them
 * @param cudaDevice the number of the card; empty for the processor
 */
public record ModelOptions(int threads, OptionalInt cudaDevice) {
  /** On the calling thread alone: best where many calls run beside each other. */
  public static final ModelOptions CALLER = new ModelOptions(1, OptionalInt.empty());

  public ModelOptions {
    if (threads < 1 || threads > 256) {
      throw new IllegalArgumentException("threads out of 1..256 [threads=" + threads + "]");
    }
  }

  public ModelOptions withThreads(int count) {
    return new ModelOptions(count, cudaDevice);
  }

  public ModelOptions onCuda(int device) {
    return new ModelOptions(threads, OptionalInt.of(device));
  }
}
