package dev.halcyon.core.cut;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Tells when a window has closed: every live track has committed a packet with dts at or past its
 * end, or the epoch has ended, or a track gave nothing while the others went on by 500 ms. It is
 * fed with each committed packet of the epoch, from any point before the end of the window on. Not
 * thread-safe.
 */
public final class WindowWatch {
  /** How far the others go on before a silent track is no longer waited for. */
  public static final long STALL_US = 500_000;

  private static final long NEVER = Long.MIN_VALUE;

  private final long toUs;
  private final long[] latestDtsUs;
  private final long[] othersThenUs;
  private boolean hasEnded;

  /**
   * @param toUs end of the window, exclusive
   * @param trackCount tracks of the epoch, fed by index
   */
  public WindowWatch(long toUs, int trackCount) {
    if (trackCount < 1) {
      throw new IllegalArgumentException("a window needs a track [trackCount=" + trackCount + "]");
    }
    this.toUs = toUs;
    this.latestDtsUs = new long[trackCount];
    this.othersThenUs = new long[trackCount];
    Arrays.fill(latestDtsUs, NEVER);
    Arrays.fill(othersThenUs, NEVER);
  }

  public void onPacket(int track, long dtsUs) {
    for (int other = 0; other < latestDtsUs.length; other++) {
      if (other != track && othersThenUs[other] == NEVER) {
        othersThenUs[other] = dtsUs;
      }
    }
    latestDtsUs[track] = Math.max(latestDtsUs[track], dtsUs);
    othersThenUs[track] = othersLatestUs(track);
  }

  public void onEpochEnd() {
    hasEnded = true;
  }

  public boolean isClosed() {
    if (hasEnded) {
      return true;
    }
    for (int track = 0; track < latestDtsUs.length; track++) {
      if (latestDtsUs[track] < toUs && !isStalled(track)) {
        return false;
      }
    }
    return Arrays.stream(latestDtsUs).anyMatch(latest -> latest >= toUs);
  }

  /** Tracks that the window did not wait for, or would not wait for now. */
  public BitSet stalledTracks() {
    BitSet stalled = new BitSet(latestDtsUs.length);
    for (int track = 0; track < latestDtsUs.length; track++) {
      stalled.set(track, latestDtsUs[track] < toUs && isStalled(track));
    }
    return stalled;
  }

  private boolean isStalled(int track) {
    long othersNowUs = othersLatestUs(track);
    return othersNowUs != NEVER
        && othersThenUs[track] != NEVER
        && othersNowUs - othersThenUs[track] >= STALL_US;
  }

  private long othersLatestUs(int track) {
    long latest = NEVER;
    for (int other = 0; other < latestDtsUs.length; other++) {
      if (other != track) {
        latest = Math.max(latest, latestDtsUs[other]);
      }
    }
    return latest;
  }
}
