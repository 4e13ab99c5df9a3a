package dev.halcyon.core.cut;

import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.CutFrames;
import dev.halcyon.core.clip.TrackContract;
import dev.halcyon.core.media.CodecName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** What a plan's file will hold, as its contract says it. No state. */
final class CutParticulars {
  /** Stamps in milliseconds are off by less than this part of a picture's length. */
  private static final int ROUNDED = 10;

  private CutParticulars() {}

  static List<TrackContract> tracks(List<TrackCut> tracks) {
    return tracks.stream().map(CutParticulars::track).toList();
  }

  private static TrackContract track(TrackCut track) {
    long startsAtUs = 0;
    long trimJoins = 0;
    long firstTicks = -1;
    long endTicks = -1;
    for (CutEdit edit : track.edits()) {
      if (edit.isEmpty()) {
        startsAtUs += firstTicks < 0 ? edit.durationUs() : 0;
        continue;
      }
      if (firstTicks < 0) {
        firstTicks = edit.mediaTicks();
      } else {
        trimJoins += Math.max(0, edit.mediaTicks() - endTicks);
      }
      endTicks = edit.mediaTicks() + ticks(edit.durationUs(), track.timescaleHz());
    }
    return new TrackContract(
        track.index(),
        track.formats().getFirst().codec().kind(),
        codecs(track),
        track.samples().size(),
        startsAtUs,
        micros(Math.max(0, firstTicks - startTicks(track)), track),
        micros(trimJoins, track),
        micros(trimEnd(track, endTicks), track));
  }

  /** Sound ends inside of its last packet; pictures are shown whole or not at all. */
  private static long trimEnd(TrackCut track, long presentedEnd) {
    boolean isCut = !track.isVideo() || ticks(track).anyMatch(at -> at >= presentedEnd);
    return isCut ? Math.max(0, endTicks(track) - presentedEnd) : 0;
  }

  /** As they come to be used, each once. */
  private static List<String> codecs(TrackCut track) {
    return track.samples().stream()
        .mapToInt(sample -> sample.packet().formatIndex())
        .distinct()
        .mapToObj(index -> CodecName.of(track.formats().get(index)))
        .distinct()
        .toList();
  }

  private static long startTicks(TrackCut track) {
    return ticks(track).min().orElse(0);
  }

  private static long endTicks(TrackCut track) {
    return track.samples().stream()
        .mapToLong(s -> s.decodeTicks() + s.compositionOffsetTicks() + s.durationTicks())
        .max()
        .orElse(0);
  }

  private static LongStream ticks(TrackCut track) {
    return track.samples().stream().mapToLong(s -> s.decodeTicks() + s.compositionOffsetTicks());
  }

  private static long ticks(long us, int timescaleHz) {
    return AudioTimeline.ticks(us, timescaleHz);
  }

  private static long micros(long ticks, TrackCut track) {
    return AudioTimeline.micros(ticks, track.timescaleHz());
  }

  /** Of the first video track; empty without one. */
  static Optional<CutFrames> frames(CutContract contract, List<TrackCut> tracks) {
    return tracks.stream()
        .filter(TrackCut::isVideo)
        .findFirst()
        .map(track -> frames(contract, track));
  }

  private static CutFrames frames(CutContract contract, TrackCut track) {
    long[] ptsUs = track.samples().stream().mapToLong(s -> s.packet().ptsUs()).sorted().toArray();
    long[] presentedUs =
        track.samples().stream()
            .filter(sample -> isPresented(track, sample))
            .mapToLong(sample -> sample.packet().ptsUs())
            .sorted()
            .toArray();
    long usualUs = usualUs(ptsUs);
    long deliveredStart = before(ptsUs, contract.deliveredStartUs());
    long deliveredEnd = deliveredStart + presentedUs.length;
    long missingUs = contract.requestedEndUs() - contract.deliveredEndUs();
    return new CutFrames(
        requestedStart(contract.requestedStartUs(), ptsUs, usualUs),
        missingUs > 0
            ? deliveredEnd + Math.round((double) missingUs / usualUs)
            : deliveredStart + before(presentedUs, contract.requestedEndUs()),
        deliveredStart,
        deliveredEnd,
        presentedUs.length == 0
            ? contract.deliveredStartUs()
            : presentedUs[presentedUs.length - 1]);
  }

  /**
   * Pictures that would be between what was asked and the first one in the file; none where that is
   * less than one usual distance, but for stamps that are rounded.
   */
  private static long requestedStart(long requestedUs, long[] ptsUs, long usualUs) {
    long missingUs = ptsUs[0] - requestedUs;
    return missingUs > 0
        ? -((missingUs + usualUs / ROUNDED) / usualUs)
        : before(ptsUs, requestedUs);
  }

  private static boolean isPresented(TrackCut track, CutSample sample) {
    long at = sample.decodeTicks() + sample.compositionOffsetTicks();
    return track.edits().stream()
        .anyMatch(
            edit ->
                !edit.isEmpty()
                    && at >= edit.mediaTicks()
                    && at < edit.mediaTicks() + ticks(edit.durationUs(), track.timescaleHz()));
  }

  private static long before(long[] sortedUs, long us) {
    return Arrays.stream(sortedUs).filter(pts -> pts < us).count();
  }

  private static long usualUs(long[] sortedUs) {
    long[] distances = new long[Math.max(0, sortedUs.length - 1)];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = sortedUs[i + 1] - sortedUs[i];
    }
    Arrays.sort(distances);
    return distances.length == 0
        ? VideoCut.LONE_FRAME_US
        : Math.max(1, distances[distances.length / 2]);
  }
}
