package dev.halcyon.core.detect;

import java.util.List;

/**
 * Signals fused into a window worth a clip.
 *
 * @param fromUs stream time at which the window starts (pre-roll included)
 * @param toUs stream time at which the window ends (post-roll included), exclusive
 * @param score 0..1, compared with the stream's threshold
 * @param signals the trace that explains it, oldest first, at most {@value #MAX_SIGNALS}, the
 *     strongest kept
 */
public record Highlight(long fromUs, long toUs, double score, List<Signal> signals) {
  /** Keeps a message with a highlight under 4 KB. */
  public static final int MAX_SIGNALS = 24;

  public Highlight {
    signals = List.copyOf(signals);
    if (toUs <= fromUs) {
      throw new IllegalArgumentException("empty window [fromUs=" + fromUs + ", toUs=" + toUs + "]");
    }
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("score out of 0..1 [score=" + score + "]");
    }
    if (signals.size() > MAX_SIGNALS) {
      throw new IllegalArgumentException("too many signals [size=" + signals.size() + "]");
    }
  }
}
