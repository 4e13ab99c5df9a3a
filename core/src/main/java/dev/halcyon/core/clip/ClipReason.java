package dev.halcyon.core.clip;

import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.select.ClipCandidate;
import dev.halcyon.core.select.ScoreTrace;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a clip was made.
 *
 * @param signals the trace of a highlight or of a choice; empty for a manual clip
 * @param choice what was thought of it when it was chosen among others, by a job
 */
public record ClipReason(Kind kind, List<Signal> signals, Optional<Choice> choice) {
  public ClipReason {
    signals = List.copyOf(signals);
    if ((kind == Kind.SELECTION) != choice.isPresent()) {
      throw new IllegalArgumentException("a selection has a choice [kind=" + kind + "]");
    }
  }

  public static ClipReason manual() {
    return new ClipReason(Kind.MANUAL, List.of(), Optional.empty());
  }

  public static ClipReason highlight(List<Signal> signals) {
    return new ClipReason(Kind.HIGHLIGHT, signals, Optional.empty());
  }

  /** A window that was chosen among all of a file. */
  public static ClipReason selection(ClipCandidate candidate) {
    return new ClipReason(
        Kind.SELECTION,
        candidate.trace().signals(),
        Optional.of(new Choice(candidate.reasoning(), candidate.excerpt(), candidate.trace())));
  }

  /**
   * Why one window of a file was chosen.
   *
   * @param reasoning one or two sentences
   * @param excerpt of what is said in it; may be empty
   * @param trace what its scores are made of
   */
  public record Choice(String reasoning, String excerpt, ScoreTrace trace) {
    public Choice {
      Objects.requireNonNull(reasoning, "reasoning");
      Objects.requireNonNull(excerpt, "excerpt");
      Objects.requireNonNull(trace, "trace");
    }
  }

  /** Who asked. */
  public enum Kind {
    HIGHLIGHT,
    MANUAL,
    SELECTION;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Kind ofWire(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }
}
