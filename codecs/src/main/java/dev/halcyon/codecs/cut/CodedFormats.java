package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.bitstream.FormatCompletion;
import dev.halcyon.core.cut.CutPlan;
import dev.halcyon.core.cut.CutSample;
import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.cut.TrackCut;
import dev.halcyon.core.media.TrackFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks into packets for what a plan's formats leave to them. No state. */
final class CodedFormats {
  private CodedFormats() {}

  /**
   * The plan with each format as full as its first keyframe makes it.
   *
   * @throws dev.halcyon.core.error.HalcyonException as {@link Timeline.Window#payload} says
   */
  static CutPlan completed(Timeline.Window window, CutPlan plan) {
    List<TrackCut> tracks = plan.tracks().stream().map(track -> completed(window, track)).toList();
    return new CutPlan(plan.contract(), tracks);
  }

  private static TrackCut completed(Timeline.Window window, TrackCut track) {
    List<TrackFormat> formats = new ArrayList<>(track.formats());
    for (int i = 0; i < formats.size(); i++) {
      TrackFormat format = formats.get(i);
      if (FormatCompletion.isWanted(format)) {
        firstKeyframe(track, i)
            .map(packet -> FormatCompletion.completed(format, window.payload(packet)))
            .ifPresent(fuller -> formats.set(formats.indexOf(format), fuller));
      }
    }
    return formats.equals(track.formats()) ? track : track.withFormats(formats);
  }

  private static Optional<PacketStamp> firstKeyframe(TrackCut track, int formatIndex) {
    return track.samples().stream()
        .map(CutSample::packet)
        .filter(packet -> packet.isKeyframe() && packet.formatIndex() == formatIndex)
        .findFirst();
  }
}
