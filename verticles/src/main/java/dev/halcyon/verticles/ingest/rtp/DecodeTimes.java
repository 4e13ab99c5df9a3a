package dev.halcyon.verticles.ingest.rtp;

import java.util.Arrays;

/**
 * Derives the dts that RTP does not carry: with at most d pictures between decoding and output, the
 * n-th picture is decoded no later than the (n − d)-th is shown. So its dts is the smallest of the
 * d + 1 latest pts so far. Before the first d pictures have come, it goes back from the first pts.
 * One thread.
 */
final class DecodeTimes {
  private static final int MAX_DEPTH = 16;

  /** Where the source does not say: 25 pictures a second. Only the very first dts depend on it. */
  private static final long USUAL_PICTURE_US = 40_000;

  /** The depth + 1 latest pts, ascending. */
  private long[] latestUs;

  private int depth;
  private long pictureUs = USUAL_PICTURE_US;
  private long lastDtsUs = Long.MIN_VALUE;
  private long surprises;

  /**
   * Learns how far pictures are reordered. Once pictures have come it only ever grows: dts go on.
   *
   * @param statedPictureUs 0 when not stated
   */
  void learn(int reorderPictures, long statedPictureUs) {
    if (statedPictureUs > 0) {
      pictureUs = statedPictureUs;
    }
    int stated = Math.clamp(reorderPictures, 0, MAX_DEPTH);
    if (latestUs == null) {
      depth = stated;
    } else if (stated > depth) {
      deepenTo(stated);
    }
  }

  /**
   * The dts of the next picture in decoding order: above the one before, and never above its pts
   * unless that lies below the last dts.
   */
  long next(long ptsUs) {
    if (latestUs == null) {
      latestUs = new long[depth + 1];
      for (int i = 0; i <= depth; i++) {
        latestUs[i] = ptsUs - (depth - i) * pictureUs;
      }
    } else {
      insert(ptsUs);
    }
    long dtsUs = Math.max(latestUs[0], lastDtsUs + 1);
    if (dtsUs > ptsUs) {
      surprises++;
      deepenTo(Math.min(depth + 1, MAX_DEPTH));
    }
    lastDtsUs = dtsUs;
    return dtsUs;
  }

  private void insert(long ptsUs) {
    int at = 0;
    while (at < depth && latestUs[at + 1] < ptsUs) {
      latestUs[at] = latestUs[at + 1];
      at++;
    }
    latestUs[at] = ptsUs;
  }

  private void deepenTo(int deeper) {
    long[] deepened = new long[deeper + 1];
    int added = deeper - depth;
    Arrays.fill(deepened, 0, added, latestUs[0]);
    System.arraycopy(latestUs, 0, deepened, added, depth + 1);
    latestUs = deepened;
    depth = deeper;
  }

  /** Pictures that came out of order by more than was stated. */
  long surprises() {
    return surprises;
  }
}
