package dev.halcyon.codecs.mp4;

/**
 * What a decoder configuration states about a track's rate.
 *
 * @param bufferBytes the largest sample, at most 24 bits
 * @param maxBps over any second
 * @param averageBps over the track
 */
record Bitrate(int bufferBytes, long maxBps, long averageBps) {
  private static final int MAX_BUFFER_BYTES = 0xff_ffff;

  static Bitrate of(Mp4Track track) {
    SampleTable samples = track.samples();
    long windowTicks = 0;
    long windowBytes = 0;
    long maxWindowBytes = 0;
    int first = 0;
    for (int i = 0; i < samples.count(); i++) {
      windowTicks += samples.durationTicks(i);
      windowBytes += samples.sizeBytes(i);
      while (windowTicks > track.timescaleHz() && first < i) {
        windowTicks -= samples.durationTicks(first);
        windowBytes -= samples.sizeBytes(first++);
      }
      maxWindowBytes = Math.max(maxWindowBytes, windowBytes);
    }
    double seconds = Math.max(1, samples.totalTicks()) / (double) track.timescaleHz();
    long averageBps = (long) (samples.totalBytes() * 8 / seconds);
    long limitBps = 0xffff_ffffL;
    return new Bitrate(
        Math.min(samples.largestBytes(), MAX_BUFFER_BYTES),
        Math.min(limitBps, Math.max(maxWindowBytes * 8, Math.min(averageBps, limitBps))),
        Math.min(averageBps, limitBps));
  }
}
