package dev.halcyon.codecs.session;

import dev.halcyon.core.media.Track;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What a session file says of itself.
 *
 * @param sessionId the same in all files of a session
 * @param number counts the stream's files
 * @param nonce random; marks the file's own boxes
 * @param epoch of all its packets
 * @param anchorStreamUs a stream time of the epoch …
 * @param anchorWallUs … and the wall clock that was read then, microseconds since 1970
 * @param openedWallUs when the file was begun, microseconds since 1970
 * @param tracks the tracks, each with the one configuration that holds in the whole file
 */
public record SessionHead(
    UUID streamId,
    UUID sessionId,
    int number,
    long nonce,
    int epoch,
    long anchorStreamUs,
    long anchorWallUs,
    long openedWallUs,
    List<Track> tracks) {
  public SessionHead {
    Objects.requireNonNull(streamId, "streamId");
    Objects.requireNonNull(sessionId, "sessionId");
    tracks = List.copyOf(tracks);
    if (tracks.isEmpty()) {
      throw new IllegalArgumentException("a session file without a track");
    }
  }

  public Optional<Track> track(int index) {
    return tracks.stream().filter(track -> track.index() == index).findFirst();
  }

  public boolean hasVideo() {
    return tracks.stream().anyMatch(Track::isVideo);
  }
}
