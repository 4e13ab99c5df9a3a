package dev.halcyon.codecs.cut;

import java.util.List;
import java.util.Optional;

/**
 * What there is of a stream, for a playlist.
 *
 * @param discontinuities how many lie before the first segment
 * @param segments whole ones, oldest first
 * @param open the one that grows, when it has a part
 * @param nextNumber what the open segment is called, or will be
 */
public record LiveListing(
    long discontinuities, List<LiveSegment> segments, Optional<LiveSegment> open, long nextNumber) {
  public LiveListing {
    segments = List.copyOf(segments);
  }

  /** Whether there is anything to play. */
  public boolean isEmpty() {
    return segments.isEmpty() && open.isEmpty();
  }

  /** Parts of the segment that grows. */
  public int openParts() {
    return open.map(segment -> segment.parts().size()).orElse(0);
  }

  /**
   * Whether a segment, or a part of it, is there; also when it was and is gone. A part behind the
   * last one of its segment stands for the first one of the next (rfc8216bis, 6.2.5.2).
   *
   * @param part counted from 0; −1 for the whole segment
   */
  public boolean has(long number, int part) {
    if (number < nextNumber) {
      int parts = segment(number).map(known -> known.parts().size()).orElse(Integer.MAX_VALUE);
      return part < parts || has(number + 1, 0);
    }
    return number == nextNumber && part >= 0 && part < openParts();
  }

  Optional<LiveSegment> segment(long number) {
    if (number == nextNumber) {
      return open;
    }
    long index = segments.isEmpty() ? -1 : number - segments.getFirst().number();
    return index >= 0 && index < segments.size()
        ? Optional.of(segments.get((int) index))
        : Optional.empty();
  }
}
