package dev.halcyon.core.cut;

import dev.halcyon.core.media.AudioFormat;
import java.util.List;

/**
 * Places audio packets on a time line that counts samples. A packet follows the one before it
 * without a seam; stamps, which RTMP rounds to milliseconds, only anchor the line. It is anchored
 * anew where stamps stay off by more than 20 ms for a second, or to the end. Immutable.
 */
final class AudioTimeline {
  /** Stamps nearer than this are taken for jitter. */
  static final long TOLERANCE_US = 20_000;

  private static final long PERSISTENCE_US = 1_000_000;

  private final int timescaleHz;
  private final long originUs;
  private final long[] startTicks;
  private final long[] lengthTicks;

  private AudioTimeline(int timescaleHz, long originUs, long[] startTicks, long[] lengthTicks) {
    this.timescaleHz = timescaleHz;
    this.originUs = originUs;
    this.startTicks = startTicks;
    this.lengthTicks = lengthTicks;
  }

  /**
   * @param track an audio track with at least one packet
   */
  static AudioTimeline of(TrackPackets track) {
    List<PacketStamp> packets = track.packets();
    int timescaleHz = AudioFrames.timescaleHz((AudioFormat) track.formats().getFirst());
    long[] lengths = lengths(track, timescaleHz);
    long[] starts = new long[packets.size()];
    long originUs = 0;
    for (int first = 0; first < starts.length; ) {
      int end = runEnd(packets, lengths, first, timescaleHz);
      long anchorUs = anchorUs(packets, lengths, first, end, timescaleHz);
      if (first == 0) {
        originUs = anchorUs;
      }
      long tick = ticks(anchorUs - originUs, timescaleHz);
      for (int i = first; i < end; i++) {
        starts[i] = i == 0 ? tick : Math.max(tick, starts[i - 1] + 1);
        tick += lengths[i];
      }
      first = end;
    }
    return new AudioTimeline(timescaleHz, originUs, starts, lengths);
  }

  int timescaleHz() {
    return timescaleHz;
  }

  long startTicks(int index) {
    return startTicks[index];
  }

  /** End of what the packet decodes to; the next may start later. */
  long endTicks(int index) {
    long end = startTicks[index] + lengthTicks[index];
    return index + 1 < startTicks.length ? Math.min(end, startTicks[index + 1]) : end;
  }

  int size() {
    return startTicks.length;
  }

  /** Stream time as ticks, to the nearest. */
  long ticksAt(long streamUs) {
    return ticks(streamUs - originUs, timescaleHz);
  }

  long streamUsAt(long ticks) {
    return originUs + micros(ticks, timescaleHz);
  }

  static long micros(long ticks, int timescaleHz) {
    return scale(ticks, 1_000_000, timescaleHz);
  }

  static long ticks(long us, int timescaleHz) {
    return scale(us, timescaleHz, 1_000_000);
  }

  /** Rounds to the nearest; exact for every time that {@link PacketStamp} admits. */
  private static long scale(long value, int numerator, int denominator) {
    long whole = Math.floorDiv(value, denominator);
    long rest = Math.floorMod(value, denominator);
    return Math.addExact(
        Math.multiplyExact(whole, numerator),
        Math.floorDiv(rest * numerator + denominator / 2, denominator));
  }

  private static long[] lengths(TrackPackets track, int timescaleHz) {
    List<PacketStamp> packets = track.packets();
    long[] lengths = new long[packets.size()];
    // Counted from where a configuration begins, so that rounding to another rate does not add up.
    long counted = 0;
    for (int i = 0; i < lengths.length; i++) {
      PacketStamp packet = packets.get(i);
      boolean isNewFormat = i == 0 || packets.get(i - 1).formatIndex() != packet.formatIndex();
      counted = isNewFormat ? 0 : counted;
      AudioFormat format = (AudioFormat) track.formats().get(packet.formatIndex());
      long distanceUs = i + 1 < lengths.length ? packets.get(i + 1).ptsUs() - packet.ptsUs() : 0;
      long samples = AudioFrames.samples(format, packet, distanceUs);
      int rateHz = AudioFrames.timescaleHz(format);
      lengths[i] =
          scale(counted + samples, timescaleHz, rateHz) - scale(counted, timescaleHz, rateHz);
      counted += samples;
    }
    return lengths;
  }

  /** The first packet after {@code first} from which stamps stay away from the count. */
  private static int runEnd(List<PacketStamp> packets, long[] lengths, int first, int timescaleHz) {
    long anchorUs = packets.get(first).ptsUs();
    long elapsed = 0;
    for (int i = first + 1; i < lengths.length; i++) {
      elapsed += lengths[i - 1];
      long offUs = packets.get(i).ptsUs() - anchorUs - micros(elapsed, timescaleHz);
      if (Math.abs(offUs) > TOLERANCE_US
          && staysOff(packets, lengths, i, anchorUs, elapsed, timescaleHz)) {
        return i;
      }
    }
    return lengths.length;
  }

  private static boolean staysOff(
      List<PacketStamp> packets,
      long[] lengths,
      int from,
      long anchorUs,
      long elapsedTicks,
      int timescaleHz) {
    long elapsed = elapsedTicks;
    long limit = elapsedTicks + ticks(PERSISTENCE_US, timescaleHz);
    for (int i = from; i < lengths.length && elapsed < limit; i++) {
      long offUs = packets.get(i).ptsUs() - anchorUs - micros(elapsed, timescaleHz);
      if (Math.abs(offUs) <= TOLERANCE_US) {
        return false;
      }
      elapsed += lengths[i];
    }
    return true;
  }

  /** The mean of what the stamps of a run's first second say about its start. */
  private static long anchorUs(
      List<PacketStamp> packets, long[] lengths, int first, int end, int timescaleHz) {
    long firstUs = packets.get(first).ptsUs();
    long limit = ticks(PERSISTENCE_US, timescaleHz);
    long elapsed = 0;
    long sumOffUs = 0;
    int count = 0;
    for (int i = first; i < end && elapsed < limit; i++) {
      long offUs = packets.get(i).ptsUs() - firstUs - micros(elapsed, timescaleHz);
      if (Math.abs(offUs) <= TOLERANCE_US) {
        sumOffUs += offUs;
        count++;
      }
      elapsed += lengths[i];
    }
    return firstUs + Math.floorDiv(sumOffUs + count / 2, count);
  }
}
