package dev.halcyon.core.cut;

import dev.halcyon.core.media.AudioFormat;
import java.util.Optional;

/**
 * The sound of a {@link GrowingCut}, on a time line that counts samples as {@link AudioTimeline}
 * does: stamps only anchor it. As what is to come is not known, it is anchored anew at once where
 * packets are missing, and where stamps have been off for a second.
 */
final class GrowingSound extends GrowingTrack {
  /** More than stamps jitter: packets are missing. */
  private static final long GAP_US = 100_000;

  private static final long PERSISTENCE_US = 1_000_000;
  private static final long NEVER = Long.MIN_VALUE;

  private final long baseUs;
  private long startTicks;
  private long offSinceUs = NEVER;

  GrowingSound(TrackCut cut, long startUs) {
    super(cut);
    this.baseUs = startUs + lateUs() - AudioTimeline.micros(mediaTicks(), timescaleHz());
  }

  @Override
  long nextTicks() {
    return startTicks;
  }

  @Override
  boolean isBehind(PacketStamp packet, long toUs) {
    return startTicks >= AudioTimeline.ticks(toUs - baseUs, timescaleHz());
  }

  @Override
  CutSample sample(PacketStamp packet, Optional<PacketStamp> next, long endUs) {
    long atTicks = startTicks;
    long lengthTicks = lengthTicks(packet, next);
    startTicks =
        next.map(following -> placed(following, atTicks + lengthTicks))
            .orElse(atTicks + lengthTicks);
    if (next.isEmpty() && endUs != Long.MAX_VALUE) {
      startTicks = Math.min(startTicks, AudioTimeline.ticks(endUs - baseUs, timescaleHz()));
    }
    return new CutSample(packet, atTicks, Math.max(1, startTicks - atTicks), 0);
  }

  private long lengthTicks(PacketStamp packet, Optional<PacketStamp> next) {
    AudioFormat format = (AudioFormat) formats().get(packet.formatIndex());
    long distanceUs = next.map(following -> following.ptsUs() - packet.ptsUs()).orElse(0L);
    long samples = AudioFrames.samples(format, packet, distanceUs);
    int rateHz = AudioFrames.timescaleHz(format);
    return rateHz == timescaleHz() ? samples : samples * timescaleHz() / rateHz;
  }

  /** Where a packet begins that is due at {@code dueTicks}. */
  private long placed(PacketStamp packet, long dueTicks) {
    long offUs = packet.ptsUs() - baseUs - AudioTimeline.micros(dueTicks, timescaleHz());
    if (Math.abs(offUs) <= AudioTimeline.TOLERANCE_US) {
      offSinceUs = NEVER;
      return dueTicks;
    }
    if (offSinceUs == NEVER) {
      offSinceUs = packet.ptsUs();
    }
    if (offUs <= GAP_US && packet.ptsUs() - offSinceUs < PERSISTENCE_US) {
      return dueTicks;
    }
    offSinceUs = NEVER;
    long anewTicks = AudioTimeline.ticks(packet.ptsUs() - baseUs, timescaleHz());
    return Math.max(anewTicks, startTicks + 1);
  }
}
