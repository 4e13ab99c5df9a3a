package dev.halcyon.verticles.stream;

import dev.halcyon.core.media.Track;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What a stream's ingest does right now. Written by the one thread that appends, read by any; a
 * reader sees each figure whole, not all of one instant.
 */
public final class IngestMeter {
  /** No packet yet. */
  public static final long NO_TIME = Long.MIN_VALUE;

  private static final long WINDOW_US = 2_000_000;

  private final AtomicLongArray lastDtsUs = new AtomicLongArray(Track.MAX_TRACKS);
  private volatile long lastArrivalUs = NO_TIME;
  private volatile long endUs;
  private volatile long bitrateBps;
  private volatile double fps;

  private long windowStartUs = NO_TIME;
  private long windowBytes;
  private int windowPictures;

  IngestMeter() {
    forgetTracks();
  }

  /** A new epoch: no track has given anything yet. */
  void forgetTracks() {
    for (int track = 0; track < lastDtsUs.length(); track++) {
      lastDtsUs.setOpaque(track, NO_TIME);
    }
  }

  void onPacket(int track, boolean isVideo, long dtsUs, int lengthBytes, long arrivalWallUs) {
    lastDtsUs.setRelease(track, dtsUs);
    lastArrivalUs = arrivalWallUs;
    if (windowStartUs == NO_TIME) {
      windowStartUs = arrivalWallUs;
    }
    windowBytes += lengthBytes;
    windowPictures += isVideo ? 1 : 0;
    long lengthUs = arrivalWallUs - windowStartUs;
    if (lengthUs >= WINDOW_US || lengthUs < 0) {
      bitrateBps = lengthUs > 0 ? windowBytes * 8_000_000 / lengthUs : 0;
      fps = lengthUs > 0 ? windowPictures * 1e6 / lengthUs : 0;
      windowStartUs = arrivalWallUs;
      windowBytes = 0;
      windowPictures = 0;
    }
  }

  void onEnd(long untilUs) {
    endUs = untilUs;
  }

  /** What a recovered ring tells of the past. */
  void resume(long untilUs, long arrivalWallUs) {
    endUs = untilUs;
    lastArrivalUs = arrivalWallUs;
  }

  void onSilence() {
    bitrateBps = 0;
    fps = 0;
    windowStartUs = NO_TIME;
    windowBytes = 0;
    windowPictures = 0;
  }

  /** Stream time of the track's newest packet; {@link #NO_TIME} when it gave none. */
  public long lastDtsUs(int track) {
    return lastDtsUs.getAcquire(track);
  }

  /** Wall clock of the newest packet; {@link #NO_TIME} when none ever came. */
  public long lastArrivalUs() {
    return lastArrivalUs;
  }

  /** Stream time at which what arrived ends. */
  public long endUs() {
    return endUs;
  }

  public long bitrateBps() {
    return bitrateBps;
  }

  public double fps() {
    return fps;
  }
}
