package dev.halcyon.codecs.cut;

import java.util.List;

/**
 * What a playlist names as one segment.
 *
 * @param number one more than the segment's before; never that of another segment of the stream
 * @param header which of {@link LiveSegments#header}s it needs
 * @param isDiscontinuous whether it does not go on with what came before: time was lost, or the
 *     tracks or their coding changed
 * @param startUs stream time at which its first packet is decoded
 * @param wallUs wall clock of that, microseconds since 1970
 * @param parts in order; of the newest segment those that there are
 */
public record LiveSegment(
    long number,
    int header,
    boolean isDiscontinuous,
    long startUs,
    long wallUs,
    List<LivePart> parts) {
  public LiveSegment {
    parts = List.copyOf(parts);
  }

  public long lengthUs() {
    return parts.stream().mapToLong(LivePart::lengthUs).sum();
  }

  /** The place of its first payload in the ring. */
  long firstPosition() {
    return parts.stream().mapToLong(LivePart::firstPosition).min().orElse(Long.MAX_VALUE);
  }
}
