package dev.halcyon.codecs.analyse;

import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.analysis.AnalysisPart;
import dev.halcyon.core.asset.MediaProbe;
import dev.halcyon.core.asset.PictureStream;
import dev.halcyon.core.media.Orientation;
import java.util.OptionalInt;

/**
 * What is analysed.
 *
 * @param demuxer at the begin of the file, reading only what is used; closed by who opened it
 * @param picture index of the pictures that are looked at
 * @param sound index of the sound that is listened to
 * @param clock is told what each part takes
 */
record AnalysisInput(
    DemuxerHandle demuxer,
    MediaProbe probe,
    AnalysisOptions options,
    OptionalInt picture,
    OptionalInt sound,
    Progress progress,
    PartClock clock) {
  /** How a player turns the pictures. */
  Orientation orientation() {
    return probe.picture().map(PictureStream::orientation).orElse(Orientation.UPRIGHT);
  }

  boolean isWanted(AnalysisPart part) {
    return options.parts().contains(part);
  }
}
