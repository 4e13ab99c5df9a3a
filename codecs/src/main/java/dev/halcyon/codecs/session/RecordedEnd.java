package dev.halcyon.codecs.session;

import dev.halcyon.core.media.Track;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Where a recording ends, to go on from there without a hole and without a packet twice.
 *
 * @param epoch of the last packet; −1 when nothing is recorded
 * @param lastDtsUs of each track of that epoch, by index; {@code Long.MIN_VALUE} when unknown
 * @param resumeUs stream time of a keyframe at or before the end
 */
public record RecordedEnd(int epoch, List<Long> lastDtsUs, long resumeUs) {
  /** Nothing is recorded. */
  public static final RecordedEnd NONE =
      new RecordedEnd(-1, Collections.nCopies(Track.MAX_TRACKS, Long.MIN_VALUE), Long.MIN_VALUE);

  public RecordedEnd {
    lastDtsUs = List.copyOf(lastDtsUs);
  }

  static RecordedEnd of(int epoch, long[] lastDtsUs, long resumeUs) {
    return new RecordedEnd(epoch, Arrays.stream(lastDtsUs).boxed().toList(), resumeUs);
  }

  /** The same end, to go on at the newest keyframe and not before. */
  public RecordedEnd fromNowOn() {
    return new RecordedEnd(epoch, lastDtsUs, Long.MAX_VALUE);
  }

  /** Whether a packet lies before the end. */
  public boolean has(int packetEpoch, int track, long dtsUs) {
    return packetEpoch < epoch || (packetEpoch == epoch && dtsUs <= lastDtsUs.get(track));
  }
}
