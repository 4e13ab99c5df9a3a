package dev.halcyon.core.cut;

import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.SilentPacket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The sound of a {@link GrowingCut}, on a time line that counts samples as {@link AudioTimeline}
 * does: stamps only anchor it. As what is to come is not known, it is anchored anew at once where
 * packets are missing or an epoch begins, and where stamps have been off for a second.
 */
final class GrowingSound extends GrowingTrack {
  /** More than stamps jitter: packets are missing. */
  private static final long GAP_US = 100_000;

  private static final long PERSISTENCE_US = 1_000_000;
  private static final long NEVER = Long.MIN_VALUE;

  private final long baseUs;
  private long startTicks;
  private long offSinceUs = NEVER;

  /** Samples that are certain: silence follows sound that breaks off. */
  private final Deque<CutSample> ready = new ArrayDeque<>();

  GrowingSound(TrackCut cut, long startUs) {
    super(cut);
    this.baseUs = startUs + lateUs() - AudioTimeline.micros(mediaTicks(), timescaleHz());
  }

  @Override
  public Optional<CutSample> next(long toUs, boolean isOver) {
    if (ready.isEmpty()) {
      super.next(toUs, isOver)
          .ifPresent(
              sample ->
                  ready.addAll(Silence.behind(sample, formatOf(sample.packet()), timescaleHz())));
    } else if (ready.peek().decodeTicks() >= ticksAt(toUs)) {
      return Optional.empty();
    }
    return Optional.ofNullable(ready.poll());
  }

  private AudioFormat formatOf(PacketStamp packet) {
    return (AudioFormat) formats().get(packet.formatIndex());
  }

  private long ticksAt(long streamUs) {
    return AudioTimeline.ticks(streamUs - baseUs, timescaleHz());
  }

  @Override
  public OptionalInt nextFormatIndex() {
    return ready.isEmpty()
        ? super.nextFormatIndex()
        : OptionalInt.of(ready.peek().packet().formatIndex());
  }

  @Override
  public long nextLengthUs() {
    boolean isFilled =
        !ready.isEmpty() || SilentPacket.of((AudioFormat) formats().getLast()).isPresent();
    return isFilled ? 0 : super.nextLengthUs();
  }

  @Override
  long nextTicks() {
    return ready.isEmpty() ? startTicks : ready.peek().decodeTicks();
  }

  @Override
  boolean isBehind(PacketStamp packet, long toUs) {
    return startTicks >= ticksAt(toUs);
  }

  @Override
  CutSample sample(PacketStamp packet, Optional<PacketStamp> next, long endUs) {
    long atTicks = startTicks;
    long lengthTicks = lengthTicks(packet, next);
    startTicks =
        next.map(following -> placed(packet, following, atTicks + lengthTicks))
            .orElse(atTicks + lengthTicks);
    if (next.isEmpty() && endUs != Long.MAX_VALUE) {
      startTicks = Math.min(startTicks, ticksAt(endUs));
    }
    return new CutSample(packet, atTicks, Math.max(1, startTicks - atTicks), 0);
  }

  private long lengthTicks(PacketStamp packet, Optional<PacketStamp> next) {
    AudioFormat format = formatOf(packet);
    long distanceUs = next.map(following -> following.ptsUs() - packet.ptsUs()).orElse(0L);
    long samples = AudioFrames.samples(format, packet, distanceUs);
    int rateHz = AudioFrames.timescaleHz(format);
    return rateHz == timescaleHz() ? samples : samples * timescaleHz() / rateHz;
  }

  /** Where a packet begins that is due at {@code dueTicks}. */
  private long placed(PacketStamp before, PacketStamp packet, long dueTicks) {
    boolean isNewEpoch = before.epoch() != packet.epoch();
    long offUs = packet.ptsUs() - baseUs - AudioTimeline.micros(dueTicks, timescaleHz());
    if (!isNewEpoch && Math.abs(offUs) <= AudioTimeline.TOLERANCE_US) {
      offSinceUs = NEVER;
      return dueTicks;
    }
    if (offSinceUs == NEVER) {
      offSinceUs = packet.ptsUs();
    }
    if (!isNewEpoch && offUs <= GAP_US && packet.ptsUs() - offSinceUs < PERSISTENCE_US) {
      return dueTicks;
    }
    offSinceUs = NEVER;
    long anewTicks = ticksAt(packet.ptsUs());
    return Math.max(anewTicks, startTicks + 1);
  }
}
