package dev.halcyon.core.detect;

import java.util.List;
import java.util.Optional;

/**
 * Fuses one stream's signals into highlights. A pure function of the settings and calls so far, so
 * that the same signals can be run again with other settings; one thread.
 *
 * <p>Signals closer than the merge window form a cluster. A highlight opens with the signal that
 * makes its cluster cross the threshold, not later: its window runs from the pre-roll before the
 * cluster's first signal to the post-roll after its last. The cluster is the shortest tail of the
 * run of signals that crosses, with earlier ones that raise its score and lie inside the window
 * anyway; so a cut or a laugh every few seconds does not drag the start of a window back for
 * minutes.
 *
 * <p>While the window is open, a signal within the merge window extends it, except a scene change:
 * cuts count in the score, but a programme that cuts every few seconds would never let a window
 * close. A signal that comes when the window is about to close is too late: the clip is being cut.
 * After the end, signals begin nothing until the cool-down is over.
 */
public final class HighlightDetector {
  /** From the first to the last signal of one highlight. */
  public static final long MAX_SPAN_US = 120_000_000;

  /** A window that closes sooner than this is left alone. */
  private static final long TOO_LATE_US = 500_000;

  /** For settings without pre-roll and post-roll. */
  private static final long LEAST_LENGTH_US = 1_000_000;

  private final SignalCluster waiting = new SignalCluster();
  private final SignalCluster members = new SignalCluster();
  private DetectionSettings settings;
  private HighlightScorer scorer;
  private Optional<Highlight> latest = Optional.empty();
  private long firstUs;
  private long nowUs;

  public HighlightDetector(DetectionSettings settings) {
    this.settings = settings;
    this.scorer = new HighlightScorer(settings.weights());
  }

  /** The settings count from the next signal; an open window keeps its bounds. */
  public void reconfigure(DetectionSettings changed) {
    settings = changed;
    scorer = new HighlightScorer(changed.weights());
  }

  /** Tells how far the stream's media has come. */
  public void onProgress(long streamTimeUs) {
    nowUs = Math.max(nowUs, streamTimeUs);
  }

  /** Takes a signal, which may lie in the past: some detectors are slow. */
  public Optional<HighlightChange> onSignal(Signal signal) {
    onProgress(signal.atUs());
    if (!settings.enabled()) {
      return Optional.empty();
    }
    if (latest.isPresent() && joins(latest.get(), signal)) {
      return extend(latest.get(), signal);
    }
    if (latest.isPresent() && signal.atUs() < latest.get().toUs() + settings.cooldownUs()) {
      return Optional.empty();
    }
    waiting.forgetBefore(nowUs - MAX_SPAN_US);
    waiting.add(signal);
    return open(waiting.around(signal.atUs(), settings.mergeWindowUs()));
  }

  private Optional<HighlightChange> open(List<Signal> run) {
    for (int first = run.size() - settings.minSignals(); first >= 0; first--) {
      List<Signal> tail = run.subList(first, run.size());
      if (tail.getLast().atUs() - tail.getFirst().atUs() > MAX_SPAN_US) {
        return Optional.empty();
      }
      // More than, so that cuts alone, however many, never cross the default threshold of 0.5.
      if (scorer.raw(tail, nowUs) > settings.threshold()) {
        return Optional.of(open(run, first));
      }
    }
    return Optional.empty();
  }

  private HighlightChange open(List<Signal> run, int firstNeeded) {
    long fromUs = Math.max(0, run.get(firstNeeded).atUs() - settings.preRollUs());
    long toUs = Math.max(run.getLast().atUs() + settings.postRollUs(), fromUs + LEAST_LENGTH_US);
    List<Signal> cluster = run.subList(firstNeeded, run.size());
    for (int i = firstNeeded - 1; i >= 0 && run.get(i).atUs() >= fromUs; i--) {
      List<Signal> wider = run.subList(i, run.size());
      cluster = scorer.raw(wider, nowUs) >= scorer.raw(cluster, nowUs) ? wider : cluster;
    }
    waiting.clear();
    members.clear();
    cluster.forEach(members::add);
    firstUs = cluster.getFirst().atUs();
    return new HighlightChange.Opened(remember(fromUs, toUs, scorer.score(cluster, nowUs)));
  }

  private boolean joins(Highlight highlight, Signal signal) {
    return nowUs + TOO_LATE_US <= highlight.toUs()
        && signal.atUs() >= highlight.fromUs()
        && signal.atUs() - members.lastUs() <= settings.mergeWindowUs()
        && signal.atUs() - firstUs <= MAX_SPAN_US;
  }

  private Optional<HighlightChange> extend(Highlight highlight, Signal signal) {
    members.add(signal);
    boolean isCut = signal.kind().feeds(ScoreTerm.SCENE_DENSITY);
    long toUs =
        isCut
            ? highlight.toUs()
            : Math.max(highlight.toUs(), signal.atUs() + settings.postRollUs());
    double score = Math.max(highlight.score(), scorer.score(members.all(), nowUs));
    if (toUs == highlight.toUs() && score == highlight.score()) {
      return Optional.empty();
    }
    return Optional.of(new HighlightChange.Extended(remember(highlight.fromUs(), toUs, score)));
  }

  private Highlight remember(long fromUs, long toUs, double score) {
    Highlight highlight = new Highlight(fromUs, toUs, score, SignalCluster.trace(members.all()));
    latest = Optional.of(highlight);
    return highlight;
  }
}
