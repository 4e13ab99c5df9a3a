package dev.halcyon.core.detect;

/** What a signal did to a stream's highlights. */
public sealed interface HighlightChange {
  /** The highlight as it now stands. */
  Highlight highlight();

  /** A cluster of signals crossed the threshold: a new highlight, found as early as can be. */
  record Opened(Highlight highlight) implements HighlightChange {}

  /**
   * A further signal joined the highlight that was opened last, before its window closed: same
   * start, a later or equal end, more to explain it.
   */
  record Extended(Highlight highlight) implements HighlightChange {}
}
