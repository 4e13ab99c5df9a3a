package dev.halcyon.codecs.render;

import dev.halcyon.core.render.RenderChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hands chunks to workers so that each goes forward through a stretch of the source of its own, and
 * decodes it once. A worker that is done takes the later half of the longest stretch that is left.
 * Any thread.
 */
final class ChunkQueue {
  private final List<RenderChunk> chunks;

  /** Of each worker: its next chunk, and the first that is not its. */
  private final int[] next;

  private final int[] end;

  /**
   * @param chunks in order of time
   */
  ChunkQueue(List<RenderChunk> chunks, int workers) {
    this.chunks = new ArrayList<>(chunks);
    next = new int[workers];
    end = new int[workers];
    for (int i = 0; i < workers; i++) {
      next[i] = chunks.size() * i / workers;
      end[i] = chunks.size() * (i + 1) / workers;
    }
  }

  synchronized Optional<RenderChunk> next(int worker) {
    if (next[worker] == end[worker]) {
      steal(worker);
    }
    return next[worker] == end[worker] ? Optional.empty() : Optional.of(chunks.get(next[worker]++));
  }

  private void steal(int worker) {
    int longest = worker;
    for (int i = 0; i < next.length; i++) {
      if (end[i] - next[i] > end[longest] - next[longest]) {
        longest = i;
      }
    }
    int middle = (next[longest] + end[longest]) / 2;
    if (longest != worker) {
      next[worker] = middle;
      end[worker] = end[longest];
      end[longest] = middle;
    }
  }
}
