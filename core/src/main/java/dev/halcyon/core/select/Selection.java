package dev.halcyon.core.select;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The clips of a video.
 *
 * @param chosen best first; none overlap
 * @param reserve others that were good, best first, for later ranking; they may overlap
 * @param summary a sentence for people: how they were found
 */
public record Selection(List<ClipCandidate> chosen, List<ClipCandidate> reserve, String summary) {
  public Selection {
    chosen = List.copyOf(chosen);
    reserve = List.copyOf(reserve);
    Objects.requireNonNull(summary, "summary");
  }

  /** The chosen ones, then the reserve. */
  public List<ClipCandidate> candidates() {
    return Stream.concat(chosen.stream(), reserve.stream()).toList();
  }
}
