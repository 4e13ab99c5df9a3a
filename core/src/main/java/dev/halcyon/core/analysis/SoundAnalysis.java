package dev.halcyon.core.analysis;

import dev.halcyon.core.detect.Signal;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What is heard in a file.
 *
 * @param curves level and features along it
 * @param speech where somebody speaks, as far as that can be told without a model
 * @param silence where nothing is to be heard, also where the file has no sound at all
 * @param integratedLufs programme loudness as EBU R128 defines it; empty when all is below its gate
 * @param signals loud moments and crowds, by the detector of live streams, in order of time
 */
public record SoundAnalysis(
    SoundCurves curves,
    List<TimeSpan> speech,
    List<TimeSpan> silence,
    OptionalDouble integratedLufs,
    List<Signal> signals) {
  public SoundAnalysis {
    Objects.requireNonNull(curves, "curves");
    Objects.requireNonNull(integratedLufs, "integratedLufs");
    speech = List.copyOf(speech);
    silence = List.copyOf(silence);
    signals = List.copyOf(signals);
    requireInOrder("speech", speech);
    requireInOrder("silence", silence);
  }

  private static void requireInOrder(String name, List<TimeSpan> spans) {
    for (int i = 1; i < spans.size(); i++) {
      if (spans.get(i).fromUs() < spans.get(i - 1).toUs()) {
        throw new IllegalArgumentException(
            name + " is out of order [fromUs=" + spans.get(i).fromUs() + "]");
      }
    }
  }

  /** Distance between two values of the curves. */
  public long stepUs() {
    return SoundCurves.STEP_US;
  }

  /** How much of a stretch of time is speech, 0..1; 0 for an empty one. */
  public double speechPart(TimeSpan span) {
    long speechUs = speech.stream().mapToLong(span::overlapUs).sum();
    return span.lengthUs() == 0 ? 0 : (double) speechUs / span.lengthUs();
  }
}
