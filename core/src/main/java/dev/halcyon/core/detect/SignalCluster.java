package dev.halcyon.core.detect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Signals of one stream in order of stream time, whatever the order in which detectors found them.
 * The level kinds describe one burst of sound by up to three signals (a start, a growth, a crowd):
 * within 1.5 s only the strongest of them stays, so that a burst counts once. One thread.
 */
final class SignalCluster {
  /** Far more than one cluster needs; the oldest leave first. */
  private static final int MAX_SIGNALS = 128;

  private static final long ONE_BURST_US = 1_500_000;
  private static final Set<SignalKind> LEVEL_KINDS =
      EnumSet.of(SignalKind.LOUD_MOMENT, SignalKind.CROWD_REACTION);

  private final List<Signal> signals = new ArrayList<>();

  /** Adds a signal, unless it is the weaker part of a burst that is here already. */
  void add(Signal signal) {
    if (LEVEL_KINDS.contains(signal.kind())) {
      for (int i = 0; i < signals.size(); i++) {
        if (isSameBurst(signals.get(i), signal)) {
          if (signals.get(i).strength() > signal.strength()) {
            return;
          }
          signals.remove(i);
          break;
        }
      }
    }
    int place = signals.size();
    while (place > 0 && signals.get(place - 1).atUs() > signal.atUs()) {
      place--;
    }
    signals.add(place, signal);
    if (signals.size() > MAX_SIGNALS) {
      signals.removeFirst();
    }
  }

  private static boolean isSameBurst(Signal known, Signal signal) {
    return LEVEL_KINDS.contains(known.kind())
        && Math.abs(known.atUs() - signal.atUs()) <= ONE_BURST_US;
  }

  void forgetBefore(long atUs) {
    signals.removeIf(signal -> signal.atUs() < atUs);
  }

  void clear() {
    signals.clear();
  }

  /** The signals around {@code atUs}, each closer than {@code mergeWindowUs} to the next. */
  List<Signal> around(long atUs, long mergeWindowUs) {
    int first = 0;
    int end = 0;
    while (end < signals.size()) {
      first = end++;
      while (end < signals.size()
          && signals.get(end).atUs() - signals.get(end - 1).atUs() <= mergeWindowUs) {
        end++;
      }
      if (signals.get(end - 1).atUs() >= atUs) {
        break;
      }
    }
    return List.copyOf(signals.subList(first, end));
  }

  /** Stream time of the newest signal; there must be one. */
  long lastUs() {
    return signals.getLast().atUs();
  }

  List<Signal> all() {
    return List.copyOf(signals);
  }

  /** At most {@link Highlight#MAX_SIGNALS}, the strongest, oldest first. */
  static List<Signal> trace(List<Signal> cluster) {
    return cluster.stream()
        .sorted(Comparator.comparingDouble(Signal::strength).reversed())
        .limit(Highlight.MAX_SIGNALS)
        .sorted(Comparator.comparingLong(Signal::atUs))
        .toList();
  }
}
