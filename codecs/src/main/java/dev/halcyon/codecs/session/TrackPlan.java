package dev.halcyon.codecs.session;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The tracks of an MP4 that is made of one or several session files. Immutable.
 *
 * @param tracks video first
 */
record TrackPlan(List<Track> tracks) {
  TrackPlan {
    tracks = List.copyOf(tracks);
  }

  static TrackPlan of(SessionHead head) {
    return of(List.of(head));
  }

  /**
   * @throws HalcyonException EPOCH_CROSSED when a track's configuration changes: FFmpeg, and what
   *     is built on it, does not look at the sample entry that a fragment names
   */
  static TrackPlan of(List<SessionHead> heads) {
    List<Track> planned = new ArrayList<>();
    for (SessionHead head : heads) {
      for (Track track : head.tracks()) {
        planned.stream()
            .filter(known -> known.index() == track.index())
            .findFirst()
            .ifPresentOrElse(known -> requireSame(known, track, head), () -> planned.add(track));
      }
    }
    planned.sort(Comparator.comparing((Track each) -> !each.isVideo()).thenComparing(Track::index));
    return new TrackPlan(planned);
  }

  private static void requireSame(Track known, Track track, SessionHead head) {
    if (!known.equals(track)) {
      throw new HalcyonException(
          ErrorCode.EPOCH_CROSSED,
          "the coding changes in recorded file " + head.number() + "; ask for one side of it");
    }
  }

  /** Place of a track among the file's. */
  int place(int trackIndex) {
    for (int place = 0; place < tracks.size(); place++) {
      if (tracks.get(place).index() == trackIndex) {
        return place;
      }
    }
    throw new IllegalArgumentException("no such track in the file [track=" + trackIndex + "]");
  }
}
