package dev.halcyon.verticles.clip;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ResolvedWindow;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.cut.WindowWatch;
import dev.halcyon.core.media.Track;
import dev.halcyon.verticles.stream.IngestMeter;
import dev.halcyon.verticles.stream.LiveStream;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * A clip whose window has not closed yet. The closer's thread asks {@link #isClosed}; any thread
 * may extend it before that.
 */
final class OpenClip {
  private final LiveStream stream;
  private final ResolvedWindow window;
  private final long triggerArrivalUs;

  private Clip clip;
  private boolean isTaken;

  private WindowWatch watch;
  private long watchedToUs = Long.MIN_VALUE;
  private List<Track> watchedTracks = List.of();
  private long[] seenDtsUs = {};

  OpenClip(Clip clip, LiveStream stream, ResolvedWindow window, long triggerArrivalUs) {
    this.clip = clip;
    this.stream = stream;
    this.window = window;
    this.triggerArrivalUs = triggerArrivalUs;
  }

  LiveStream stream() {
    return stream;
  }

  ResolvedWindow window() {
    return window;
  }

  /** Wall clock at which the media that caused the clip arrived; 0 when nothing did. */
  long triggerArrivalUs() {
    return triggerArrivalUs;
  }

  synchronized Clip clip() {
    return clip;
  }

  /**
   * Moves the end of the window; false when it has closed already.
   *
   * @param toUs stream time, exclusive; an earlier end is ignored
   */
  synchronized boolean extend(long toUs, double score, ClipReason reason) {
    if (isTaken) {
      return false;
    }
    boolean isTitledByReason = clip.title().equals(ClipTitles.of(clip.reason()));
    clip =
        clip.extended(
            Math.max(clip.endUs(), toUs),
            Math.max(clip.score(), score),
            reason,
            isTitledByReason ? ClipTitles.of(reason) : clip.title());
    return true;
  }

  /** What to cut. The window was promised when it was opened: what is gone by now is clamped. */
  synchronized CutRequest cutRequest() {
    boolean isExtended = clip.endUs() != window.toUs();
    return new CutRequest(
        window.requestedFromUs(),
        isExtended ? clip.endUs() : window.requestedToUs(),
        window.fromUs(),
        clip.endUs(),
        OptionalInt.of(window.epoch()),
        CutRequest.Outside.CLAMP);
  }

  /** Whether the window has closed; once true, the clip cannot be extended. */
  boolean isClosed() {
    synchronized (this) {
      if (!stream.isOpen(window.epoch()) || watchSaysClosed(clip.endUs())) {
        isTaken = true;
        return true;
      }
      return false;
    }
  }

  private boolean watchSaysClosed(long toUs) {
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
