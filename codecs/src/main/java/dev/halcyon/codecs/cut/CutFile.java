package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.mp4.Mp4File;
import dev.halcyon.codecs.mp4.Mp4Track;
import dev.halcyon.codecs.mp4.SampleTable;
import dev.halcyon.core.cut.CutPlan;
import dev.halcyon.core.cut.CutSample;
import dev.halcyon.core.cut.TrackCut;
import dev.halcyon.core.media.TrackFormat;
import java.util.Arrays;
import java.util.List;

/** A planned cut as an MP4 file. Any thread. */
public final class CutFile {
  private CutFile() {}

  /** The file's tracks and samples are those of the plan, index by index. */
  public static Mp4File of(CutPlan plan) {
    return Mp4File.of(plan.tracks().stream().map(CutFile::track).toList());
  }

  private static Mp4Track track(TrackCut cut) {
    // Configurations that only packets outside of the cut use are left out.
    int[] used =
        cut.samples().stream()
            .mapToInt(s -> s.packet().formatIndex())
            .distinct()
            .sorted()
            .toArray();
    int[] entries = new int[cut.formats().size()];
    for (int entry = 0; entry < used.length; entry++) {
      entries[used[entry]] = entry;
    }
    SampleTable samples = new SampleTable();
    for (CutSample sample : cut.samples()) {
      samples.add(
          sample.packet().sizeBytes(),
          sample.durationTicks(),
          sample.compositionOffsetTicks(),
          sample.packet().isKeyframe() ? SampleTable.Kind.SYNC : SampleTable.Kind.OTHER,
          entries[sample.packet().formatIndex()]);
    }
    List<TrackFormat> formats = Arrays.stream(used).mapToObj(i -> cut.formats().get(i)).toList();
    return new Mp4Track(formats, cut.timescaleHz(), samples, cut.edits());
  }
}
