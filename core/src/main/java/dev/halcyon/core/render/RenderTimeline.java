package dev.halcyon.core.render;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.transcript.Transcript;
import dev.halcyon.core.transcript.Word;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a source that a clip is made of, one after the other: its window, without what was
 * taken out of it. Clip time counts from 0 at the first part's beginning. Immutable; any thread.
 *
 * @param parts media time of the source; in order, apart, none empty
 */
public record RenderTimeline(List<TimeSpan> parts) {
  /** A bound on what has to be planned. */
  public static final int MAX_PARTS = 2_000;

  public RenderTimeline {
    parts = List.copyOf(parts);
    if (parts.isEmpty() || parts.size() > MAX_PARTS) {
      throw new IllegalArgumentException("parts out of range [count=" + parts.size() + "]");
    }
    long endUs = 0;
    for (TimeSpan part : parts) {
      if (part.fromUs() < endUs || part.lengthUs() < 1) {
        throw new IllegalArgumentException(
            "parts are empty, or out of order [fromUs=" + part.fromUs() + "]");
      }
      endUs = part.toUs();
    }
  }

  /** A window with nothing taken out. */
  public static RenderTimeline of(TimeSpan window) {
    return new RenderTimeline(List.of(window));
  }

  /** From where the first part begins to where the last one ends, with what was taken out. */
  public TimeSpan window() {
    return new TimeSpan(parts.getFirst().fromUs(), parts.getLast().toUs());
  }

  /** Length of the clip. */
  public long lengthUs() {
    return parts.stream().mapToLong(TimeSpan::lengthUs).sum();
  }

  /** Where in the clip a part begins. */
  public long startUs(int part) {
    long startUs = 0;
    for (int i = 0; i < part; i++) {
      startUs += parts.get(i).lengthUs();
    }
    return startUs;
  }

  /** The part that is shown at a clip time; the first before it, the last behind the end. */
  public int partAt(long clipUs) {
    long endUs = 0;
    for (int i = 0; i < parts.size(); i++) {
      endUs += parts.get(i).lengthUs();
      if (clipUs < endUs) {
        return i;
      }
    }
    return parts.size() - 1;
  }

  /**
   * When in the clip something of the source is shown; what was taken out is shown where it would
   * have begun, what lies outside at the clip's nearest end.
   */
  public long clipUs(long mediaUs) {
    long startUs = 0;
    for (TimeSpan part : parts) {
      if (mediaUs < part.toUs()) {
        return startUs + Math.max(0, mediaUs - part.fromUs());
      }
      startUs += part.lengthUs();
    }
    return startUs;
  }

  /** The words of which more than half is kept, as they stand in the source. */
  public List<Word> kept(Transcript transcript) {
    List<Word> kept = new ArrayList<>();
    parts.forEach(part -> kept.addAll(transcript.within(part)));
    return kept;
  }

  /** The words of which more than half is kept, when they are heard in the clip. */
  public Transcript heard(Transcript transcript) {
    List<Word> heard = new ArrayList<>();
    long startUs = 0;
    for (TimeSpan part : parts) {
      for (Word word : transcript.within(part)) {
        long fromUs = Math.max(word.fromUs(), part.fromUs()) - part.fromUs();
        long toUs = Math.min(word.toUs(), part.toUs()) - part.fromUs();
        heard.add(
            new Word(
                word.text(),
                startUs + fromUs,
                startUs + Math.max(toUs, fromUs + 1),
                word.confidence(),
                word.speaker()));
      }
      startUs += part.lengthUs();
    }
    return new Transcript(transcript.language(), heard);
  }
}
