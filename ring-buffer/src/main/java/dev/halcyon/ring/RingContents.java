package dev.halcyon.ring;

import dev.halcyon.core.media.Track;
import dev.halcyon.core.time.EpochEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is held, by time: kept by whoever passes the records in order, the writer as it appends or
 * recovery as it scans. {@link #held}, the index and the states may be read in any thread.
 */
final class RingContents {
  private final TimeIndex index = new TimeIndex();
  private final StateLog states = new StateLog();
  private final TailSteps steps = new TailSteps();
  private final LostRanges lost = new LostRanges();

  private long tail;
  private EpochSpan span = new EpochSpan(-1, 0, 0);
  private final EpochEnd end = new EpochEnd();
  private int firstVideoTrack = -1;
  private boolean isSpanGuessed;
  private long lastNotedUs = Long.MIN_VALUE;
  private long lastEntryUs;
  private long lastEntryPosition;
  private boolean hasEntry;
  private long newestUs = Long.MIN_VALUE;

  TimeIndex index() {
    return index;
  }

  StateLog states() {
    return states;
  }

  /** The writer's thread. */
  TailSteps steps() {
    return steps;
  }

  LostRanges lost() {
    return lost;
  }

  /** A new epoch begins at {@code position}. */
  void onEpoch(long position, int epoch, long anchorStreamUs, long anchorWallUs) {
    begin(position, new EpochSpan(epoch, anchorStreamUs, anchorWallUs), false);
  }

  private void begin(long position, EpochSpan next, boolean isGuessed) {
    endBefore(next.anchorStreamUs());
    end.forget();
    span = next;
    isSpanGuessed = isGuessed;
    firstVideoTrack = -1;
    lastNotedUs = Long.MIN_VALUE;
    hasEntry = false;
    states.add(new StreamState(position, next, List.of()), tail);
  }

  /**
   * Nothing follows in this epoch: its last picture ends, too. Until then a picture that does not
   * say how long it lasts is held as far as it is known to last, which is its beginning.
   *
   * @return stream time at which what is held ends; {@code Long.MIN_VALUE} without a packet
   */
  long endEpoch() {
    endBefore(Long.MAX_VALUE);
    return span.toUs();
  }

  private void endBefore(long nextUs) {
    long endUs = Math.min(end.endUs(), nextUs);
    if (endUs > span.toUs()) {
      span.cover(span.fromUs(), endUs);
    }
  }

  /** A repeated epoch record: only news when the first one is gone. */
  void onEpochRepeated(long position, int epoch, long anchorStreamUs, long anchorWallUs) {
    Optional<StreamState> last = states.last();
    if (last.isEmpty() || span.epoch() != epoch) {
      onEpoch(position, epoch, anchorStreamUs, anchorWallUs);
    } else if (isSpanGuessed) {
      EpochSpan known = new EpochSpan(epoch, anchorStreamUs, anchorWallUs);
      known.cover(span.fromUs(), span.toUs());
      states.replaceSpan(span, known);
      span = known;
      isSpanGuessed = false;
    }
  }

  void onConfiguration(long position, Track track) {
    StreamState next = states.last().orElseThrow().with(position, track);
    states.add(next, tail);
    noteFirstVideo(next);
  }

  /** A repeated configuration: only news when the first one is gone; it held from there on. */
  void onConfigurationRepeated(long position, Track track) {
    StreamState last = states.last().orElseThrow();
    Optional<Track> known = last.track(track.index());
    if (known.isEmpty()) {
      StreamState backdated = last.with(last.position(), track);
      states.replaceLast(backdated);
      noteFirstVideo(backdated);
    } else if (!known.get().equals(track)) {
      onConfiguration(position, track);
    }
  }

  private void noteFirstVideo(StreamState state) {
    firstVideoTrack = -1;
    for (Track track : state.tracks()) {
      if (track.isVideo() && firstVideoTrack < 0) {
        firstVideoTrack = track.index();
      }
    }
  }

  /** Recovery met a packet of an epoch whose record is gone: its first packet stands in. */
  void onUnknownEpoch(long position, int epoch, long streamUs, long wallUs) {
    begin(position, new EpochSpan(epoch, streamUs, wallUs), true);
  }

  void onPacket(
      long position,
      int track,
      boolean isKeyframe,
      long ptsUs,
      long dtsUs,
      long durationUs,
      long arrivalUs) {
    span.cover(ptsUs, ptsUs + durationUs);
    end.onPacket(track, ptsUs, dtsUs, durationUs);
    newestUs = Math.max(newestUs, dtsUs);
    boolean isDue = lastNotedUs == Long.MIN_VALUE;
    long sinceNotedUs = isDue ? 0 : dtsUs - lastNotedUs;
    boolean isEntry =
        firstVideoTrack < 0
            ? isDue || sinceNotedUs >= TimeIndex.AUDIO_SPACING_US
            : track == firstVideoTrack && isKeyframe && isApart(position, dtsUs);
    if (isEntry) {
      index.addEntry(position, ptsUs, dtsUs, arrivalUs, span.epoch());
      lastEntryPosition = position;
      lastEntryUs = dtsUs;
      hasEntry = true;
    } else if (isDue || sinceNotedUs >= TimeIndex.MARK_SPACING_US) {
      index.addMark(position, ptsUs, dtsUs, arrivalUs, span.epoch());
    } else {
      return;
    }
    lastNotedUs = dtsUs;
  }

  /** Keyframes closer together are one place to the index, whose size is bounded thereby. */
  private boolean isApart(long position, long dtsUs) {
    return !hasEntry
        || position - lastEntryPosition >= TimeIndex.ENTRY_SPACING_BYTES
        || Math.abs(dtsUs - lastEntryUs) >= TimeIndex.AUDIO_SPACING_US;
  }

  /** Stream time of the newest packet; {@code Long.MIN_VALUE} when there was none. */
  long newestUs() {
    return newestUs;
  }

  EpochSpan span() {
    return span;
  }

  void evictBefore(long position) {
    tail = position;
    index.evictBefore(position);
    steps.dropBefore(position);
    lost.evictBefore(position);
  }

  /**
   * The ranges held, oldest first.
   *
   * @param tail the oldest held record's position
   * @param tailUs and its stream time
   */
  List<HeldRange> held(long tail, long tailUs) {
    List<HeldRange> ranges = new ArrayList<>();
    EpochSpan last = null;
    for (StreamState state : states.from(tail)) {
      EpochSpan each = state.span();
      if (each == last) {
        continue;
      }
      long fromUs = last == null ? Math.max(each.fromUs(), tailUs) : each.fromUs();
      last = each;
      if (fromUs < each.toUs()) {
        ranges.add(
            new HeldRange(
                each.epoch(), fromUs, each.toUs(), each.anchorStreamUs(), each.anchorWallUs()));
      }
    }
    return List.copyOf(ranges);
  }
}
