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

/**
 * Looks into packets for what a plan's formats leave to them, and makes room in packets for what
 * files leave to formats. No state.
 */
final class CodedFormats {
  private CodedFormats() {}

  /**
   * The plan with each format as full as its first keyframe makes it.
   *
   * @throws dev.halcyon.core.error.HalcyonException as {@link Timeline.Window#payload} says
   */
  static CutPlan completed(Timeline.Window window, CutPlan plan) {
    List<TrackCut> tracks = plan.tracks().stream().map(track -> completed(window, track)).toList();
    return plan.withTracks(tracks);
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
    TrackCut fuller = formats.equals(track.formats()) ? track : track.withFormats(formats);
    return isOneFormat(track) ? fuller : withParameterSets(fuller);
  }

  private static boolean isOneFormat(TrackCut track) {
    int first = track.samples().getFirst().packet().formatIndex();
    return track.samples().stream().allMatch(s -> s.packet().formatIndex() == first);
  }

  private static TrackCut withParameterSets(TrackCut track) {
    List<PacketStamp> packets = track.samples().stream().map(CutSample::packet).toList();
    List<PacketStamp> longer = ParameterSets.inFrontOf(packets, track.formats());
    List<CutSample> samples = new ArrayList<>(longer.size());
    for (int i = 0; i < longer.size(); i++) {
      samples.add(track.samples().get(i).withPacket(longer.get(i)));
    }
    return track.withSamples(samples);
  }

  private static Optional<PacketStamp> firstKeyframe(TrackCut track, int formatIndex) {
    return track.samples().stream()
        .map(CutSample::packet)
        .filter(packet -> packet.isKeyframe() && packet.formatIndex() == formatIndex)
        .findFirst();
  }
}
