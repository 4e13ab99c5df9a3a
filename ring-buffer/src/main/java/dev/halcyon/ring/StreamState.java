package dev.halcyon.ring;

import dev.halcyon.core.media.Track;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What is in force from a position on: the epoch and its tracks. Immutable, but for the span's
 * growing end.
 */
record StreamState(long position, EpochSpan span, List<Track> tracks) {

  Optional<Track> track(int index) {
    for (Track track : tracks) {
      if (track.index() == index) {
        return Optional.of(track);
      }
    }
    return Optional.empty();
  }

  /** The same epoch from {@code at} on with {@code track} new or replaced. */
  StreamState with(long at, Track track) {
    ArrayList<Track> next = new ArrayList<>(tracks);
    next.removeIf(old -> old.index() == track.index());
    next.add(track);
    next.sort(Comparator.comparingInt(Track::index));
    return new StreamState(at, span, List.copyOf(next));
  }
}
