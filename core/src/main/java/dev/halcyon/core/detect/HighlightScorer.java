package dev.halcyon.core.detect;

import java.util.List;

/**
 * Scores a cluster of signals. Immutable; any thread.
 *
 * <pre>
 * parts = Σ weight · term
 * raw   = recency · parts / weight of energy     ranks clusters
 * score = min(1, raw)                            is shown and compared with the threshold
 * </pre>
 */
public final class HighlightScorer {
  /** Per second since the cluster's latest signal. */
  private static final double DECAY = 0.01;

  /**
   * A cluster counts as at least this long, so that one cut beside one sound is no density; a
   * density of 1 takes five cuts.
   */
  private static final double LEAST_SPAN_S = 5;

  private final ScoreWeights weights;

  public HighlightScorer(ScoreWeights weights) {
    this.weights = weights;
  }

  /** {@link #raw} up to 1. */
  public double score(List<Signal> cluster, long nowUs) {
    return Math.min(1, raw(cluster, nowUs));
  }

  /**
   * What ranks a cluster against others; more than 1 where several terms are strong.
   *
   * @param cluster in any order; 0 when empty
   * @param nowUs stream time
   */
  public double raw(List<Signal> cluster, long nowUs) {
    double parts = 0;
    for (ScoreTerm term : ScoreTerm.values()) {
      parts += weights.of(term) * term(term, cluster);
    }
    return recency(cluster, nowUs) * parts / weights.energy();
  }

  /** One term of the cluster's score, 0..1, unweighted. */
  public static double term(ScoreTerm term, List<Signal> cluster) {
    return switch (term) {
      case ENERGY, SENTIMENT -> strongest(term, cluster);
      case KEYWORD, GAME -> atLeastOne(term, cluster);
      case SCENE_DENSITY -> density(cluster);
    };
  }

  private static double strongest(ScoreTerm term, List<Signal> cluster) {
    double most = 0;
    for (Signal signal : cluster) {
      most = signal.kind().feeds(term) ? Math.max(most, signal.strength()) : most;
    }
    return most;
  }

  /** 1 − Π(1 − sᵢ): the chance that one is real when strengths are chances. */
  private static double atLeastOne(ScoreTerm term, List<Signal> cluster) {
    double none = 1;
    for (Signal signal : cluster) {
      none *= signal.kind().feeds(term) ? 1 - signal.strength() : 1;
    }
    return 1 - none;
  }

  /** Cuts a second, 1 at one a second. */
  private static double density(List<Signal> cluster) {
    long firstUs = Long.MAX_VALUE;
    long lastUs = Long.MIN_VALUE;
    int cuts = 0;
    for (Signal signal : cluster) {
      firstUs = Math.min(firstUs, signal.atUs());
      lastUs = Math.max(lastUs, signal.atUs());
      cuts += signal.kind().feeds(ScoreTerm.SCENE_DENSITY) ? 1 : 0;
    }
    return cuts == 0 ? 0 : Math.min(1, cuts / Math.max(LEAST_SPAN_S, (lastUs - firstUs) / 1e6));
  }

  private static double recency(List<Signal> cluster, long nowUs) {
    long latestUs = Long.MIN_VALUE;
    for (Signal signal : cluster) {
      latestUs = Math.max(latestUs, signal.atUs());
    }
    return cluster.isEmpty() ? 0 : Math.exp(-DECAY * Math.max(0, nowUs - latestUs) / 1e6);
  }
}
