package dev.halcyon.core.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The shots of a file.
 *
 * @param span from the first picture to the end of the last
 * @param cuts in order of time, each inside of the span
 */
public record SceneAnalysis(TimeSpan span, List<SceneCut> cuts) {
  public SceneAnalysis {
    Objects.requireNonNull(span, "span");
    cuts = List.copyOf(cuts);
    long lastUs = span.fromUs();
    for (SceneCut cut : cuts) {
      if (cut.atUs() <= lastUs || cut.atUs() >= span.toUs()) {
        throw new IllegalArgumentException(
            "cuts are out of order or outside [atUs=" + cut.atUs() + ", span=" + span + "]");
      }
      lastUs = cut.atUs();
    }
  }

  /** The stretches between the cuts: one more than there are cuts; none for an empty span. */
  public List<TimeSpan> shots() {
    List<TimeSpan> shots = new ArrayList<>();
    long fromUs = span.fromUs();
    for (SceneCut cut : cuts) {
      shots.add(new TimeSpan(fromUs, cut.atUs()));
      fromUs = cut.atUs();
    }
    if (fromUs < span.toUs()) {
      shots.add(new TimeSpan(fromUs, span.toUs()));
    }
    return List.copyOf(shots);
  }
}
