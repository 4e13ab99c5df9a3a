package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.fetch.Cancellation;
import dev.halcyon.verticles.ingest.pull.HlsPlaylist.Media;
import dev.halcyon.verticles.ingest.pull.HlsPlaylist.Segment;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * The segments of a media playlist one after the other, reloaded as RFC 8216 section 6.3.4 asks.
 * Begins with the newest segment of a live stream: a recorder needs no stock. One thread.
 */
final class HlsSegments {
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(200);

  /** Beyond three target durations. */
  private static final long PATIENCE_US = 20_000_000;

  private final SmallFetch fetch;
  private final URI uri;
  private final Cancellation cancellation;
  private final BiConsumer<String, String> alerts;
  private Media list;
  private long nextSequence;
  private boolean isRestarted;
  private long loadedNs = System.nanoTime();
  private long grownNs = loadedNs;
  private boolean hasGrown = true;

  /**
   * @param first the playlist as it was read first
   * @param alerts told a code and a sentence
   */
  HlsSegments(
      SmallFetch fetch,
      URI uri,
      Media first,
      Cancellation cancellation,
      BiConsumer<String, String> alerts) {
    this.fetch = fetch;
    this.uri = uri;
    this.list = first;
    this.cancellation = cancellation;
    this.alerts = alerts;
    this.nextSequence =
        first.isEnded()
            ? first.firstSequence()
            : Math.max(first.firstSequence(), first.endSequence() - 1);
  }

  boolean isLive() {
    return !list.isEnded();
  }

  /**
   * Waits for the next segment.
   *
   * @return empty when the playlist is at its end
   * @throws HalcyonException NETWORK_LOST when it has not grown for long; CANCELLED
   */
  Optional<Segment> next() {
    while (true) {
      if (nextSequence < list.firstSequence()) {
        alerts.accept(
            "PACKETS_LOST",
            (list.firstSequence() - nextSequence) + " segments were gone before they were read");
        nextSequence = list.firstSequence();
      }
      if (nextSequence < list.endSequence()) {
        return Optional.of(take());
      }
      if (list.isEnded()) {
        return Optional.empty();
      }
      reload();
    }
  }

  private Segment take() {
    Segment segment = list.segment(nextSequence);
    nextSequence++;
    if (!isRestarted) {
      return segment;
    }
    isRestarted = false;
    return new Segment(
        segment.sequence(),
        segment.part(),
        segment.durationUs(),
        true,
        segment.isGap(),
        segment.madeAtUs(),
        segment.key(),
        segment.head());
  }

  private void reload() {
    long waitUs = hasGrown ? list.targetUs() : list.targetUs() / 2;
    Duration left =
        Duration.ofNanos(loadedNs + TimeUnit.MICROSECONDS.toNanos(waitUs) - System.nanoTime());
    cancellation.await(left.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : left);
    loadedNs = System.nanoTime();
    SmallFetch.Text text = fetch.text(uri);
    if (!(HlsParser.parse(text.text(), text.uri()) instanceof Media now)) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "the playlist became one of playlists");
    }
    hasGrown = now.endSequence() != list.endSequence() || now.isEnded();
    if (now.endSequence() < nextSequence) {
      // The server began anew.
      nextSequence = Math.max(now.firstSequence(), now.endSequence() - 1);
      isRestarted = true;
    }
    list = now;
    if (hasGrown) {
      grownNs = loadedNs;
    }
    requireGrowing();
  }

  private void requireGrowing() {
    long silentUs = TimeUnit.NANOSECONDS.toMicros(loadedNs - grownNs);
    if (silentUs > 3 * list.targetUs() + PATIENCE_US) {
      throw new HalcyonException(
          ErrorCode.NETWORK_LOST, "the playlist has not grown for " + silentUs / 1_000_000 + " s");
    }
  }
}
