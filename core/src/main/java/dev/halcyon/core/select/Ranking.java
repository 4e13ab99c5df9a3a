package dev.halcyon.core.select;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.select.Windows.Scored;
import java.util.ArrayList;
import java.util.List;

/** Picks windows: good ones, apart from each other, from all over a video. */
final class Ranking {
  /** What a window loses beside one that was picked before. */
  private static final double NEAR_LOSS = 0.3;

  /** A window this much like one that is kept is no other one. */
  private static final double SAME_PART = 0.5;

  private Ranking() {}

  /**
   * The best of those that overlap none before, where places near to what was picked count less.
   *
   * @param sorted best first
   * @param spreadUs how far one is felt
   */
  static List<Scored> apart(List<Scored> sorted, int most, double spreadUs) {
    List<Scored> picked = new ArrayList<>();
    List<Scored> left = new ArrayList<>(sorted);
    while (picked.size() < most && !left.isEmpty()) {
      Scored best = left.getFirst();
      double bestWorth = worth(best, picked, spreadUs);
      for (Scored window : left) {
        double now = worth(window, picked, spreadUs);
        if (now > bestWorth) {
          best = window;
          bestWorth = now;
        }
      }
      Scored next = best;
      picked.add(next);
      left.removeIf(window -> window.span().overlaps(next.span()));
    }
    picked.sort(Scored.BEST_FIRST);
    return picked;
  }

  private static double worth(Scored window, List<Scored> picked, double spreadUs) {
    double nearest = Double.POSITIVE_INFINITY;
    for (Scored other : picked) {
      nearest = Math.min(nearest, gapUs(window.span(), other.span()));
    }
    return window.trace().score() * (1 - NEAR_LOSS * Math.exp(-nearest / spreadUs));
  }

  private static double gapUs(TimeSpan a, TimeSpan b) {
    return Math.max(0, Math.max(a.fromUs() - b.toUs(), b.fromUs() - a.toUs()));
  }

  /** The best of those that are not nearly the same as one kept or chosen. */
  static List<Scored> reserve(List<Scored> sorted, List<Scored> chosen, int most) {
    List<Scored> kept = new ArrayList<>(chosen);
    for (Scored window : sorted) {
      if (kept.size() - chosen.size() >= most) {
        break;
      }
      if (kept.stream().noneMatch(other -> isSame(other.span(), window.span()))) {
        kept.add(window);
      }
    }
    return List.copyOf(kept.subList(chosen.size(), kept.size()));
  }

  private static boolean isSame(TimeSpan a, TimeSpan b) {
    long bothUs = a.overlapUs(b);
    return bothUs > SAME_PART * (a.lengthUs() + b.lengthUs() - bothUs);
  }
}
