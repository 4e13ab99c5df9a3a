package dev.halcyon.core.select;

import dev.halcyon.core.analysis.TimeSpan;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the best window around a moment: of the likeliest begins and ends, all pairs are scored.
 * Immutable; any thread.
 */
final class Windows {
  /** Before and after the moment itself, as live highlights have it; half of it is enough. */
  private static final long PRE_ROLL_US = 8_000_000;

  private static final long POST_ROLL_US = 4_000_000;

  private static final int MOST_STARTS = 10;
  private static final int MOST_ENDS = 10;

  /** Of the range of lengths, a clip of continuous talk has this part more than the shortest. */
  private static final double USUAL_PART = 0.35;

  private final long durationUs;
  private final SelectionSettings settings;
  private final Boundaries boundaries;
  private final CandidateScore score;

  /** A window and what it is worth. */
  record Scored(TimeSpan span, ScoreTrace trace) {
    /** Best first; of equal ones the earlier, then the shorter. */
    static final Comparator<Scored> BEST_FIRST =
        Comparator.comparingDouble((Scored s) -> s.trace().score())
            .reversed()
            .thenComparing(
                Comparator.comparingDouble((Scored s) -> s.trace().coherence()).reversed())
            .thenComparingLong(s -> s.span().fromUs())
            .thenComparingLong(s -> s.span().toUs());
  }

  Windows(
      long durationUs, SelectionSettings settings, Boundaries boundaries, CandidateScore score) {
    this.durationUs = durationUs;
    this.settings = settings;
    this.boundaries = boundaries;
    this.score = score;
  }

  /** All of a video that is no longer than the shortest clip. */
  Scored whole() {
    Boundary begin = new Boundary(0, 1, "at the begin of the video");
    Boundary end = new Boundary(durationUs, 1, "at the end of the video");
    ScoreTrace trace = score.trace(begin, end, durationUs, durationUs);
    return explained(new Scored(new TimeSpan(0, durationUs), trace));
  }

  /** The first window of a video, for want of a better one. */
  Scored first() {
    Boundary begin = new Boundary(0, 0, "at the begin of the video");
    Boundary end = anywhere(begin, Math.min(durationUs, settings.maxUs()));
    ScoreTrace trace = score.trace(begin, end, settings.maxUs(), rangeUs());
    return explained(new Scored(new TimeSpan(0, end.atUs()), trace));
  }

  /** Empty when no window around the moment has a length that is asked for. */
  Optional<Scored> best(Anchor anchor) {
    long wishedUs = wishedUs(anchor);
    Scored best = null;
    for (Boundary start : starts(anchor, wishedUs)) {
      for (Boundary end : ends(anchor, start, wishedUs)) {
        best = better(best, start, end, wishedUs);
      }
    }
    return Optional.ofNullable(best).map(this::explained);
  }

  /** The best window that does not leave a stretch of time; empty when none is long enough. */
  Optional<Scored> within(TimeSpan span) {
    long lengthUs = span.lengthUs();
    long usualUs = Math.min(lengthUs, usualUs());
    long wishUs = span.fromUs() + (lengthUs - usualUs) / 2;
    Scored best = null;
    for (Boundary start :
        likeliest(
            boundaries.starts(span.fromUs(), span.toUs() - settings.minUs()),
            wishUs,
            MOST_STARTS)) {
      long latestUs = Math.min(span.toUs(), start.atUs() + settings.maxUs());
      for (Boundary end :
          likeliest(
              boundaries.ends(start.atUs() + settings.minUs(), latestUs),
              start.atUs() + usualUs,
              MOST_ENDS)) {
        best = better(best, start, end, usualUs);
      }
    }
    return Optional.ofNullable(best).map(this::explained);
  }

  private Scored better(Scored best, Boundary start, Boundary end, long wishedUs) {
    Scored now =
        new Scored(
            new TimeSpan(start.atUs(), end.atUs()), score.trace(start, end, wishedUs, rangeUs()));
    return best == null || Scored.BEST_FIRST.compare(now, best) < 0 ? now : best;
  }

  private Scored explained(Scored window) {
    return new Scored(window.span(), window.trace().with(score.strongest(window.span())));
  }

  private long rangeUs() {
    return Math.max(1_000_000, settings.maxUs() - settings.minUs());
  }

  private long wishedUs(Anchor anchor) {
    long happeningUs = anchor.toUs() - anchor.fromUs() + PRE_ROLL_US + POST_ROLL_US;
    return Math.clamp(happeningUs, settings.minUs(), usualUs());
  }

  /** Of talk without an end. */
  private long usualUs() {
    return settings.minUs() + Math.round(USUAL_PART * (settings.maxUs() - settings.minUs()));
  }

  /** The most natural begins about where the clip would begin. */
  private List<Boundary> starts(Anchor anchor, long wishedUs) {
    long earliestUs = Math.max(0, lastUs(anchor) - settings.maxUs() + lead(POST_ROLL_US));
    long latestUs =
        Math.clamp(
            firstUs(anchor) - lead(PRE_ROLL_US), 0, Math.max(0, durationUs - settings.minUs()));
    long wishUs = Math.clamp(anchor.fromUs() - PRE_ROLL_US, 0, Math.max(0, durationUs - wishedUs));
    return likeliest(
        boundaries.starts(Math.min(earliestUs, latestUs), latestUs), wishUs, MOST_STARTS);
  }

  private List<Boundary> ends(Anchor anchor, Boundary start, long wishedUs) {
    long latestUs = Math.min(durationUs, start.atUs() + settings.maxUs());
    long earliestUs =
        Math.max(
            start.atUs() + settings.minUs(),
            Math.min(lastUs(anchor) + lead(POST_ROLL_US), latestUs));
    long wishUs = Math.max(start.atUs() + wishedUs, anchor.toUs() + POST_ROLL_US);
    List<Boundary> ends = likeliest(boundaries.ends(earliestUs, latestUs), wishUs, MOST_ENDS);
    return ends.isEmpty() && start.atUs() + settings.minUs() <= durationUs
        ? List.of(anywhere(start, latestUs))
        : ends;
  }

  /** Where nothing natural is within reach: the longest clip that ends in no word. */
  private Boundary anywhere(Boundary start, long latestUs) {
    long atUs = boundaries.outsideOfWords(latestUs);
    return new Boundary(atUs > start.atUs() ? atUs : latestUs, 0, "where the longest clip ends");
  }

  /** What a clip holds at least: all that happens there, or the moment alone when that is long. */
  private boolean isHeldWhole(Anchor anchor) {
    long happeningUs = anchor.toUs() - anchor.fromUs();
    return happeningUs + lead(PRE_ROLL_US) + lead(POST_ROLL_US) <= settings.maxUs();
  }

  private long firstUs(Anchor anchor) {
    return isHeldWhole(anchor) ? anchor.fromUs() : anchor.atUs();
  }

  private long lastUs(Anchor anchor) {
    return isHeldWhole(anchor) ? anchor.toUs() : anchor.atUs();
  }

  /** Half of a roll, and less for short clips. */
  private long lead(long rollUs) {
    return Math.min(rollUs / 2, settings.minUs() / 4);
  }

  private List<Boundary> likeliest(List<Boundary> all, long wishUs, int most) {
    double rangeUs = Math.max(rangeUs(), PRE_ROLL_US);
    return all.stream()
        .sorted(
            Comparator.comparingDouble(
                    (Boundary b) -> Math.abs(b.atUs() - wishUs) / rangeUs - b.quality())
                .thenComparingLong(Boundary::atUs))
        .limit(most)
        .toList();
  }
}
