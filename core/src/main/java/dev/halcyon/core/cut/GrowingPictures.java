package dev.halcyon.core.cut;

import java.util.Optional;

/** The pictures of a {@link GrowingCut}; ticks are microseconds since the first one's dts. */
final class GrowingPictures extends GrowingTrack {
  /** Assumed for a lone picture of unknown length: 25 pictures a second. */
  private static final long LONE_PICTURE_US = 40_000;

  private final long baseUs;
  private long decodeUs;
  private long lastDurationUs;
  private int epoch;

  /**
   * Pictures before are presented before the epoch's first keyframe, and refer to what precedes it.
   */
  private long lowestKeyPtsUs = Long.MAX_VALUE;

  GrowingPictures(TrackCut cut, long startUs) {
    super(cut);
    this.baseUs = startUs + lateUs() - mediaTicks();
    this.epoch = cut.samples().getFirst().packet().epoch();
  }

  /** What nothing in its own epoch decodes is left out, as in the finished file. */
  @Override
  public void add(PacketStamp packet) {
    if (packet.epoch() != epoch) {
      epoch = packet.epoch();
      lowestKeyPtsUs = Long.MAX_VALUE;
    }
    if (packet.isKeyframe()) {
      lowestKeyPtsUs = Math.min(lowestKeyPtsUs, packet.ptsUs());
    }
    if (packet.ptsUs() >= lowestKeyPtsUs) {
      super.add(packet);
    }
  }

  @Override
  long nextTicks() {
    return decodeUs;
  }

  @Override
  boolean isBehind(PacketStamp packet, long toUs) {
    return packet.ptsUs() >= toUs;
  }

  @Override
  CutSample sample(PacketStamp packet, Optional<PacketStamp> next, long endUs) {
    long atUs = decodeUs;
    long durationUs =
        next.map(following -> Math.max(1, following.dtsUs() - baseUs - atUs))
            .orElseGet(() -> lengthOfLast(packet));
    decodeUs = atUs + durationUs;
    lastDurationUs = durationUs;
    return new CutSample(packet, atUs, durationUs, packet.ptsUs() - baseUs - atUs);
  }

  private long lengthOfLast(PacketStamp packet) {
    if (packet.durationUs() > 0) {
      return packet.durationUs();
    }
    return lastDurationUs > 0 ? lastDurationUs : LONE_PICTURE_US;
  }
}
