package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.mp4.MovieFragment;
import dev.halcyon.codecs.mp4.SampleTable;
import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.media.TrackFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One track of a live stream as it is divided: the samples of the part that grows, and one packet
 * of which is not known yet how long it lasts. Not thread-safe.
 */
final class LiveTrack {
  /** Stream time may begin a little below 0, which a fragment's decoding time must not. */
  private static final long ORIGIN_US = -1_000_000;

  /** What lasts longer was not sent: it ends where it would have ended otherwise. */
  private static final long MOST_LENGTH_US = 2_000_000;

  private static final long FIRST_LENGTH_US = 20_000;

  private final int place;
  private final TrackFormat format;
  private final List<PacketStamp> packets = new ArrayList<>();
  private SampleTable samples = new SampleTable();
  private long startUs;
  private long endUs;
  private long lengthUs = FIRST_LENGTH_US;
  private PacketStamp waiting;

  /**
   * @param place among the tracks of the file
   */
  LiveTrack(int place, TrackFormat format) {
    this.place = place;
    this.format = format;
  }

  TrackFormat format() {
    return format;
  }

  /** Whether so much time lies behind the packet that waits that something is missing. */
  boolean isFar(long dtsUs) {
    return waiting != null && (dtsUs - waiting.dtsUs() > MOST_LENGTH_US || dtsUs < waiting.dtsUs());
  }

  /** The next packet in decoding order; that before it is a sample now. */
  void add(PacketStamp packet) {
    release(Optional.of(packet));
    waiting = packet;
  }

  /** Makes a sample of the packet that waits. */
  void release(Optional<PacketStamp> next) {
    if (waiting == null) {
      return;
    }
    long known = next.map(packet -> packet.dtsUs() - waiting.dtsUs()).orElse(waiting.durationUs());
    if (known > 0 && known <= MOST_LENGTH_US) {
      lengthUs = known;
    }
    if (packets.isEmpty()) {
      startUs = waiting.dtsUs();
    }
    samples.add(
        waiting.sizeBytes(),
        lengthUs,
        waiting.ptsUs() - waiting.dtsUs(),
        waiting.isKeyframe() ? SampleTable.Kind.SYNC : SampleTable.Kind.OTHER,
        0);
    packets.add(waiting);
    endUs = waiting.dtsUs() + lengthUs;
    waiting = null;
  }

  /** Where the packet that waits begins, or would the next. */
  long nextUs() {
    return waiting != null ? waiting.dtsUs() : endUs;
  }

  /** How long samples last, by the newest. */
  long sampleUs() {
    return lengthUs;
  }

  int size() {
    return packets.size();
  }

  boolean isEmpty() {
    return packets.isEmpty();
  }

  boolean beginsWithKeyframe() {
    return !packets.isEmpty() && packets.getFirst().isKeyframe();
  }

  /** The samples that were gathered, which are taken; the track goes on without them. */
  MovieFragment.Run take(List<PacketStamp> into) {
    into.addAll(packets);
    MovieFragment.Run run = new MovieFragment.Run(place, Math.max(0, startUs - ORIGIN_US), samples);
    packets.clear();
    samples = new SampleTable();
    return run;
  }
}
