package dev.halcyon.verticles.ingest.rtsp;

import dev.halcyon.verticles.ingest.rtp.MediaReceiver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The tracks of one publisher: those that it announced, and those whose way was agreed on. One
 * thread; closed by the session.
 */
final class RtspTracks implements AutoCloseable {
  private static final int MAX_TRACKS = 16;

  private final List<OfferedTrack> offered;
  private final List<SetUpTrack> setUp = new ArrayList<>();

  /**
   * Where a frame belongs.
   *
   * @param medium by its index among those that are kept
   */
  record Place(int medium, boolean isControl) {}

  RtspTracks(List<OfferedTrack> offered) {
    this.offered = List.copyOf(offered);
  }

  /** Whether one has been set up, from when on requests name the session. */
  boolean isBegun() {
    return !setUp.isEmpty();
  }

  boolean isFull() {
    return setUp.size() >= MAX_TRACKS;
  }

  boolean isOverUdp() {
    return setUp.stream().anyMatch(track -> track.udp().isPresent());
  }

  /** By the end of the address; else the next of those that have no address of their own. */
  OptionalInt find(RtspAddress address) {
    OptionalInt next = OptionalInt.empty();
    for (int number = offered.size() - 1; number >= 0; number--) {
      int candidate = number;
      boolean isLeft = setUp.stream().noneMatch(track -> track.number() == candidate);
      if (isLeft && address.isTrack(offered.get(number).control())) {
        return OptionalInt.of(number);
      }
      if (isLeft && offered.get(number).control().isEmpty()) {
        next = OptionalInt.of(number);
      }
    }
    return next;
  }

  /**
   * Sets a track up over the connection.
   *
   * @return the channel of its RTP; empty when that is another track's
   */
  OptionalInt interleave(int number, OptionalInt wished) {
    int channel = wished.orElse(2 * setUp.size());
    if (setUp.stream().anyMatch(other -> Math.abs(other.channel() - channel) < 2)) {
      return OptionalInt.empty();
    }
    setUp.add(SetUpTrack.interleaved(number, offered.get(number), channel));
    return OptionalInt.of(channel);
  }

  /** What the next track that is set up is called in {@link #mediumOf}. */
  int nextIndex() {
    return setUp.size();
  }

  void overUdp(int number, UdpPair ports) {
    setUp.add(SetUpTrack.udp(number, offered.get(number), ports));
  }

  /** Those that are kept, in the order of the receiver's media. */
  List<SetUpTrack> kept() {
    return setUp.stream().filter(track -> track.offered().medium().isPresent()).toList();
  }

  List<MediaReceiver.Medium> media() {
    return setUp.stream().flatMap(track -> track.offered().medium().stream()).toList();
  }

  /** Empty when the track is not kept. */
  OptionalInt mediumOf(int index) {
    if (setUp.get(index).offered().medium().isEmpty()) {
      return OptionalInt.empty();
    }
    long before =
        setUp.subList(0, index).stream()
            .filter(track -> track.offered().medium().isPresent())
            .count();
    return OptionalInt.of((int) before);
  }

  /** Empty for frames of no track, or of one that is not kept. */
  Optional<Place> placeOf(int channel) {
    int medium = 0;
    for (SetUpTrack track : setUp) {
      if (track.offered().medium().isPresent()) {
        if (track.channel() == channel || track.channel() + 1 == channel) {
          return Optional.of(new Place(medium, track.channel() != channel));
        }
        medium++;
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    setUp.forEach(SetUpTrack::close);
    setUp.clear();
  }
}
