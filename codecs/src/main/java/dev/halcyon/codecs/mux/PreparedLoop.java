package dev.halcyon.codecs.mux;

import dev.halcyon.core.media.Track;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Packets made once and held in memory, to be sent over and over by many pushes at next to no cost.
 * The content repeats (so do the frame numbers burnt into it); the time stamps go on. Immutable,
 * any thread; its sources one thread each.
 */
public final class PreparedLoop {
  private final List<Track> tracks;
  private final List<List<CodedPacket>> packetsOfTracks = new ArrayList<>();
  private final long lengthUs;

  /**
   * Reads packets from a source, which stays the caller's, and holds those of the first {@code
   * lengthUs} of each track. So that the joint is seamless, a keyframe and an audio frame should
   * begin at the length.
   */
  public PreparedLoop(PacketSource source, long lengthUs) {
    tracks = List.copyOf(source.tracks());
    this.lengthUs = lengthUs;
    tracks.forEach(track -> packetsOfTracks.add(new ArrayList<>()));
    Optional<CodedPacket> next = source.next();
    while (next.isPresent()) {
      CodedPacket packet = next.get();
      List<CodedPacket> held = packetsOfTracks.get(packet.track().index());
      // Half a millisecond absorbs the rounding of time stamps.
      if (held.isEmpty() || packet.dtsUs() < held.getFirst().dtsUs() + lengthUs - 500) {
        held.add(packet);
      }
      next = source.next();
    }
    if (packetsOfTracks.stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException("a track has nothing to repeat");
    }
  }

  public long lengthUs() {
    return lengthUs;
  }

  /** What one round holds. */
  public long payloadBytes() {
    return packetsOfTracks.stream()
        .flatMap(List::stream)
        .mapToLong(packet -> packet.payload().length())
        .sum();
  }

  /** The packets from the first on, without an end. */
  public PacketSource source() {
    return new Replay();
  }

  private final class Replay implements PacketSource {
    /** How many packets of each track were given, over all rounds. */
    private final long[] given = new long[tracks.size()];

    @Override
    public List<Track> tracks() {
      return tracks;
    }

    @Override
    public Optional<CodedPacket> next() {
      int earliest = 0;
      for (int track = 1; track < given.length; track++) {
        if (dtsUs(track) < dtsUs(earliest)) {
          earliest = track;
        }
      }
      CodedPacket packet = held(earliest).shifted(shiftUs(earliest));
      given[earliest]++;
      return Optional.of(packet);
    }

    private CodedPacket held(int track) {
      List<CodedPacket> packets = packetsOfTracks.get(track);
      return packets.get((int) (given[track] % packets.size()));
    }

    private long shiftUs(int track) {
      return given[track] / packetsOfTracks.get(track).size() * lengthUs;
    }

    private long dtsUs(int track) {
      return held(track).dtsUs() + shiftUs(track);
    }

    @Override
    public void close() {
      // holds nothing of its own
    }
  }
}
