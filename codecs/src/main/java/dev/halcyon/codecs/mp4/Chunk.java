package dev.halcyon.codecs.mp4;

import java.util.ArrayList;
import java.util.List;

/**
 * A run of samples of one track that lie together in the file.
 *
 * @param track index into the tracks of the file
 * @param firstSample index of its first sample
 * @param sampleCount at least one
 * @param formatIndex the one format of its samples
 * @param offsetBytes from the start of the media data
 */
record Chunk(int track, int firstSample, int sampleCount, int formatIndex, long offsetBytes) {
  /** Players read ahead about a second: tracks alternate twice as often. */
  private static final long LENGTH_US = 500_000;

  /** Lays all samples out, the tracks interleaved by presentation time. */
  static List<Chunk> interleave(List<Mp4Track> tracks) {
    int[] next = new int[tracks.size()];
    long[] decodeTicks = new long[tracks.size()];
    List<Chunk> chunks = new ArrayList<>();
    long offsetBytes = 0;
    for (int at = earliest(tracks, next, decodeTicks);
        at >= 0;
        at = earliest(tracks, next, decodeTicks)) {
      Mp4Track track = tracks.get(at);
      SampleTable samples = track.samples();
      long limitTicks = decodeTicks[at] + LENGTH_US * track.timescaleHz() / 1_000_000;
      int first = next[at];
      int end = first;
      long startBytes = offsetBytes;
      do {
        offsetBytes += samples.sizeBytes(end);
        decodeTicks[at] += samples.durationTicks(end);
        end++;
      } while (end < samples.count()
          && decodeTicks[at] < limitTicks
          && samples.formatIndex(end) == samples.formatIndex(first));
      chunks.add(new Chunk(at, first, end - first, samples.formatIndex(first), startBytes));
      next[at] = end;
    }
    return chunks;
  }

  private static int earliest(List<Mp4Track> tracks, int[] next, long[] decodeTicks) {
    int earliest = -1;
    long earliestUs = Long.MAX_VALUE;
    for (int i = 0; i < next.length; i++) {
      boolean isDone = next[i] == tracks.get(i).samples().count();
      if (!isDone && tracks.get(i).movieUs(decodeTicks[i]) < earliestUs) {
        earliest = i;
        earliestUs = tracks.get(i).movieUs(decodeTicks[i]);
      }
    }
    return earliest;
  }
}
