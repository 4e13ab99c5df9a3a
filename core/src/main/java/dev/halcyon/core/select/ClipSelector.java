package dev.halcyon.core.select;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.detect.SignalKind;
import dev.halcyon.core.select.Windows.Scored;
import dev.halcyon.core.transcript.Sentence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses the clips of a video: at each of its moments the best window between natural boundaries,
 * scored as highlights of live streams are, and of these the best that do not overlap. The same
 * input gives the same clips. O(n log n) in the length of the video; any thread.
 */
public final class ClipSelector {
  /** A clip is chosen for what happens in it when it is worth this part of the best one. */
  private static final double OF_BEST = 0.35;

  /** When the best is worth less, nothing stands out. */
  private static final double LEAST = 0.15;

  private static final long SHORTEST_STRETCH_US = 5_000_000;

  private ClipSelector() {}

  /**
   * Gives at least one clip. Lengths are kept, but for a video that is shorter than the shortest
   * clip, which becomes one whole clip, and where a range of lengths is narrower than a word.
   */
  public static Selection select(SelectionInput input, SelectionSettings settings) {
    List<Sentence> sentences = input.transcript().sentences();
    List<Signal> signals = signals(input, sentences);
    CandidateScore score =
        new CandidateScore(settings.weights(), signals, sentences, input.silence());
    Boundaries boundaries = new Boundaries(input, sentences, settings.maxUs() - settings.minUs());
    Windows windows = new Windows(input.durationUs(), settings, boundaries, score);
    ClipTexts texts = new ClipTexts(input.transcript(), sentences);
    if (input.durationUs() <= settings.minUs()) {
      ClipCandidate whole = texts.candidate(windows.whole(), Reason.WHOLE_VIDEO);
      return new Selection(
          List.of(whole), List.of(), "The video is no longer than the shortest clip: it is one.");
    }
    List<Scored> sorted = candidates(input, settings, signals, windows);
    return chosen(input, settings, sorted, windows, texts);
  }

  private static List<Signal> signals(SelectionInput input, List<Sentence> sentences) {
    List<Signal> signals = new ArrayList<>(input.signals());
    signals.addAll(SpokenSignals.of(input.transcript(), sentences));
    boolean hasScenes = input.signals().stream().anyMatch(s -> s.kind() == SignalKind.SCENE_CHANGE);
    if (!hasScenes) {
      input
          .cuts()
          .forEach(
              cut ->
                  signals.add(
                      new Signal(
                          SignalKind.SCENE_CHANGE, cut.atUs(), cut.strength(), "another shot")));
    }
    signals.removeIf(s -> s.atUs() < 0 || s.atUs() >= input.durationUs());
    signals.sort(Comparator.comparingLong(Signal::atUs).thenComparing(Signal::kind));
    return List.copyOf(signals);
  }

  /** Best first. */
  private static List<Scored> candidates(
      SelectionInput input, SelectionSettings settings, List<Signal> signals, Windows windows) {
    long stretchUs = Math.max(SHORTEST_STRETCH_US, settings.minUs() / 2);
    List<Scored> sorted =
        Anchor.of(signals, input.durationUs(), stretchUs, settings.maxUs()).stream()
            .flatMap(anchor -> windows.best(anchor).stream())
            .distinct()
            .sorted(Scored.BEST_FIRST)
            .toList();
    return sorted.isEmpty() ? List.of(windows.first()) : sorted;
  }

  private static Selection chosen(
      SelectionInput input,
      SelectionSettings settings,
      List<Scored> sorted,
      Windows windows,
      ClipTexts texts) {
    double best = sorted.getFirst().trace().score();
    boolean isDull = best < LEAST;
    List<Scored> chosen;
    if (isDull) {
      int clips = Math.clamp(input.durationUs() / settings.minUs(), 1, settings.maxClips());
      chosen = spread(sorted, clips, input.durationUs(), windows);
    } else {
      double spreadUs = input.durationUs() / (3.0 * settings.maxClips());
      List<Scored> good = sorted.stream().filter(w -> w.trace().score() >= OF_BEST * best).toList();
      chosen = Ranking.apart(good, settings.maxClips(), spreadUs);
    }
    int most = SelectionSettings.KEPT_FOR_EACH * settings.maxClips() - chosen.size();
    List<Scored> reserve = Ranking.reserve(sorted, chosen, most);
    Reason reason = isDull ? Reason.SPREAD : Reason.STANDS_OUT;
    return new Selection(
        chosen.stream().map(w -> texts.candidate(w, reason)).toList(),
        reserve.stream().map(w -> texts.candidate(w, Reason.RESERVE)).toList(),
        summary(chosen.size(), isDull));
  }

  /** The best of each of equally long parts of a video; as many as were asked for, if they fit. */
  private static List<Scored> spread(
      List<Scored> sorted, int parts, long durationUs, Windows windows) {
    List<Scored> picked = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      TimeSpan span = new TimeSpan(durationUs * part / parts, durationUs * (part + 1) / parts);
      sorted.stream()
          .filter(window -> window.span().overlapUs(span) == window.span().lengthUs())
          .findFirst()
          .or(() -> windows.within(span))
          .ifPresent(picked::add);
    }
    picked.sort(Scored.BEST_FIRST);
    return picked.isEmpty() ? List.of(sorted.getFirst()) : picked;
  }

  private static String summary(int clips, boolean isDull) {
    String count = clips == 1 ? "1 clip" : clips + " clips";
    return isDull
        ? "Nothing stands out in this video: " + count + " from all over it."
        : count + (clips == 1 ? " stands" : " stand") + " out.";
  }

  /** Why a candidate is one. */
  enum Reason {
    STANDS_OUT,
    SPREAD,
    RESERVE,
    WHOLE_VIDEO
  }
}
