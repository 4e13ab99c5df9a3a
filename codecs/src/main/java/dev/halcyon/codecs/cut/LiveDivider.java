package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.mp4.MovieFragment;
import dev.halcyon.codecs.mp4.Mp4File;
import dev.halcyon.codecs.mp4.Mp4Track;
import dev.halcyon.codecs.mp4.SampleTable;
import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.TrackFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Divides packets in the order of the ring into parts and segments. The first pictures' track
 * leads, or the first sound without any: parts end before a sample that would make them longer than
 * {@link LiveSegments#PART_US}, segments before a keyframe once they have two seconds, and after
 * five seconds in any case. Other tracks' samples are in the part that grows when they come.
 *
 * <p>Where the tracks of an epoch or their coding change, or time is missing, the next segment does
 * not go on with the last. Not thread-safe.
 */
final class LiveDivider {
  /** Groups of pictures of two seconds are as usual as a millisecond less. */
  private static final long LEAST_US = 1_950_000;

  private static final long MOST_US = 5_000_000;

  /** Others than the leader may be so far ahead of it before it counts as silent. */
  private static final long SILENT_US = 1_000_000;

  /** A part with more is ended whatever it lasts: a hostile stream is no reason to gather. */
  private static final int MOST_PACKETS = 2_000;

  private final Consumer<LiveSegment> whole;
  private final Map<Integer, LiveTrack> tracks = new TreeMap<>();
  private final Map<Integer, ByteBuffer> headers = new TreeMap<>();
  private int leader = -1;
  private int header = -1;
  private long number = -1;
  private int fragment;
  private boolean isDiscontinuous;
  private boolean hasBegun;

  /** Of the segment that grows. */
  private final List<LivePart> parts = new ArrayList<>();

  private long segmentUs;
  private long partUs;
  private long segmentWallUs;
  private long wallMinusStreamUs;

  /**
   * @param whole takes each segment once no part follows
   */
  LiveDivider(Consumer<LiveSegment> whole) {
    this.whole = whole;
  }

  /**
   * The tracks from now on; at most one of pictures and one of sound are taken.
   *
   * @param wallMinusStreamUs wall clock at stream time 0
   */
  void onTracks(Collection<Track> announced, long wallMinusStreamUs) {
    endSegment();
    this.wallMinusStreamUs = wallMinusStreamUs;
    isDiscontinuous |= number >= 0;
    tracks.clear();
    leader = -1;
    for (boolean isVideo : new boolean[] {true, false}) {
      announced.stream()
          .filter(track -> track.isVideo() == isVideo && canCarry(track.format()))
          .min(Comparator.comparing(Track::index))
          .ifPresent(this::addTrack);
    }
    if (leader >= 0) {
      header++;
      headers.put(
          header,
          Mp4File.beginning(tracks.values().stream().map(LiveDivider::withoutSamples).toList())
              .head());
    }
  }

  private void addTrack(Track track) {
    if (leader < 0) {
      leader = track.index();
    }
    tracks.put(track.index(), new LiveTrack(tracks.size(), track.format()));
  }

  private static Mp4Track withoutSamples(LiveTrack track) {
    return new Mp4Track(
        List.of(track.format()), LiveSegments.TIMESCALE_HZ, new SampleTable(), List.of());
  }

  /** VP8 has no place in MP4. */
  static boolean canCarry(TrackFormat format) {
    return format.codec() != Codec.VP8;
  }

  /** The format that the divided track has; empty for one that is left out. */
  Optional<TrackFormat> format(int track) {
    return Optional.ofNullable(tracks.get(track)).map(LiveTrack::format);
  }

  /** Whether a track would be taken, and none of its kind is. */
  boolean lacks(Track track) {
    return canCarry(track.format())
        && tracks.values().stream()
            .noneMatch(taken -> taken.format().codec().isVideo() == track.isVideo());
  }

  boolean hasTracks() {
    return !tracks.isEmpty();
  }

  void onPacket(int index, PacketStamp packet) {
    LiveTrack track = tracks.get(index);
    if (track == null) {
      return;
    }
    if (!hasBegun && !(index == leader && packet.isKeyframe())) {
      return;
    }
    if (track.isFar(packet.dtsUs())) {
      onGap(index, track);
      if (!hasBegun && !packet.isKeyframe()) {
        return;
      }
    }
    if (!hasBegun) {
      hasBegun = true;
      begin(packet.dtsUs());
    }
    track.add(packet);
    if (track.size() >= MOST_PACKETS) {
      endPart(tracks.get(leader).nextUs());
    }
    if (index == leader) {
      onLeader(track, packet);
    } else if (isLeaderSilent(track)) {
      onSilentLeader(track.nextUs());
    }
  }

  /** A fragment has no gap inside; without the leader there is nothing to go on with. */
  private void onGap(int index, LiveTrack track) {
    if (index == leader) {
      endSegment();
      isDiscontinuous = true;
    } else {
      track.release(Optional.empty());
      endPart(tracks.get(leader).nextUs());
    }
  }

  private void onLeader(LiveTrack track, PacketStamp packet) {
    long lengthUs = packet.dtsUs() - segmentUs;
    if ((packet.isKeyframe() && lengthUs >= LEAST_US) || lengthUs >= MOST_US) {
      endSegmentAt(packet.dtsUs());
    } else if (packet.dtsUs() + track.sampleUs() - partUs > LiveSegments.PART_US) {
      endPart(packet.dtsUs());
    }
  }

  private boolean isLeaderSilent(LiveTrack other) {
    return other.nextUs() - tracks.get(leader).nextUs() > SILENT_US;
  }

  /** Sound goes on without pictures: it is given as it comes. */
  private void onSilentLeader(long atUs) {
    if (atUs - segmentUs >= MOST_US) {
      endSegmentAt(atUs);
    } else if (atUs - partUs >= LiveSegments.PART_US) {
      endPart(atUs);
    }
  }

  private void begin(long atUs) {
    if (number < 0) {
      // Segments last more than a second: who begins anew later does not use a number again.
      number = Math.max(0, atUs / 1_000_000);
    }
    segmentUs = atUs;
    partUs = atUs;
    segmentWallUs = atUs + wallMinusStreamUs;
  }

  private void endPart(long atUs) {
    List<PacketStamp> packets = new ArrayList<>();
    List<MovieFragment.Run> runs = new ArrayList<>();
    boolean isIndependent = leader >= 0 && tracks.get(leader).beginsWithKeyframe();
    for (LiveTrack track : tracks.values()) {
      if (!track.isEmpty()) {
        runs.add(track.take(packets));
      }
    }
    if (runs.isEmpty()) {
      return;
    }
    parts.add(
        new LivePart(
            Math.max(0, atUs - partUs),
            isIndependent,
            MovieFragment.of(++fragment, runs).head(),
            packets.stream().mapToLong(PacketStamp::position).toArray(),
            packets.stream().mapToInt(PacketStamp::sizeBytes).toArray()));
    partUs = atUs;
  }

  private void endSegmentAt(long atUs) {
    endPart(atUs);
    if (!parts.isEmpty()) {
      whole.accept(open().orElseThrow());
      number++;
      parts.clear();
      isDiscontinuous = false;
    }
    begin(atUs);
  }

  /** Without a successor: packets that wait last as long as those before. */
  void endSegment() {
    if (!hasBegun) {
      return;
    }
    tracks.values().forEach(track -> track.release(Optional.empty()));
    endSegmentAt(tracks.values().stream().mapToLong(LiveTrack::nextUs).max().orElseThrow());
    hasBegun = false;
  }

  /** Packets are missing: the stream goes on with the leader's next keyframe. */
  void onLoss() {
    endSegment();
    isDiscontinuous |= number >= 0;
  }

  /** The segment that grows, when it has a part. */
  Optional<LiveSegment> open() {
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new LiveSegment(number, header, isDiscontinuous, segmentUs, segmentWallUs, parts));
  }

  long nextNumber() {
    return Math.max(0, number);
  }

  Optional<ByteBuffer> header(int asked) {
    return Optional.ofNullable(headers.get(asked)).map(ByteBuffer::duplicate);
  }

  /** Headers before this one are needed no more. */
  void forgetHeadersBefore(int first) {
    headers.keySet().removeIf(known -> known < first && known != header);
  }
}
