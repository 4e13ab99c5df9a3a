package dev.halcyon.core.clip;

import dev.halcyon.core.detect.Signal;
import java.util.List;
import java.util.UUID;

/**
 * More of an open clip's highlight came. Without effect once the clip's window has closed.
 *
 * @param clipId the answer to the {@link ClipRequested} of the highlight
 * @param toUs stream time of the later end, exclusive
 * @param score the highlight's score by now
 * @param signals the trace by now
 */
public record ClipExtended(UUID clipId, long toUs, double score, List<Signal> signals) {
  public ClipExtended {
    signals = List.copyOf(signals);
  }
}
