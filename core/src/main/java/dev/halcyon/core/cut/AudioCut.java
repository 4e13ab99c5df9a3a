package dev.halcyon.core.cut;

import dev.halcyon.core.clip.Gap;
import dev.halcyon.core.media.AudioFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the packets of one audio track and trims them to the sample: what the decoder needs to
 * warm up is in the file and skipped by the edit. Immutable.
 */
final class AudioCut {
  private final TrackPackets track;
  private final AudioTimeline timeline;
  private final int firstCopied;
  private final int last;
  private final long startTick;
  private final long endTick;

  private AudioCut(
      TrackPackets track,
      AudioTimeline timeline,
      int firstCopied,
      int last,
      long startTick,
      long endTick) {
    this.track = track;
    this.timeline = timeline;
    this.firstCopied = firstCopied;
    this.last = last;
    this.startTick = startTick;
    this.endTick = endTick;
  }

  /** Empty when no sample lies in the window. */
  static Optional<AudioCut> of(TrackPackets track, AudioTimeline timeline, long fromUs, long toUs) {
    long fromTick = timeline.ticksAt(fromUs);
    long toTick = timeline.ticksAt(toUs);
    int first = -1;
    int last = -1;
    for (int i = 0; i < timeline.size(); i++) {
      if (timeline.endTicks(i) > fromTick && timeline.startTicks(i) < toTick) {
        first = first < 0 ? i : first;
        last = i;
      }
    }
    if (first < 0) {
      return Optional.empty();
    }
    AudioFormat format =
        (AudioFormat) track.formats().get(track.packets().get(first).formatIndex());
    long prerollFromTick = timeline.startTicks(first) - AudioFrames.prerollTicks(format);
    int firstCopied = first;
    while (firstCopied > 0 && timeline.startTicks(firstCopied) > prerollFromTick) {
      firstCopied--;
    }
    return Optional.of(
        new AudioCut(
            track,
            timeline,
            firstCopied,
            last,
            Math.max(fromTick, timeline.startTicks(first)),
            Math.min(toTick, timeline.endTicks(last))));
  }

  long startUs() {
    return timeline.streamUsAt(startTick);
  }

  long endUs() {
    return timeline.streamUsAt(endTick);
  }

  long firstCopiedUs() {
    return timeline.streamUsAt(timeline.startTicks(firstCopied));
  }

  /** Stretches without a sample between {@code fromUs} and {@code toUs}. */
  List<Gap> gaps(long fromUs, long toUs) {
    List<Gap> gaps = new ArrayList<>();
    addGap(gaps, fromUs, startUs());
    for (int i = firstCopied; i < last; i++) {
      if (timeline.endTicks(i) > startTick) {
        addGap(
            gaps,
            timeline.streamUsAt(timeline.endTicks(i)),
            timeline.streamUsAt(timeline.startTicks(i + 1)));
      }
    }
    addGap(gaps, endUs(), toUs);
    return gaps;
  }

  private static void addGap(List<Gap> gaps, long atUs, long endUs) {
    if (endUs - atUs > AudioTimeline.TOLERANCE_US) {
      gaps.add(new Gap(atUs, endUs - atUs));
    }
  }

  /**
   * @param originUs stream time of the clip's time 0
   */
  TrackCut toTrack(long originUs, long endUs) {
    int timescaleHz = timeline.timescaleHz();
    List<CutSample> samples = new ArrayList<>(last - firstCopied + 1);
    long base = timeline.startTicks(firstCopied);
    for (int i = firstCopied; i <= last; i++) {
      long next = i == last ? timeline.endTicks(i) : timeline.startTicks(i + 1);
      samples.add(
          new CutSample(
              track.packets().get(i),
              timeline.startTicks(i) - base,
              next - timeline.startTicks(i),
              0));
    }
    List<CutEdit> edits = new ArrayList<>(2);
    boolean isLate = startTick > timeline.ticksAt(originUs);
    long lateUs = isLate ? Math.max(0, startUs() - originUs) : 0;
    if (lateUs > 0) {
      edits.add(CutEdit.nothing(lateUs));
    }
    boolean isWhole = endTick == timeline.ticksAt(endUs);
    long lengthUs =
        isWhole
            ? endUs - originUs - lateUs
            : AudioTimeline.micros(endTick - startTick, timescaleHz);
    edits.add(new CutEdit(lengthUs, startTick - base));
    return new TrackCut(track.index(), track.formats(), timescaleHz, samples, edits);
  }
}
