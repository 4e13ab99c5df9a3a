package dev.halcyon.verticles.clip;

import dev.halcyon.core.cut.WindowWatch;
import dev.halcyon.core.media.Track;
import dev.halcyon.verticles.stream.IngestMeter;
import dev.halcyon.verticles.stream.LiveStream;
import java.util.Arrays;
import java.util.List;

/** Looks whether a live stream has come past the end of a window. One thread. */
final class CloseWatch {
  private final LiveStream stream;
  private final int epoch;
  private WindowWatch watch;
  private long watchedToUs = Long.MIN_VALUE;
  private List<Track> watchedTracks = List.of();
  private long[] seenDtsUs = {};

  /**
   * @param epoch that the window ends in
   */
  CloseWatch(LiveStream stream, int epoch) {
    this.stream = stream;
    this.epoch = epoch;
  }

  /**
   * @param toUs end of the window; it may have moved since the last look
   */
  boolean hasClosed(long toUs) {
    return !stream.isOpen(epoch) || isPassed(toUs);
  }

  private boolean isPassed(long toUs) {
    List<Track> tracks = stream.tracks();
    if (tracks.isEmpty()) {
      return false;
    }
    if (watchedToUs != toUs || !tracks.equals(watchedTracks)) {
      watch = new WindowWatch(toUs, tracks.size());
      watchedToUs = toUs;
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
