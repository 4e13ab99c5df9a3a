package dev.halcyon.verticles.preview;

import dev.halcyon.codecs.cut.ClipBytes;
import dev.halcyon.codecs.cut.LiveListing;
import dev.halcyon.codecs.cut.LiveSegments;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.stream.LiveStream;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One stream that is divided for all who watch it. Looking may wait for the disk under the ring.
 * Any thread; {@link LivePreviews} closes it.
 */
final class LivePreview implements AutoCloseable {
  /** A publisher that comes back so soon goes on with the same playlist. */
  private static final long ABSENT_LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

  /** Records, in a helping of the threads that all viewers share. */
  private static final int AT_ONCE = 4_096;

  private final LiveStream stream;
  private final LiveSegments segments;
  private final Clock clock;
  private volatile long askedNs;
  private volatile long liveNs;
  private final String token;

  /**
   * What there is, and what players are told of it.
   *
   * @param token of the names of what it lists
   * @param hasEnded whether nothing follows
   */
  record Seen(LiveListing listing, String token, boolean hasEnded) {}

  LivePreview(LiveStream stream, Clock clock) {
    this.stream = stream;
    this.clock = clock;
    this.token = Long.toString(clock.wallUs() / 1_000, Character.MAX_RADIX);
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

  /**
   * Whether names with this token are of what it lists: not of what was listed before a restart.
   */
  boolean isNamed(String asked) {
    return token.equals(asked);
  }

  /** Empty while there is more to be read before: others have their turn then. */
  Optional<Seen> look() {
    return segments.readOn(AT_ONCE) ? Optional.of(seen()) : Optional.empty();
  }

  private Seen seen() {
    long nowNs = clock.nanoTime();
    boolean isLive = stream.isLive();
    if (isLive) {
      liveNs = nowNs;
    }
    LiveListing listing = segments.look(!isLive);
    return new Seen(listing, token, !isLive && nowNs - liveNs >= ABSENT_LIMIT_NS);
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
