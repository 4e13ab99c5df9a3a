package dev.halcyon.core.detect;

import java.util.Locale;
import java.util.Optional;

/**
 * Turns one stream's picture differences into {@code scene_change}, relative to how much its
 * sampled pictures usually differ: game play moves more than a desk. The strength has the shape of
 * that of levels: 0 within 3 MAD above the median of the last minute, 1 from 10 MAD. A cut lasts
 * one picture, so that the baseline learns every difference. A pure function of the scores handed
 * in so far; one thread.
 */
public final class SceneSignals {
  /** A weaker change raises nothing. */
  private static final double LEAST_STRENGTH = 0.25;

  /** A difference below this is no change, however still the picture is. */
  private static final double LEAST_DIFFERENCE = 0.1;

  private static final double LEAST_MAD = 0.02;
  private static final long WINDOW_US = 60_000_000;
  private static final long BEGIN_US = 5_000_000;
  private static final int BEGIN_VALUES = 3;

  /** A minute of four pictures a second; of more, the newest count. */
  private static final int MAX_VALUES = 240;

  private final RunningMedian usual = new RunningMedian(MAX_VALUES);
  private final long[] atUs = new long[MAX_VALUES];
  private long first;
  private long next;

  /** Takes the next score; those of one stream come in order of time. */
  public Optional<Signal> onScore(SceneScore score) {
    forgetBefore(score.atUs() - WINDOW_US);
    double strength = strength(score);
    remember(score);
    if (strength < LEAST_STRENGTH) {
      return Optional.empty();
    }
    String detail = String.format(Locale.ROOT, "%.0f %% changed", 100 * score.difference());
    return Optional.of(new Signal(SignalKind.SCENE_CHANGE, score.atUs(), strength, detail));
  }

  private double strength(SceneScore score) {
    boolean hasBegun =
        usual.size() >= BEGIN_VALUES && score.atUs() - atUs[(int) (first % MAX_VALUES)] >= BEGIN_US;
    if (!hasBegun || score.difference() < LEAST_DIFFERENCE) {
      return 0;
    }
    double mad = Math.max(LEAST_MAD, usual.mad());
    return Math.clamp((score.difference() - usual.median() - 3 * mad) / (7 * mad), 0, 1);
  }

  private void remember(SceneScore score) {
    if (next - first == MAX_VALUES) {
      forgetOldest();
    }
    atUs[(int) (next++ % MAX_VALUES)] = score.atUs();
    usual.add(score.difference());
  }

  private void forgetBefore(long oldestUs) {
    while (first < next && atUs[(int) (first % MAX_VALUES)] < oldestUs) {
      forgetOldest();
    }
  }

  private void forgetOldest() {
    usual.dropOldest();
    first++;
  }
}
