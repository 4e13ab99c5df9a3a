package dev.halcyon.core.tighten;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.render.PictureGrid;
import dev.halcyon.core.transcript.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is left of a window when stretches are cut out of it. One thread. */
final class KeptParts {
  private final TimeSpan window;
  private final List<Word> words;

  /**
   * @param words that are kept, in order; no cut overlaps one
   */
  KeptParts(TimeSpan window, List<Word> words) {
    this.window = window;
    this.words = words;
  }

  /** The parts that are left, in order; none when nothing would be. */
  List<TimeSpan> without(List<TimeSpan> wanted, PictureGrid grid) {
    List<TimeSpan> cuts = new ArrayList<>();
    for (TimeSpan cut : joined(wanted)) {
      TimeSpan placed = onGrid(cut, grid);
      if (placed.lengthUs() >= TightPlanner.LEAST_CUT_US) {
        cuts.add(placed);
      }
    }
    List<TimeSpan> parts = between(cuts);
    for (int part = shortest(parts, cuts); part >= 0; part = shortest(parts, cuts)) {
      cuts.remove(smallerBeside(parts.get(part), cuts));
      parts = between(cuts);
    }
    return parts;
  }

  /** Cuts with nothing worth hearing between them, or to the window's ends, are one. */
  private List<TimeSpan> joined(List<TimeSpan> wanted) {
    List<TimeSpan> cuts = new ArrayList<>();
    for (TimeSpan cut :
        wanted.stream().sorted(Comparator.comparingLong(TimeSpan::fromUs)).toList()) {
      long beginUs = isNothing(window.fromUs(), cut.fromUs()) ? window.fromUs() : cut.fromUs();
      long endUs = isNothing(cut.toUs(), window.toUs()) ? window.toUs() : cut.toUs();
      if (!cuts.isEmpty() && isNothing(cuts.getLast().toUs(), beginUs)) {
        TimeSpan before = cuts.removeLast();
        beginUs = Math.min(beginUs, before.fromUs());
        endUs = Math.max(endUs, before.toUs());
      }
      cuts.add(new TimeSpan(beginUs, endUs));
    }
    return cuts;
  }

  private boolean isNothing(long fromUs, long toUs) {
    if (toUs <= fromUs) {
      return true;
    }
    TimeSpan between = new TimeSpan(fromUs, toUs);
    return between.lengthUs() < TightPlanner.LEAST_PART_US
        && words.stream().noneMatch(word -> word.span().overlaps(between));
  }

  /** To the grid outwards where no word is there, else inwards. */
  private TimeSpan onGrid(TimeSpan cut, PictureGrid grid) {
    long fromUs = window.fromUs();
    if (cut.fromUs() > window.fromUs()) {
      long floorUs = grid.floorUs(cut.fromUs());
      fromUs = isFree(floorUs, cut.fromUs()) ? floorUs : grid.ceilUs(cut.fromUs());
    }
    long toUs = window.toUs();
    if (cut.toUs() < window.toUs()) {
      long ceilUs = grid.ceilUs(cut.toUs());
      toUs = isFree(cut.toUs(), ceilUs) ? ceilUs : grid.floorUs(cut.toUs());
    }
    fromUs = Math.clamp(fromUs, window.fromUs(), window.toUs());
    return new TimeSpan(fromUs, Math.clamp(toUs, fromUs, window.toUs()));
  }

  private boolean isFree(long fromUs, long toUs) {
    TimeSpan span = new TimeSpan(fromUs, toUs);
    return words.stream().noneMatch(word -> word.span().overlaps(span));
  }

  private List<TimeSpan> between(List<TimeSpan> cuts) {
    List<TimeSpan> parts = new ArrayList<>();
    long atUs = window.fromUs();
    for (TimeSpan cut : cuts) {
      if (cut.fromUs() > atUs) {
        parts.add(new TimeSpan(atUs, cut.fromUs()));
      }
      atUs = Math.max(atUs, cut.toUs());
    }
    if (atUs < window.toUs()) {
      parts.add(new TimeSpan(atUs, window.toUs()));
    }
    return parts;
  }

  /** The number of the shortest part that is too short, −1 when none is. */
  private static int shortest(List<TimeSpan> parts, List<TimeSpan> cuts) {
    int found = -1;
    for (int i = 0; i < parts.size() && !cuts.isEmpty(); i++) {
      long lengthUs = parts.get(i).lengthUs();
      if (lengthUs < TightPlanner.LEAST_PART_US
          && (found < 0 || lengthUs < parts.get(found).lengthUs())) {
        found = i;
      }
    }
    return found;
  }

  /** The smaller of the cuts that a part lies between. */
  private static TimeSpan smallerBeside(TimeSpan part, List<TimeSpan> cuts) {
    return cuts.stream()
        .filter(cut -> cut.toUs() == part.fromUs() || cut.fromUs() == part.toUs())
        .min(Comparator.comparingLong(TimeSpan::lengthUs))
        .orElseThrow();
  }
}
