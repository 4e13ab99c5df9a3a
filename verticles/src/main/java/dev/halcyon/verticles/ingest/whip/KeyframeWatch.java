package dev.halcyon.verticles.ingest.whip;

import dev.halcyon.core.media.Track;
import dev.halcyon.verticles.ingest.Publication;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Knows when the publisher is to be asked for a keyframe: when pictures cannot be decoded without,
 * and when the last is so long ago that a clip would carry much before its first picture. Browsers
 * send none unasked. Passes everything on. One thread.
 */
final class KeyframeWatch implements Publication {
  private static final long ASK_AGAIN_NS = TimeUnit.SECONDS.toNanos(1);

  private final Publication publication;
  private final long intervalNs;
  private boolean isNeeded = true;
  private long lastKeyframeNs;
  private long nextAskNs;
  private long nowNs;
  private int videoTrack = Track.MAX_TRACKS;

  /**
   * @param intervalMs from one keyframe to the next at most
   */
  KeyframeWatch(Publication publication, long intervalMs, long nowNs) {
    this.publication = publication;
    this.intervalNs = TimeUnit.MILLISECONDS.toNanos(intervalMs);
    this.nowNs = nowNs;
    this.nextAskNs = nowNs;
  }

  /** Time goes on; before what is handed over at this time. */
  void at(long timeNs) {
    nowNs = timeNs;
  }

  void need() {
    isNeeded = true;
  }

  /** Whether to ask now; at most once a second. */
  boolean mustAsk() {
    boolean isDue = isNeeded || nowNs - lastKeyframeNs >= intervalNs;
    return isDue && nowNs - nextAskNs >= 0;
  }

  void asked() {
    nextAskNs = nowNs + ASK_AGAIN_NS;
  }

  @Override
  public void onTrack(Track track) {
    if (track.isVideo()) {
      videoTrack = track.index();
    }
    publication.onTrack(track);
  }

  @Override
  public void onPacket(
      int trackIndex, boolean isKeyframe, long ptsUs, long dtsUs, ByteBuffer payload) {
    if (isKeyframe && trackIndex == videoTrack) {
      isNeeded = false;
      lastKeyframeNs = nowNs;
    }
    publication.onPacket(trackIndex, isKeyframe, ptsUs, dtsUs, payload);
  }

  @Override
  public void onSeam(int trackIndex) {
    publication.onSeam(trackIndex);
  }

  @Override
  public void onAlert(String code, String message) {
    publication.onAlert(code, message);
  }

  @Override
  public void close(String reason) {
    publication.close(reason);
  }
}
