package dev.halcyon.codecs.session;

import dev.halcyon.core.clip.HeldEpoch;
import dev.halcyon.core.media.Track;
import java.util.List;
import java.util.UUID;

/**
 * A stretch of a recording without a hole: of one session, one epoch, one coding of its tracks.
 *
 * @param seam how it joins the range before it, which may be of another epoch
 * @param held where it lies in stream time and by the wall clock
 * @param tracks video first
 */
public record RecordedRange(UUID sessionId, Seam seam, HeldEpoch held, List<Track> tracks) {
  public RecordedRange {
    tracks = List.copyOf(tracks);
  }

  public long fromUs() {
    return held.fromUs();
  }

  public long toUs() {
    return held.toUs();
  }

  /** The same stretch with another end. */
  public RecordedRange until(long endUs) {
    return new RecordedRange(sessionId, seam, held.until(endUs), tracks);
  }

  private boolean isFollowedBy(RecordedRange next) {
    boolean isSameCoding =
        held.epoch() == next.held.epoch()
            && sessionId.equals(next.sessionId)
            && tracks.equals(next.tracks);
    return isSameCoding && (next.seam == Seam.CONTINUOUS || next.fromUs() <= toUs());
  }

  /** Adds the next range in time order, to the last one where nothing is missing in between. */
  static void append(List<RecordedRange> ranges, RecordedRange next) {
    if (ranges.isEmpty() || !ranges.getLast().isFollowedBy(next)) {
      ranges.add(next);
      return;
    }
    RecordedRange last = ranges.removeLast();
    long toUs = Math.max(last.toUs(), next.toUs());
    ranges.add(new RecordedRange(last.sessionId, last.seam, last.held.until(toUs), last.tracks));
  }
}
