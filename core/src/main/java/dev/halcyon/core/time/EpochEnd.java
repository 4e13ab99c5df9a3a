package dev.halcyon.core.time;

import dev.halcyon.core.media.Track;
import java.util.Arrays;

/**
 * Where the media of an epoch ends once nothing follows any more. A picture lasts until the next
 * one, and rarely says for how long: the last one is taken to last as long as the one decoded
 * before it. One thread; allocates nothing.
 */
public final class EpochEnd {
  /** Assumed for a lone picture: 25 pictures a second. */
  private static final long LONE_US = 40_000;

  /** A source that has left does not go on showing its last picture for longer. */
  private static final long LONGEST_US = 1_000_000;

  private static final long NONE = Long.MIN_VALUE;

  private final long[] lastDtsUs = new long[Track.MAX_TRACKS];
  private final long[] stepUs = new long[Track.MAX_TRACKS];
  private final long[] stepBeforeUs = new long[Track.MAX_TRACKS];

  /** Of the packets that do not say how long they last. */
  private final long[] latestPtsUs = new long[Track.MAX_TRACKS];

  /** Of those that do. */
  private long statedEndUs;

  public EpochEnd() {
    forget();
  }

  /** Another epoch begins. */
  public void forget() {
    Arrays.fill(lastDtsUs, NONE);
    Arrays.fill(stepUs, NONE);
    Arrays.fill(stepBeforeUs, NONE);
    Arrays.fill(latestPtsUs, NONE);
    statedEndUs = NONE;
  }

  /**
   * @param durationUs 0 when unknown
   */
  public void onPacket(int track, long ptsUs, long dtsUs, long durationUs) {
    if (lastDtsUs[track] != NONE) {
      stepBeforeUs[track] = stepUs[track];
      stepUs[track] = dtsUs - lastDtsUs[track];
    }
    lastDtsUs[track] = dtsUs;
    if (durationUs == 0) {
      latestPtsUs[track] = Math.max(latestPtsUs[track], ptsUs);
    } else {
      statedEndUs = Math.max(statedEndUs, ptsUs + durationUs);
    }
  }

  /** How long a packet of a track lasts that does not say so and that nothing follows. */
  public long lengthUs(int track) {
    long lastUs = stepUs[track];
    if (lastUs == NONE) {
      return LONE_US;
    }
    // The smaller of two: the last one may have come after a pause.
    long usualUs = stepBeforeUs[track] == NONE ? lastUs : Math.min(lastUs, stepBeforeUs[track]);
    return Math.clamp(usualUs, 1, LONGEST_US);
  }

  /** Stream time at which it all ends; {@code Long.MIN_VALUE} when there was no packet. */
  public long endUs() {
    long endUs = statedEndUs;
    for (int track = 0; track < Track.MAX_TRACKS; track++) {
      if (latestPtsUs[track] != NONE) {
        endUs = Math.max(endUs, latestPtsUs[track] + lengthUs(track));
      }
    }
    return endUs;
  }
}
