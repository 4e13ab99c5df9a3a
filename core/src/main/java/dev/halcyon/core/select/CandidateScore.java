package dev.halcyon.core.select;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.detect.Highlight;
import dev.halcyon.core.detect.HighlightScorer;
import dev.halcyon.core.detect.ScoreTerm;
import dev.halcyon.core.detect.ScoreWeights;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.transcript.Sentence;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Scores windows of one video. Immutable; any thread. */
final class CandidateScore {
  /** Whoever scrolls decides within this time. */
  private static final long HOOK_US = 5_000_000;

  /** A time at which no signal of a video has faded. */
  private static final long NOTHING_IS_OLD = 0;

  /** So much dead air is none. */
  private static final double FREE_SILENCE = 0.1;

  /** A sentence, and how much it makes people listen. */
  private record Opening(TimeSpan span, double strength) {}

  private final HighlightScorer scorer;
  private final TimeLine<Signal> signals;
  private final TimeLine<Opening> openings;
  private final List<TimeSpan> silence;
  private final TimeLine<TimeSpan> silenceLine;

  /**
   * @param signals in order of time
   */
  CandidateScore(
      ScoreWeights weights,
      List<Signal> signals,
      List<Sentence> sentences,
      List<TimeSpan> silence) {
    this.scorer = new HighlightScorer(weights);
    this.signals = new TimeLine<>(signals, s -> new TimeSpan(s.atUs(), s.atUs()));
    this.openings =
        new TimeLine<>(
            sentences.stream().map(s -> new Opening(s.span(), SpokenSignals.strength(s))).toList(),
            Opening::span);
    this.silence = silence;
    this.silenceLine = new TimeLine<>(silence, span -> span);
  }

  /**
   * @param wishedUs how long what happens there is
   * @param rangeUs how far from that a length is of no worth
   * @return still without its signals
   */
  ScoreTrace trace(Boundary start, Boundary end, long wishedUs, long rangeUs) {
    TimeSpan span = new TimeSpan(start.atUs(), end.atUs());
    List<Signal> within = signals.begunIn(span);
    Map<ScoreTerm, Double> terms = new EnumMap<>(ScoreTerm.class);
    for (ScoreTerm term : ScoreTerm.values()) {
      terms.put(term, HighlightScorer.term(term, within));
    }
    double offLength = (double) Math.abs(span.lengthUs() - wishedUs) / Math.max(1, rangeUs);
    double raw = scorer.raw(within, NOTHING_IS_OLD);
    return new ScoreTrace(
        terms,
        raw,
        hook(span, raw),
        start.quality(),
        end.quality(),
        flow(span),
        Math.clamp(1 - offLength, 0, 1),
        start.what(),
        end.what(),
        List.of());
  }

  private double hook(TimeSpan span, double raw) {
    if (openings.isEmpty()) {
      return ScoreTrace.worth(raw);
    }
    TimeSpan first = new TimeSpan(span.fromUs(), Math.min(span.toUs(), span.fromUs() + HOOK_US));
    return openings.begunIn(first).stream().mapToDouble(Opening::strength).max().orElse(0);
  }

  /** 1 when next to nothing of it is silent, 0 when all is. */
  private double flow(TimeSpan span) {
    long silentUs = 0;
    int first = Math.max(0, silenceLine.firstFrom(span.fromUs()) - 1);
    for (int i = first; i < silence.size() && silence.get(i).fromUs() < span.toUs(); i++) {
      silentUs += silence.get(i).overlapUs(span);
    }
    double silent = (double) silentUs / Math.max(1, span.lengthUs());
    return Math.clamp((1 - silent) / (1 - FREE_SILENCE), 0, 1);
  }

  /** The strongest signals of a window, in order of time. */
  List<Signal> strongest(TimeSpan span) {
    return signals.begunIn(span).stream()
        .sorted(
            Comparator.comparingDouble(Signal::strength).reversed().thenComparingLong(Signal::atUs))
        .limit(Highlight.MAX_SIGNALS)
        .sorted(Comparator.comparingLong(Signal::atUs))
        .toList();
  }
}
