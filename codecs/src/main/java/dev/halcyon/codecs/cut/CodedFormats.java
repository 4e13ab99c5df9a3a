package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.bitstream.FormatCompletion;
import dev.halcyon.core.cut.CutPlan;
import dev.halcyon.core.cut.CutSample;
import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.cut.TrackCut;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks into packets for what a plan's formats leave to them. No state. */
final class CodedFormats {
  private CodedFormats() {}

  /**
   * The plan with each format as full as its first keyframe makes it.
   *
   * @throws dev.halcyon.core.error.HalcyonException RING_OVERRUN, RING_CORRUPT
   */
  static CutPlan completed(Ring ring, CutPlan plan) {
    List<TrackCut> tracks = plan.tracks().stream().map(track -> completed(ring, track)).toList();
    return new CutPlan(plan.contract(), tracks);
  }

  private static TrackCut completed(Ring ring, TrackCut track) {
    List<TrackFormat> formats = new ArrayList<>(track.formats());
    for (int i = 0; i < formats.size(); i++) {
      TrackFormat format = formats.get(i);
      if (FormatCompletion.isWanted(format)) {
        firstKeyframe(track, i)
            .map(packet -> FormatCompletion.completed(format, payload(ring, packet)))
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

  private static Bytes payload(Ring ring, PacketStamp packet) {
    ByteBuffer buffer = ByteBuffer.allocate(packet.sizeBytes());
    try (RingCursor cursor = ring.cursor()) {
      cursor.seek(packet.position());
      RingPayloads.walkTo(cursor, packet.position());
      if (!cursor.copyPayload(buffer)) {
        throw RingCutter.overrun();
      }
    }
    return Bytes.copyOf(buffer.flip());
  }
}
