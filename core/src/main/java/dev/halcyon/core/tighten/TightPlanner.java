package dev.halcyon.core.tighten;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.render.PictureGrid;
import dev.halcyon.core.render.RenderTimeline;
import dev.halcyon.core.transcript.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Takes long pauses and filler words out of a window: plans the parts that are kept. No part begins
 * or ends within a word, each is whole pictures long, and none is so short that it flickers. Any
 * thread.
 */
public final class TightPlanner {
  /** Shorter parts are seen as a flicker, and heard as a stutter. */
  static final long LEAST_PART_US = 400_000;

  /** A jump of the picture has to be worth it. */
  static final long LEAST_CUT_US = 150_000;

  /** A signal's time is that of its peak. */
  private static final long AROUND_SIGNAL_US = 1_500_000;

  private final TightenInput input;
  private final TimeSpan window;
  private final TightenOptions options;
  private final FillerWords fillers;

  /** All words that touch the window, and those of them that are said on purpose. */
  private final List<Word> words;

  private final List<Word> kept;

  private TightPlanner(TightenInput input, TimeSpan window, TightenOptions options) {
    this.input = input;
    this.window = window;
    this.options = options;
    this.fillers =
        options
            .fillers()
            .map(FillerWords::of)
            .orElseGet(() -> FillerWords.of(input.transcript().language()));
    this.words =
        input.transcript().words().stream().filter(word -> word.span().overlaps(window)).toList();
    this.kept = words.stream().filter(word -> !fillers.has(word.text())).toList();
  }

  /**
   * @param window of the source
   * @param grid on which parts are cut; the window itself is left as it is
   * @return the window as it is where nothing is to be taken out, or would be left
   */
  public static RenderTimeline plan(
      TightenInput input, TimeSpan window, PictureGrid grid, TightenOptions options) {
    TightPlanner planner = new TightPlanner(input, window, options);
    List<TimeSpan> cuts = new ArrayList<>(planner.pauses());
    cuts.addAll(planner.fillerCuts());
    List<TimeSpan> parts = new KeptParts(window, planner.kept).without(cuts, grid);
    return parts.isEmpty() ? RenderTimeline.of(window) : new RenderTimeline(parts);
  }

  /** The middles of long stretches in which nothing is said and nothing happens. */
  private List<TimeSpan> pauses() {
    List<TimeSpan> busy = new ArrayList<>(input.speech());
    words.forEach(word -> busy.add(word.span()));
    input.signals().forEach(signal -> busy.add(around(signal.atUs())));
    if (words.isEmpty()) {
      // Who speaks is then only guessed by the sound: nothing but silence is taken out.
      busy.addAll(between(input.silence()));
    }
    List<TimeSpan> cuts = new ArrayList<>();
    for (TimeSpan pause : between(busy)) {
      if (pause.lengthUs() > options.silencesOverUs()) {
        cuts.add(middle(pause));
      }
    }
    return cuts;
  }

  private static TimeSpan around(long atUs) {
    return new TimeSpan(Math.max(0, atUs - AROUND_SIGNAL_US), atUs + AROUND_SIGNAL_US);
  }

  /** A pause without what is kept of it; at the window's ends all that is kept is on one side. */
  private TimeSpan middle(TimeSpan pause) {
    boolean isFirst = pause.fromUs() == window.fromUs();
    boolean isLast = pause.toUs() == window.toUs();
    long beforeUs = isFirst ? 0 : isLast ? options.keepUs() : options.keepUs() / 2;
    long behindUs = isLast ? 0 : options.keepUs() - beforeUs;
    return new TimeSpan(pause.fromUs() + beforeUs, pause.toUs() - behindUs);
  }

  /** What of the window lies between spans, which may overlap and be in any order. */
  private List<TimeSpan> between(List<TimeSpan> spans) {
    List<TimeSpan> between = new ArrayList<>();
    long atUs = window.fromUs();
    for (TimeSpan span :
        spans.stream()
            .filter(span -> span.overlaps(window))
            .sorted(Comparator.comparingLong(TimeSpan::fromUs))
            .toList()) {
      if (span.fromUs() > atUs) {
        between.add(new TimeSpan(atUs, span.fromUs()));
      }
      atUs = Math.max(atUs, span.toUs());
    }
    if (atUs < window.toUs()) {
      between.add(new TimeSpan(atUs, window.toUs()));
    }
    return between;
  }

  /** Filler words, with so much of the pauses around them that one breath is left. */
  private List<TimeSpan> fillerCuts() {
    List<TimeSpan> cuts = new ArrayList<>();
    long eachUs = options.keepUs() / 2;
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      if (!fillers.has(word.text())) {
        continue;
      }
      long beforeUs = i == 0 ? window.fromUs() : words.get(i - 1).toUs();
      long behindUs = i + 1 == words.size() ? window.toUs() : words.get(i + 1).fromUs();
      // Longer pauses are shortened as pauses, if nothing is to be heard in them.
      boolean isNear = word.fromUs() - beforeUs <= options.silencesOverUs();
      boolean isNearNext = behindUs - word.toUs() <= options.silencesOverUs();
      long fromUs = isNear ? Math.min(word.fromUs(), beforeUs + eachUs) : word.fromUs();
      long toUs = isNearNext ? Math.max(word.toUs(), behindUs - eachUs) : word.toUs();
      cuts.add(
          new TimeSpan(
              Math.clamp(fromUs, window.fromUs(), window.toUs()),
              Math.clamp(toUs, window.fromUs(), window.toUs())));
    }
    return cuts;
  }
}
