package dev.halcyon.ring;

import dev.halcyon.core.media.Track;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The epoch and the tracks at a cursor's place, and how much of them its reader was told since the
 * cursor came there. The cursor's thread.
 */
final class StateInForce {
  private static final int NOTHING_TOLD = -1;
  private static final ByteBuffer NO_PAYLOAD = ByteBuffer.allocate(0);

  private final Track[] tracks = new Track[Track.MAX_TRACKS];
  private int told = tracks.length;
  private int epoch = -1;
  private long anchorStreamUs;
  private long anchorWallUs;

  /** The cursor came to another place: all is to be told again. */
  void reset(Optional<StreamState> state) {
    Arrays.fill(tracks, null);
    told = state.isPresent() ? NOTHING_TOLD : tracks.length;
    if (state.isPresent()) {
      take(state.get());
    }
  }

  private void take(StreamState state) {
    epoch = state.span().epoch();
    anchorStreamUs = state.span().anchorStreamUs();
    anchorWallUs = state.span().anchorWallUs();
    for (Track track : state.tracks()) {
      tracks[track.index()] = track;
    }
  }

  /**
   * Fills {@code header} with the next thing to tell, as if its record stood at {@code position}:
   * the epoch, then each track.
   *
   * @return false when all is told; the header is as it was then
   */
  boolean tell(RecordHeader header, long position) {
    if (told == NOTHING_TOLD) {
      told = 0;
      pretend(header, RingLayout.EPOCH, 0, position);
      return true;
    }
    while (told < tracks.length) {
      int track = told++;
      if (tracks[track] != null) {
        pretend(header, RingLayout.CONFIGURATION, track, position);
        return true;
      }
    }
    return false;
  }

  private void pretend(RecordHeader header, byte kind, int track, long position) {
    header.describe(
        kind, track, RingLayout.REPEATED, anchorStreamUs, anchorStreamUs, 0, anchorWallUs);
    header.stamp(position, -1, 0, epoch, 0);
    header.seal(header.checksum(NO_PAYLOAD, 0, 0));
  }

  /** Takes an epoch record; false when it is the epoch in force. */
  boolean onEpoch(RecordHeader header) {
    if (header.epoch() == epoch) {
      return false;
    }
    epoch = header.epoch();
    anchorStreamUs = header.ptsUs();
    anchorWallUs = header.arrivalUs();
    Arrays.fill(tracks, null);
    return true;
  }

  /** Takes a configuration; false when it is in force already. */
  boolean onConfiguration(Track track) {
    if (track.equals(tracks[track.index()])) {
      return false;
    }
    tracks[track.index()] = track;
    return true;
  }

  /** What the track's packets mean from here on is not known. */
  void forget(int track) {
    tracks[track] = null;
  }

  boolean knows(int track) {
    return tracks[track] != null;
  }

  Track track(int index) {
    Track track = tracks[index];
    if (track == null) {
      throw new IllegalStateException("no record with a track was read");
    }
    return track;
  }

  long anchorStreamUs() {
    return anchorStreamUs;
  }

  long anchorWallUs() {
    return anchorWallUs;
  }
}
