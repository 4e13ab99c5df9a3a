package dev.halcyon.core.cut;

import dev.halcyon.core.media.TrackFormat;
import java.util.ArrayList;
import java.util.List;

/**
 * Joins what several epochs give to one track. Its own time line is stream time: what is presented
 * last of an epoch lasts, in the file, until the next one begins, so that one edit presents all of
 * it and players keep sound and pictures together. No state.
 */
final class TrackJoint {
  private TrackJoint() {}

  /**
   * One epoch's part.
   *
   * @param cut its edits count from the clip's time 0
   * @param zeroUs stream time of its tick 0
   */
  record Part(TrackCut cut, long zeroUs) {
    long endUs() {
      return cut.edits().stream().mapToLong(CutEdit::durationUs).sum();
    }
  }

  /**
   * @param parts at least one, in the order of time
   */
  static TrackCut of(List<Part> parts) {
    TrackCut first = parts.getFirst().cut();
    if (parts.size() == 1) {
      return first;
    }
    List<TrackFormat> formats = new ArrayList<>(first.formats());
    List<CutSample> samples = new ArrayList<>();
    for (Part part : parts) {
      long shiftTicks =
          AudioTimeline.ticks(part.zeroUs() - parts.getFirst().zeroUs(), first.timescaleHz());
      append(samples, shifted(part.cut(), shiftTicks, first.timescaleHz(), formats));
    }
    List<CutEdit> edits = new ArrayList<>(first.edits().subList(0, first.edits().size() - 1));
    long beforeUs = edits.stream().mapToLong(CutEdit::durationUs).sum();
    edits.add(
        new CutEdit(parts.getLast().endUs() - beforeUs, first.edits().getLast().mediaTicks()));
    return new TrackCut(first.index(), formats, first.timescaleHz(), samples, edits);
  }

  private static List<CutSample> shifted(
      TrackCut cut, long shiftTicks, int timescaleHz, List<TrackFormat> formats) {
    int[] formatIndexes = cut.formats().stream().mapToInt(f -> indexOf(f, formats)).toArray();
    return cut.samples().stream()
        .map(
            sample ->
                new CutSample(
                    sample.packet().withFormat(formatIndexes[sample.packet().formatIndex()]),
                    shiftTicks + scaled(sample.decodeTicks(), cut, timescaleHz),
                    Math.max(1, scaled(sample.durationTicks(), cut, timescaleHz)),
                    scaled(sample.compositionOffsetTicks(), cut, timescaleHz)))
        .toList();
  }

  private static long scaled(long ticks, TrackCut cut, int timescaleHz) {
    return cut.timescaleHz() == timescaleHz
        ? ticks
        : Math.round((double) ticks * timescaleHz / cut.timescaleHz());
  }

  private static int indexOf(TrackFormat format, List<TrackFormat> formats) {
    int found = formats.indexOf(format);
    if (found < 0) {
      formats.add(format);
      return formats.size() - 1;
    }
    return found;
  }

  /** The sample before lasts until the next one; decoding times grow. */
  private static void append(List<CutSample> samples, List<CutSample> following) {
    for (CutSample sample : following) {
      long decodeTicks = sample.decodeTicks();
      if (!samples.isEmpty()) {
        CutSample before = samples.removeLast();
        decodeTicks = Math.max(decodeTicks, before.decodeTicks() + 1);
        samples.add(
            new CutSample(
                before.packet(),
                before.decodeTicks(),
                decodeTicks - before.decodeTicks(),
                before.compositionOffsetTicks()));
      }
      long presentedTicks = sample.decodeTicks() + sample.compositionOffsetTicks();
      samples.add(
          new CutSample(
              sample.packet(), decodeTicks, sample.durationTicks(), presentedTicks - decodeTicks));
    }
  }
}
