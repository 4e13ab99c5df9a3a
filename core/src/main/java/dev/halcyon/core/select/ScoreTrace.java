package dev.halcyon.core.select;

import dev.halcyon.core.detect.ScoreTerm;
import dev.halcyon.core.detect.Signal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a candidate's score is made of.
 *
 * <pre>
 * raw       = what the shared scorer ranks by: 1 for one clear sound, more for several terms
 * highlight = min(1, raw), as it is shown for highlights of live streams
 * virality  = 0.75 · (1 − exp(−1.2 · raw)) + 0.25 · hook
 * coherence = 0.35 · start + 0.35 · end + 0.15 · flow + 0.15 · length
 * score     = virality · (0.6 + 0.4 · coherence)
 * </pre>
 *
 * All but raw are 0..1.
 *
 * @param terms of the highlight, unweighted
 * @param raw by {@link dev.halcyon.core.detect.HighlightScorer}
 * @param hook how much the first sentences make people listen; where nothing is known of what is
 *     said, as good as the rest
 * @param start how natural the begin is
 * @param end how natural the end is
 * @param flow 1 without dead air
 * @param length 1 when it is as long as what happens in it
 * @param startsAt what the begin is, for people
 * @param endsAt what the end is
 * @param signals the strongest ones within it, in order of time
 */
public record ScoreTrace(
    Map<ScoreTerm, Double> terms,
    double raw,
    double hook,
    double start,
    double end,
    double flow,
    double length,
    String startsAt,
    String endsAt,
    List<Signal> signals) {
  public ScoreTrace {
    EnumMap<ScoreTerm, Double> sorted = new EnumMap<>(ScoreTerm.class);
    sorted.putAll(terms);
    terms = Collections.unmodifiableMap(sorted);
    signals = List.copyOf(signals);
  }

  public double highlight() {
    return Math.min(1, raw);
  }

  public double virality() {
    return 0.75 * worth(raw) + 0.25 * hook;
  }

  /** 0..1, as raw is 0 or more: 0.70 for one clear sound. */
  static double worth(double raw) {
    return 1 - Math.exp(-1.2 * raw);
  }

  public double coherence() {
    return 0.35 * start + 0.35 * end + 0.15 * flow + 0.15 * length;
  }

  public double score() {
    return virality() * (0.6 + 0.4 * coherence());
  }

  ScoreTrace with(List<Signal> strongest) {
    return new ScoreTrace(terms, raw, hook, start, end, flow, length, startsAt, endsAt, strongest);
  }
}
