package dev.halcyon.core.select;

import dev.halcyon.core.analysis.Analysis;
import dev.halcyon.core.analysis.SceneAnalysis;
import dev.halcyon.core.analysis.SceneCut;
import dev.halcyon.core.analysis.SoundAnalysis;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.transcript.Transcript;
import java.util.List;
import java.util.Objects;

/**
 * What is known of a video when its clips are chosen; each part may be empty.
 *
 * @param durationUs of the video, more than 0
 * @param signals of its sound and of whatever else fires, in any order
 * @param silence where nothing is heard, in order
 * @param speech where somebody speaks, in order
 * @param cuts in order
 */
public record SelectionInput(
    long durationUs,
    Transcript transcript,
    List<Signal> signals,
    List<TimeSpan> silence,
    List<TimeSpan> speech,
    List<SceneCut> cuts) {
  public SelectionInput {
    Objects.requireNonNull(transcript, "transcript");
    signals = List.copyOf(signals);
    silence = List.copyOf(silence);
    speech = List.copyOf(speech);
    cuts = List.copyOf(cuts);
    if (durationUs < 1) {
      throw new IllegalArgumentException("nothing there [durationUs=" + durationUs + "]");
    }
  }

  /** Nothing is known but the length. */
  public static SelectionInput ofLength(long durationUs) {
    return new SelectionInput(
        durationUs, Transcript.EMPTY, List.of(), List.of(), List.of(), List.of());
  }

  public static SelectionInput of(long durationUs, Analysis analysis, Transcript transcript) {
    return new SelectionInput(
        durationUs,
        transcript,
        analysis.sound().map(SoundAnalysis::signals).orElse(List.of()),
        analysis.sound().map(SoundAnalysis::silence).orElse(List.of()),
        analysis.sound().map(SoundAnalysis::speech).orElse(List.of()),
        analysis.scenes().map(SceneAnalysis::cuts).orElse(List.of()));
  }
}
