package dev.halcyon.verticles.step;

import java.time.Duration;
import java.util.Objects;

/**
 * What the process of one step may take.
 *
 * @param heapBytes of Java objects
 * @param residentBytes of anonymous memory in all: heap, decoders, pictures
 * @param timeout from start to end
 * @param silence longest time between two signs of progress
 */
public record StepLimits(long heapBytes, long residentBytes, Duration timeout, Duration silence) {
  private static final long MIB = 1L << 20;
  private static final Duration SILENCE = Duration.ofMinutes(2);

  public StepLimits {
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(silence, "silence");
    if (heapBytes < 16 * MIB || residentBytes < heapBytes) {
      throw new IllegalArgumentException(
          "limits [heapBytes=" + heapBytes + ", residentBytes=" + residentBytes + "]");
    }
  }

  /** For decoding and encoding one file of up to 4K. */
  public static StepLimits within(Duration timeout) {
    return new StepLimits(256 * MIB, 1_536 * MIB, timeout, SILENCE);
  }
}
