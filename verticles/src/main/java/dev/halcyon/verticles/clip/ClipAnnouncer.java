package dev.halcyon.verticles.clip;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.event.StreamEvent;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.clip.ClipRows.Outcome;
import dev.halcyon.verticles.ops.Metrics;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.StreamStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the database and the bus what becomes of clips, and takes back the files of those that were
 * deleted or cannot be kept. Any thread.
 */
final class ClipAnnouncer {
  private static final Logger log = LoggerFactory.getLogger(ClipAnnouncer.class);

  private final Vertx vertx;
  private final Bus bus;
  private final StreamStore streams;
  private final ClipStore clips;
  private final ClipRows rows;
  private final BlobStore blobs;
  private final Metrics metrics;
  private final Clock clock;

  /** The streams of clips that are neither announced nor failed, by the clips' ids. */
  private final Map<UUID, UUID> unsealed = new ConcurrentHashMap<>();

  ClipAnnouncer(
      Vertx vertx,
      StreamStore streams,
      ClipStore clips,
      BlobStore blobs,
      Metrics metrics,
      Clock clock) {
    this.vertx = vertx;
    this.bus = Bus.of(vertx);
    this.streams = streams;
    this.clips = clips;
    this.rows = new ClipRows(vertx, clips);
    this.blobs = blobs;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Ends when the clip can be found in the store, or without it should the database be away. */
  Future<Clip> opened(Clip clip) {
    resumed(clip);
    Future<Outcome> written = rows.write(clip);
    bus.publish(
        Addresses.STREAM_EVENT,
        new StreamEvent.ClipOpened(clip.workspaceId(), clip.streamId(), Instant.now(), clip));
    return rows.soon(written).map(clip);
  }

  /** A clip that an earlier run of the node opened is waited for like those of this one. */
  void resumed(Clip clip) {
    unsealed.put(clip.id(), clip.streamId());
  }

  /**
   * @param open the clip before it was sealed: what fails should it not be kept
   * @param closedNs when its window closed
   * @param triggerArrivalUs wall clock at which the media that caused it arrived, or 0
   * @return whether the database keeps it; never fails
   */
  Future<Outcome> sealed(Clip open, Clip sealed, long closedNs, long triggerArrivalUs) {
    Future<Outcome> kept = rows.write(sealed);
    rows.soon(kept)
        .onSuccess(
            outcome -> {
              switch (outcome) {
                case Outcome.Written(Clip stored) -> ready(stored, closedNs, triggerArrivalUs);
                case Outcome.Waiting() -> ready(sealed, closedNs, triggerArrivalUs);
                case Outcome.Hidden(), Outcome.Gone(), Outcome.Refused() -> {}
              }
            });
    return kept.onSuccess(outcome -> settle(open, outcome));
  }

  /** What is not announced is not waited for either, and what is not kept leaves no files. */
  private void settle(Clip open, Outcome outcome) {
    switch (outcome) {
      case Outcome.Written(Clip stored) -> {}
      case Outcome.Waiting() -> {}
      case Outcome.Hidden() -> unsealed.remove(open.id());
      case Outcome.Gone() -> {
        unsealed.remove(open.id());
        discard(open);
      }
      case Outcome.Refused() -> {
        discard(open);
        failed(open, "the clip could not be kept");
      }
    }
  }

  private void ready(Clip sealed, long closedNs, long triggerArrivalUs) {
    bus.publish(
        Addresses.STREAM_EVENT,
        new StreamEvent.ClipReady(sealed.workspaceId(), sealed.streamId(), Instant.now(), sealed));
    unsealed.remove(sealed.id());
    streams
        .countClip(sealed.streamId())
        .onFailure(failure -> log.warn("clip not counted: {}", failure.getMessage()));
    metrics.clipAnnounced(clock.nanoTime() - closedNs);
    if (triggerArrivalUs > 0) {
      metrics.endToEnd(clock.wallUs() - triggerArrivalUs);
    }
  }

  /**
   * Follows a poster that is being made: one of a clip that is gone is taken back, and one that
   * cannot be made is not promised any longer.
   *
   * @param withoutPoster the sealed clip as it is then
   */
  void poster(Future<Void> made, Future<Outcome> kept, Clip withoutPoster) {
    made.onSuccess(
            done ->
                kept.compose(outcome -> clips.isKept(withoutPoster.id()))
                    .onSuccess(isKept -> discardUnless(isKept, withoutPoster)))
        .onFailure(
            failure -> {
              log.warn("no poster [clip={}]", withoutPoster.id(), failure);
              kept.onSuccess(
                  outcome -> {
                    if (outcome.isKept()) {
                      rows.write(withoutPoster);
                    }
                  });
            });
  }

  private void discardUnless(boolean isKept, Clip clip) {
    if (!isKept) {
      discard(clip);
    }
  }

  private void discard(Clip clip) {
    Callable<Void> deletion =
        () -> {
          blobs.deleteClip(clip.workspaceId(), clip.id());
          return null;
        };
    vertx
        .executeBlocking(deletion, false)
        .onFailure(failure -> log.warn("files stay [clip={}]", clip.id(), failure));
  }

  void failed(Clip clip, String why) {
    Clip failed = clip.failed(why);
    rows.soon(rows.write(failed))
        .onSuccess(
            outcome -> {
              switch (outcome) {
                case Outcome.Written(Clip stored) -> tellFailed(stored);
                case Outcome.Waiting(), Outcome.Refused() -> tellFailed(failed);
                case Outcome.Hidden(), Outcome.Gone() -> {}
              }
              unsealed.remove(failed.id());
            });
  }

  private void tellFailed(Clip failed) {
    bus.publish(
        Addresses.STREAM_EVENT,
        new StreamEvent.ClipFailed(failed.workspaceId(), failed.streamId(), Instant.now(), failed));
    metrics.clipFailed();
  }

  /** Whether every clip is announced or failed, and written. */
  boolean isDrained() {
    return unsealed.isEmpty() && rows.pending() == 0;
  }

  /** Whether every clip of one stream is announced or failed. */
  boolean isDrained(UUID streamId) {
    return !unsealed.containsValue(streamId);
  }
}
