package dev.halcyon.core.select;

import dev.halcyon.core.analysis.SceneCut;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.transcript.Sentence;
import dev.halcyon.core.transcript.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where the clips of a video may begin and end: around sentences, at silences and cuts, at the ends
 * of the video, and, lest a length cannot be had, here and there between words. None lies within a
 * word. Immutable; any thread.
 */
final class Boundaries {
  /** Before the first sound of a clip, so that it does not begin with a click. */
  private static final long LEAD_US = 150_000;

  /** After its last one. */
  private static final long TAIL_US = 300_000;

  /** A cut so near to a sentence is where the clip begins or ends. */
  private static final long NEAR_CUT_US = 1_000_000;

  /** Boundaries nearer than this are one. */
  private static final long SAME_US = 50_000;

  private static final long COARSEST_GRID_US = 5_000_000;
  private static final long FINEST_GRID_US = 250_000;

  private static final double SENTENCE = 1;
  private static final double PAUSE = 0.75;
  private static final double VIDEO_END = 0.8;
  private static final double SILENCE = 0.8;
  private static final double CUT = 0.7;
  private static final double FADE = 0.75;
  private static final double IN_SPEECH = 0.4;
  private static final double IN_SENTENCE = 0.25;
  private static final double GRID = 0.05;

  private final SelectionInput input;
  private final List<Sentence> sentences;
  private final TimeLine<Word> words;
  private final TimeLine<Sentence> sentenceLine;
  private final TimeLine<TimeSpan> speech;
  private final List<Boundary> starts;
  private final List<Boundary> ends;

  Boundaries(SelectionInput input, List<Sentence> sentences, long slackUs) {
    this.input = input;
    this.sentences = sentences;
    words = new TimeLine<>(input.transcript().words(), Word::span);
    sentenceLine = new TimeLine<>(sentences, Sentence::span);
    speech = new TimeLine<>(input.speech(), span -> span);
    List<Boundary> both = new ArrayList<>();
    addCuts(both);
    addGrid(both, Math.clamp(slackUs / 3, FINEST_GRID_US, COARSEST_GRID_US));
    starts = new ArrayList<>(both);
    ends = new ArrayList<>(both);
    starts.add(new Boundary(0, VIDEO_END, "at the begin of the video"));
    ends.add(new Boundary(input.durationUs(), VIDEO_END, "at the end of the video"));
    addSilences();
    addSentences();
    clean(starts);
    clean(ends);
  }

  /** Where a clip may begin within a stretch of time, both ends included, in order. */
  List<Boundary> starts(long fromUs, long toUs) {
    return within(starts, fromUs, toUs);
  }

  /** Where it may end. */
  List<Boundary> ends(long fromUs, long toUs) {
    return within(ends, fromUs, toUs);
  }

  /** The latest time at or before one that lies in no word. */
  long outsideOfWords(long atUs) {
    return words.around(atUs).map(Word::fromUs).orElse(atUs);
  }

  private static List<Boundary> within(List<Boundary> all, long fromUs, long toUs) {
    return fromUs > toUs ? List.of() : all.subList(place(all, fromUs), place(all, toUs + 1));
  }

  private static int place(List<Boundary> all, long atUs) {
    int low = 0;
    int high = all.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (all.get(middle).atUs() < atUs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void addCuts(List<Boundary> both) {
    for (SceneCut cut : input.cuts()) {
      boolean isFade = cut.kind() == SceneCut.Kind.FADE;
      both.add(inContext(cut.atUs(), isFade ? FADE : CUT, isFade ? "at a fade" : "at a cut"));
    }
  }

  /** Where somebody goes on speaking, a place is less natural. */
  private Boundary inContext(long atUs, double quality, String what) {
    if (sentenceLine.around(atUs).isPresent()) {
      return new Boundary(atUs, Math.min(quality, IN_SENTENCE), what + " within a sentence");
    }
    boolean isTalk = sentences.isEmpty() && speech.around(atUs).isPresent();
    return isTalk
        ? new Boundary(atUs, Math.min(quality, IN_SPEECH), what + " while somebody speaks")
        : new Boundary(atUs, quality, what);
  }

  private void addGrid(List<Boundary> both, long stepUs) {
    for (long atUs = stepUs; atUs < input.durationUs(); atUs += stepUs) {
      both.add(new Boundary(outsideOfWords(atUs), GRID, "at no particular place"));
    }
  }

  private void addSilences() {
    for (TimeSpan silence : input.silence()) {
      long startUs = Math.max(silence.fromUs(), silence.toUs() - LEAD_US);
      long endUs = Math.min(silence.toUs(), silence.fromUs() + TAIL_US);
      starts.add(inContext(startUs, SILENCE, "after a silence"));
      ends.add(inContext(endUs, SILENCE, "in a silence"));
    }
  }

  private void addSentences() {
    for (int i = 0; i < sentences.size(); i++) {
      Sentence sentence = sentences.get(i);
      long fromUs = sentence.span().fromUs();
      long toUs = sentence.span().toUs();
      long freeUs = i == 0 ? 0 : sentences.get(i - 1).span().toUs();
      long nextUs =
          i + 1 == sentences.size() ? input.durationUs() : sentences.get(i + 1).span().fromUs();
      boolean isNew = i == 0 || sentences.get(i - 1).isComplete();
      long startUs = Math.max(fromUs - LEAD_US, fromUs - (fromUs - freeUs) / 2);
      long endUs = Math.min(toUs + TAIL_US, toUs + (nextUs - toUs) / 2);
      starts.add(
          new Boundary(
              cutWithin(Math.max(freeUs, fromUs - NEAR_CUT_US), fromUs, startUs, true),
              isNew ? SENTENCE : PAUSE,
              isNew ? "with a sentence" : "after a pause"));
      ends.add(
          new Boundary(
              cutWithin(toUs, Math.min(nextUs, toUs + NEAR_CUT_US), endUs, false),
              sentence.isComplete() ? SENTENCE : PAUSE,
              sentence.isComplete() ? "with a sentence" : "in a pause"));
    }
  }

  /** The last or first cut of a stretch of time, else another time. */
  private long cutWithin(long fromUs, long toUs, long otherUs, boolean isLast) {
    List<SceneCut> cuts = input.cuts();
    int low = cutPlace(fromUs);
    int high = cutPlace(toUs + 1);
    if (low == high) {
      return otherUs;
    }
    return cuts.get(isLast ? high - 1 : low).atUs();
  }

  private int cutPlace(long atUs) {
    int low = 0;
    int high = input.cuts().size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (input.cuts().get(middle).atUs() < atUs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Sorted, within the video, outside of words, the best of those that are one. */
  private void clean(List<Boundary> all) {
    all.removeIf(
        b -> b.atUs() < 0 || b.atUs() > input.durationUs() || words.around(b.atUs()).isPresent());
    all.sort(Comparator.comparingLong(Boundary::atUs).thenComparing(Boundary::what));
    List<Boundary> kept = new ArrayList<>();
    for (Boundary boundary : all) {
      boolean isSame = !kept.isEmpty() && boundary.atUs() - kept.getLast().atUs() <= SAME_US;
      if (!isSame) {
        kept.add(boundary);
      } else if (boundary.quality() > kept.getLast().quality()) {
        kept.set(kept.size() - 1, boundary);
      }
    }
    all.clear();
    all.addAll(kept);
  }
}
