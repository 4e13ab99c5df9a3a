package dev.halcyon.core.cut;

import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.SilentPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fills stretches in which a track gave no sound with packets that decode to silence. Time stamps
 * alone say as much to FFmpeg, but browsers play one packet after the other, and would be early
 * from there on. The last packet of a stretch lasts as long as is left, between a half and one and
 * a half of the others: by half a packet browsers may be off. No state.
 */
final class Silence {
  private Silence() {}

  /** A track of sound, its stretches without any filled where its codec can be written. */
  static TrackCut filled(TrackCut track) {
    List<CutSample> samples = new ArrayList<>(track.samples().size());
    int last = track.samples().size() - 1;
    for (CutSample sample : track.samples().subList(0, last)) {
      AudioFormat format = (AudioFormat) track.formats().get(sample.packet().formatIndex());
      samples.addAll(behind(sample, format, track.timescaleHz()));
    }
    samples.add(track.samples().getLast());
    return samples.size() == track.samples().size() ? track : track.withSamples(samples);
  }

  /** The sample, as long as it sounds, then silence for the rest of its duration. */
  static List<CutSample> behind(CutSample sample, AudioFormat format, int timescaleHz) {
    long distanceUs = AudioTimeline.micros(sample.durationTicks(), timescaleHz);
    long ownTicks =
        ticks(AudioFrames.samples(format, sample.packet(), distanceUs), format, timescaleHz);
    long silentTicks = ticks(AudioFrames.silentSamples(format), format, timescaleHz);
    long gapTicks = sample.durationTicks() - ownTicks;
    Optional<Bytes> silent =
        2 * gapTicks < silentTicks ? Optional.empty() : SilentPacket.of(format);
    if (silent.isEmpty()) {
      return List.of(sample);
    }
    long count = Math.max(1, Math.round((double) gapTicks / silentTicks));
    long endTicks = sample.decodeTicks() + sample.durationTicks();
    List<CutSample> all = new ArrayList<>(Math.toIntExact(count) + 1);
    all.add(new CutSample(sample.packet(), sample.decodeTicks(), ownTicks, 0));
    for (long i = 0; i < count; i++) {
      long atTicks = sample.decodeTicks() + ownTicks + i * silentTicks;
      long lengthTicks = i + 1 < count ? silentTicks : endTicks - atTicks;
      long laterUs = AudioTimeline.micros(atTicks - sample.decodeTicks(), timescaleHz);
      PacketStamp made = sample.packet().silence(laterUs, silent.get().length());
      all.add(new CutSample(made, atTicks, lengthTicks, 0));
    }
    return all;
  }

  private static long ticks(long samples, AudioFormat format, int timescaleHz) {
    int rateHz = AudioFrames.timescaleHz(format);
    return rateHz == timescaleHz ? samples : Math.round((double) samples * timescaleHz / rateHz);
  }
}
