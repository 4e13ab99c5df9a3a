package dev.halcyon.core.tighten;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.transcript.Transcript;
import java.util.List;
import java.util.Objects;

/**
 * What is known of a source's sound. Lists are in order of time.
 *
 * @param speech where somebody speaks
 * @param silence where nothing is to be heard
 * @param signals what made somebody listen: it is never taken out
 */
public record TightenInput(
    Transcript transcript, List<TimeSpan> speech, List<TimeSpan> silence, List<Signal> signals) {
  public TightenInput {
    Objects.requireNonNull(transcript, "transcript");
    speech = List.copyOf(speech);
    silence = List.copyOf(silence);
    signals = List.copyOf(signals);
  }
}
