package dev.halcyon.verticles.preview;

import dev.halcyon.codecs.cut.ClipBytes;
import dev.halcyon.codecs.cut.LiveListing;
import dev.halcyon.codecs.cut.LivePart;
import dev.halcyon.codecs.cut.LiveSegment;
import dev.halcyon.codecs.cut.LiveSegments;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.stream.LiveStream;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One stream that is divided for all who watch it. Looking may wait for the disk under the ring.
 * Any thread; {@link LivePreviews} closes it.
 */
final class LivePreview implements AutoCloseable {
  /** A publisher that comes back so soon goes on with the same playlist. */
  private static final long ABSENT_LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

  private final LiveStream stream;
  private final LiveSegments segments;
  private final Clock clock;
  private volatile long askedNs;
  private volatile long liveNs;
  private volatile long longestPartUs = LiveSegments.PART_US;

  /**
   * What there is, and what players are told of it.
   *
   * @param longestPartUs no part was longer
   * @param hasEnded whether nothing follows
   */
  record Seen(LiveListing listing, long longestPartUs, boolean hasEnded) {}

  LivePreview(LiveStream stream, Clock clock) {
    this.stream = stream;
    this.clock = clock;
    this.askedNs = clock.nanoTime();
    this.liveNs = askedNs - ABSENT_LIMIT_NS;
    this.segments = LiveSegments.open(stream.ring());
  }

  void asked() {
    askedNs = clock.nanoTime();
  }

  boolean isForgotten(long keptNs) {
    return clock.nanoTime() - askedNs > keptNs;
  }

  Seen look() {
    long nowNs = clock.nanoTime();
    boolean isLive = stream.isLive();
    if (isLive) {
      liveNs = nowNs;
    }
    LiveListing listing = segments.look(!isLive);
    longestPartUs = Math.max(longestPartUs, longestOf(listing));
    return new Seen(listing, longestPartUs, !isLive && nowNs - liveNs >= ABSENT_LIMIT_NS);
  }

  /** Of what is new since the last look, or nearly so. */
  private static long longestOf(LiveListing listing) {
    int whole = listing.segments().size();
    return Stream.concat(
            listing.segments().subList(Math.max(0, whole - 2), whole).stream(),
            listing.open().stream())
        .map(LiveSegment::parts)
        .flatMap(parts -> parts.stream())
        .mapToLong(LivePart::lengthUs)
        .max()
        .orElse(0);
  }

  boolean hasPlayableTracks() {
    return segments.hasPlayableTracks();
  }

  Optional<Buffer> header(int number) {
    return segments.header(number).map(LivePreview::copy);
  }

  private static Buffer copy(ByteBuffer from) {
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    return Buffer.buffer(bytes);
  }

  Optional<ClipBytes> bytes(long number, int part) {
    return segments.bytes(number, part);
  }

  @Override
  public void close() {
    segments.close();
  }
}
