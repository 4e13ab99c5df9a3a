package dev.halcyon.core.select;

import dev.halcyon.core.analysis.TimeSpan;
import java.util.List;
import java.util.Objects;

/**
 * A window of a video that could be a clip.
 *
 * @param span media time
 * @param title at most {@value #MAX_TITLE} characters
 * @param description at most {@value #MAX_DESCRIPTION} characters
 * @param hashtags without {@code #}, each once, in whatever case
 * @param reasoning one or two sentences: why this window
 * @param excerpt of what is said, at most {@value #MAX_DESCRIPTION} characters; empty when nothing
 *     is known
 * @param trace what its scores are made of
 */
public record ClipCandidate(
    TimeSpan span,
    String title,
    String description,
    List<String> hashtags,
    String reasoning,
    String excerpt,
    ScoreTrace trace) {
  public static final int MAX_TITLE = 80;
  public static final int MAX_DESCRIPTION = 400;

  public ClipCandidate {
    Objects.requireNonNull(span, "span");
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(reasoning, "reasoning");
    Objects.requireNonNull(excerpt, "excerpt");
    Objects.requireNonNull(trace, "trace");
    hashtags = List.copyOf(hashtags);
  }

  public long fromUs() {
    return span.fromUs();
  }

  public long toUs() {
    return span.toUs();
  }

  /** What ranks it, 0..1. */
  public double score() {
    return trace.score();
  }

  public double virality() {
    return trace.virality();
  }

  public double coherence() {
    return trace.coherence();
  }
}
