package dev.halcyon.verticles.ingest.pull;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** An HLS playlist (RFC 8216, and its second edition as far as whole segments go). Immutable. */
sealed interface HlsPlaylist {
  /** Names one playlist for each of several bitrates. */
  record Master(List<Variant> variants) implements HlsPlaylist {
    public Master {
      variants = List.copyOf(variants);
    }

    /**
     * The best within limits; the least of all when none is.
     *
     * @param maxHeightPx a variant that does not tell its height is judged by its bitrate alone
     */
    Variant best(int maxHeightPx, long maxBitrateBps) {
      return variants.stream()
          .filter(variant -> variant.heightPx() <= maxHeightPx)
          .filter(variant -> variant.bitrateBps() <= maxBitrateBps)
          .max((one, other) -> Long.compare(one.bitrateBps(), other.bitrateBps()))
          .orElseGet(
              () ->
                  variants.stream()
                      .min((one, other) -> Long.compare(one.bitrateBps(), other.bitrateBps()))
                      .orElseThrow());
    }
  }

  /**
   * @param heightPx 0 when it does not say
   * @param isSoundApart whether its sound is in another playlist
   */
  record Variant(URI uri, long bitrateBps, int heightPx, boolean isSoundApart) {}

  /**
   * Names segments.
   *
   * @param firstSequence of the first segment
   * @param isEnded whether nothing will be added
   */
  record Media(long targetUs, long firstSequence, List<Segment> segments, boolean isEnded)
      implements HlsPlaylist {
    public Media {
      segments = List.copyOf(segments);
    }

    long endSequence() {
      return firstSequence + segments.size();
    }

    /** The segment of a number that the playlist has. */
    Segment segment(long sequence) {
      return segments.get((int) (sequence - firstSequence));
    }
  }

  /**
   * @param isDiscontinuity whether its time or coding has nothing to do with those before
   * @param isGap whether the server says itself that it is missing
   * @param madeAtUs wall clock of its first picture
   * @param head what must precede it: the initialization of fragmented MP4
   */
  record Segment(
      long sequence,
      Part part,
      long durationUs,
      boolean isDiscontinuity,
      boolean isGap,
      OptionalLong madeAtUs,
      Optional<SegmentKey> key,
      Optional<Part> head) {}

  /**
   * A resource, or a range of one.
   *
   * @param lengthBytes −1 for all of it
   */
  record Part(URI uri, long fromByte, long lengthBytes) {
    static final long ALL = -1;
  }

  /** AES-128 in CBC mode; without an IV the segment's number is it. */
  record SegmentKey(URI uri, Optional<byte[]> iv) {}
}
