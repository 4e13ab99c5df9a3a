package dev.halcyon.codecs.matroska;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Packets of all tracks that lie together in a file and share a time base.
 *
 * <pre>
 *   1F43B675 Cluster
 *   ├ E7 timestamp, ms
 *   ├ A3 SimpleBlock   track, i16 ms after the cluster's, flags | payload
 *   └ A0 BlockGroup    9B duration  FB reference  75A2 discard  A1 block | payload
 * </pre>
 *
 * A group puts its block last, so that every payload follows a head.
 *
 * @param timestampMs of the file
 * @param entries in the file's order
 */
record Cluster(long timestampMs, List<Entry> entries) {
  /** Players begin to read here after a seek: not much more than what they buffer. */
  private static final long LONGEST_MS = 5_000;

  private static final long LARGEST_BYTES = 4 << 20;

  private static final int KEYFRAME = 0x80;
  private static final int INVISIBLE = 0x08;

  /** The track's number in one byte, the time, the flags. */
  private static final int BLOCK_HEAD_BYTES = 4;

  /**
   * @param track index into the file's tracks
   * @param index into the track's blocks
   * @param sinceMs from the track's block before to this one
   */
  record Entry(int track, int index, MatroskaBlock block, long sinceMs) {}

  static long ms(long us) {
    return Math.floorDiv(us + 500, 1_000);
  }

  /** Lays all blocks out, the tracks interleaved by decoding time. */
  static List<Cluster> layOut(List<MatroskaTrack> tracks) {
    List<Cluster> clusters = new ArrayList<>();
    int[] next = new int[tracks.size()];
    long[] beforeMs = new long[tracks.size()];
    long sizeBytes = 0;
    for (int at = earliest(tracks, next); at >= 0; at = earliest(tracks, next)) {
      MatroskaTrack track = tracks.get(at);
      MatroskaBlock block = track.blocks().get(next[at]);
      long atMs = ms(block.ptsUs());
      boolean isFull =
          clusters.isEmpty()
              || sizeBytes > LARGEST_BYTES
              || Math.abs(atMs - clusters.getLast().timestampMs()) > LONGEST_MS;
      if (isFull || (track.isVideo() && block.kind().isKeyframe())) {
        clusters.add(new Cluster(atMs, new ArrayList<>()));
        sizeBytes = 0;
      }
      clusters.getLast().entries().add(new Entry(at, next[at], block, atMs - beforeMs[at]));
      beforeMs[at] = atMs;
      sizeBytes += block.sizeBytes();
      next[at]++;
    }
    return clusters;
  }

  private static int earliest(List<MatroskaTrack> tracks, int[] next) {
    int earliest = -1;
    long earliestUs = Long.MAX_VALUE;
    for (int i = 0; i < next.length; i++) {
      List<MatroskaBlock> blocks = tracks.get(i).blocks();
      if (next[i] < blocks.size() && blocks.get(next[i]).dtsUs() < earliestUs) {
        earliest = i;
        earliestUs = blocks.get(next[i]).dtsUs();
      }
    }
    return earliest;
  }

  /** Whether playing may begin with its first packet. */
  boolean isSeekable(boolean hasVideo) {
    Entry first = entries.getFirst();
    return !hasVideo || (first.track() == 0 && first.block().kind().isKeyframe());
  }

  long sizeBytes() {
    return head().remaining() + contentBytes();
  }

  private long contentBytes() {
    long sum = 0;
    for (Entry entry : entries) {
      sum += head(entry).remaining() + entry.block().sizeBytes();
    }
    return sum;
  }

  /** What comes before its blocks. */
  ByteBuffer head() {
    ByteBuffer timestamp = new EbmlWriter().unsigned(0xe7, timestampMs).toBuffer();
    return new EbmlWriter()
        .open(0x1f43b675, timestamp.remaining() + contentBytes())
        .unsigned(0xe7, timestampMs)
        .toBuffer();
  }

  /** What comes before a payload. */
  ByteBuffer head(Entry entry) {
    MatroskaBlock block = entry.block();
    boolean isGroup = block.durationUs() > 0 || block.discardUs() > 0;
    int flags =
        (block.kind().isHidden() ? INVISIBLE : 0)
            | (block.kind().isKeyframe() && !isGroup ? KEYFRAME : 0);
    EbmlWriter own = new EbmlWriter();
    own.id(isGroup ? 0xa1 : 0xa3).size(BLOCK_HEAD_BYTES + (long) block.sizeBytes());
    own.put(0x80 | (entry.track() + 1), 1).put(ms(block.ptsUs()) - timestampMs, 2).put(flags, 1);
    if (!isGroup) {
      return own.toBuffer();
    }
    EbmlWriter said = new EbmlWriter();
    if (block.durationUs() > 0) {
      said.unsigned(0x9b, Math.max(1, ms(block.durationUs())));
    }
    if (!block.kind().isKeyframe()) {
      said.signed(0xfb, -entry.sinceMs());
    }
    if (block.discardUs() > 0) {
      said.signed(0x75a2, block.discardUs() * 1_000);
    }
    long sizeBytes = (long) said.length() + own.length() + block.sizeBytes();
    ByteBuffer head = ByteBuffer.allocate(1 + 8 + said.length() + own.length());
    head.put(new EbmlWriter().id(0xa0).size(sizeBytes).toBuffer());
    return head.put(said.toBuffer()).put(own.toBuffer()).flip();
  }
}
