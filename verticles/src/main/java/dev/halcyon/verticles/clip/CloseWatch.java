package dev.halcyon.verticles.clip;

import dev.halcyon.core.clip.EpochSpan;
import dev.halcyon.core.cut.WindowWatch;
import dev.halcyon.core.media.Track;
import dev.halcyon.verticles.stream.IngestMeter;
import dev.halcyon.verticles.stream.LiveStream;
import java.util.Arrays;
import java.util.List;

/**
 * Looks whether a live stream has come past the end of a window, in whichever epoch of it that is.
 * One thread.
 */
final class CloseWatch {
  private final LiveStream stream;
  private final EpochSpan epochs;
  private final long reconnectWaitUs;
  private WindowWatch watch;
  private int watchedEpoch;
  private long watchedToUs = Long.MIN_VALUE;
  private List<Track> watchedTracks = List.of();
  private long[] seenDtsUs = {};

  /**
   * @param epochs that the window may draw from
   * @param reconnectWaitUs how long a publisher that was lost may take to come back
   */
  CloseWatch(LiveStream stream, EpochSpan epochs, long reconnectWaitUs) {
    this.stream = stream;
    this.epochs = epochs;
    this.reconnectWaitUs = reconnectWaitUs;
  }

  /**
   * @param toUs end of the window; it may have moved since the last look
   * @param nowWallUs microseconds since the Unix epoch
   */
  boolean hasClosed(long toUs, long nowWallUs) {
    int epoch = stream.epoch();
    if (!epochs.contains(epoch)) {
      return true;
    }
    if (stream.isOpen(epoch)) {
      return isPassed(epoch, toUs);
    }
    // Looked at last: another epoch may have begun meanwhile.
    return !mayGoOn(toUs, nowWallUs) && stream.epoch() == epoch && !stream.isOpen(epoch);
  }

  /** Whether another epoch may still begin inside of the window; stream time goes on meanwhile. */
  private boolean mayGoOn(long toUs, long nowWallUs) {
    IngestMeter meter = stream.meter();
    if (!stream.isPublisherLost() || !epochs.contains(stream.epoch() + 1)) {
      return false;
    }
    long silentUs = nowWallUs - meter.lastArrivalUs();
    boolean isAwaited = stream.isLive() || silentUs < reconnectWaitUs;
    return isAwaited && meter.endUs() + silentUs < toUs;
  }

  private boolean isPassed(int epoch, long toUs) {
    List<Track> tracks = stream.tracks();
    if (tracks.isEmpty()) {
      return false;
    }
    if (watchedToUs != toUs || watchedEpoch != epoch || !tracks.equals(watchedTracks)) {
      watch = new WindowWatch(toUs, tracks.size());
      watchedToUs = toUs;
      watchedEpoch = epoch;
      watchedTracks = tracks;
      seenDtsUs = new long[tracks.size()];
      Arrays.fill(seenDtsUs, IngestMeter.NO_TIME);
    }
    IngestMeter meter = stream.meter();
    for (int i = 0; i < seenDtsUs.length; i++) {
      long dtsUs = meter.lastDtsUs(tracks.get(i).index());
      if (dtsUs != seenDtsUs[i]) {
        seenDtsUs[i] = dtsUs;
        watch.onPacket(i, dtsUs);
      }
    }
    return watch.isClosed();
  }
}
